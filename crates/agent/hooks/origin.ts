// Where this script comes from, and so where the viewer is served: what its tag says, or, for code that runs without one
// (a bookmarklet, a frame, a worker), what whoever runs it has left for us.

import { describe, inWindow, root } from "./pristine";
import type { Again } from "./reload";

/** `globalThis.__gopherscope`, put there just before the script runs, and gone once it has read it. */
interface Left {
  /** The folder that holds `agent.js`, absolute; none: no viewer of the site's own. */
  site?: unknown;
  /** As `data-ui`. */
  ui?: unknown;
  /** Whoever runs it listens for its hello. */
  parent?: unknown;
  /** The script's own URL, where a blob of ours took its place. */
  base?: unknown;
  /** As `data-autostart`, `data-runtime-traces`. */
  autostart?: unknown;
  runtimeTraces?: unknown;
  /** Opens this page anew, with the agent in it: it is in a frame of ours. */
  again?: Again;
}

export interface Origin {
  /** The tag's attributes. */
  data: DOMStringMap | undefined;
  site: string | undefined;
  ui: string;
  left: Left | undefined;
}

const LEFT = "__gopherscope";

function takeLeft(): Left | undefined {
  const left = describe(root, LEFT);
  if (!left?.configurable || typeof left.value !== "object" || left.value === null) return undefined;
  delete (root as Record<string, unknown>)[LEFT];
  return left.value as Left;
}

/** Read once, as the script runs. */
export function readOrigin(): Origin {
  const left = takeLeft();
  const script = inWindow ? (document.currentScript as HTMLScriptElement | null) : null;
  const data = script?.dataset;
  if (left) return { data, site: typeof left.site === "string" ? left.site : undefined, ui: String(left.ui ?? "overlay"), left };
  return { data, site: script?.src ? new URL(".", script.src).href : undefined, ui: script ? (data?.ui ?? "overlay") : "none", left };
}
