// The agent's own text, for realms that this one makes: whatever brought it here, a function knows its source.

import { NativeBlob } from "../pristine";
import { shared, State } from "../state";

/** The function that all of this is in; see `crates/xtask/src/build/agent.rs`. */
declare function __agent(): void;

let whole: string | undefined;
let blob: Blob | undefined;

/** A script that is the agent. */
export const agentText = (): string => (whole ??= `(${__agent})();`);

/** The same; its bytes exist once. */
export const agentBlob = (): Blob => (blob ??= new NativeBlob([agentText()]));

/** What the agent there is to know; see `origin.ts`. */
export function left(base?: string): object {
  const { state, runtimeTraces } = shared;
  return { ui: "none", parent: true, base, autostart: state === State.Recording, runtimeTraces };
}

/** A script that leaves it, for `agentText` right after. */
export const leaving = (base?: string): string => `self.__gopherscope=${JSON.stringify(left(base))};`;
