// Frames of this page, of its own origin: the agent waits in the first, empty document of a frame, whose global object the
// page that follows gets; it starts when that first reaches for WebAssembly. In others it starts late.

import { guard } from "../faults";
import { apply, define, describe, frameWindow, listen, NativeObserveDom, NativeProxy, NativeWeakMap, queueMicro, root, unlisten } from "../pristine";
import { shared } from "../state";
import { agentText, left } from "./text";

export type Realm = Window & typeof globalThis & Record<string, unknown>;

let observer: MutationObserver | undefined;

/** The frame's global object, where we may look into it and no agent is there. */
function reach(frame: HTMLIFrameElement): Realm | undefined {
  const realm = frameWindow(frame) as Realm | null | undefined;
  try {
    if (!realm || "gopherscope" in realm || !realm.document) return undefined;
  } catch {
    return undefined;
  }
  return realm;
}

/** What starts the agent in a frame, `given` this to know; the frame's policy may forbid that, by a throw. */
export function prepare(realm: Realm, given: () => object = left): () => void {
  const install = (realm.eval as (text: string) => () => void)(`(function(){${agentText()}})`);
  return () => {
    realm.__gopherscope = given();
    install();
  };
}

/** What stands in place of `WebAssembly` until then, and what that was. */
const waiting = new NativeWeakMap<object, PropertyDescriptor>();

/** Has the agent begin in a realm whose page has yet to come, once that reaches for WebAssembly, or by a call of what this
 *  gives. */
export function waitIn(realm: Realm, begin: () => void): () => void {
  const before = describe(realm, "WebAssembly")!;
  const put = (value: unknown) => define(realm, "WebAssembly", { ...before, value });
  const start = () => {
    put(before.value);
    guard("frame", begin);
  };
  const get = () => (start(), realm.WebAssembly);
  waiting.set(get, before);
  define(realm, "WebAssembly", {
    configurable: true,
    enumerable: false,
    get,
    set: (value) => (start(), put(value)),
  });
  return start;
}

/** Whether a frame's page has come: what is in it may run already. */
const isThere = ({ location, document }: Realm): boolean =>
  location.href === "about:blank" ? (document.body?.childElementCount ?? 0) > 0 : document.readyState !== "loading";

/** Leaves the agent in a frame whose page has yet to come; in one that is there it begins. */
function plant(frame: HTMLIFrameElement): void {
  const realm = shared.uninstalled ? undefined : reach(frame);
  if (!realm) return;
  const before = describe(realm, "WebAssembly");
  if (!before?.configurable || !("value" in before)) return;
  const begin = prepare(realm);
  const start = waitIn(realm, () => shared.uninstalled || begin());
  if (isThere(realm)) start();
}

/** A frame has loaded: the agent comes late where it could not wait. */
function loaded({ target }: Event): void {
  if ((target as Element)?.localName === "iframe") each([target as Element]);
}

const each = (frames: ArrayLike<Element>, act = plant) => {
  for (let i = 0; i < frames.length; i++) guard("frame", () => act(frames[i] as HTMLIFrameElement));
};

/** Frames of the page's HTML while that is read; after that those whose address a script sets. */
export function watchFrames(): void {
  if (!NativeObserveDom) return;
  const all = document.getElementsByTagName("iframe");
  observer = new NativeObserveDom(() => each(all));
  observer.observe(document, { childList: true, subtree: true });
  each(all);
  listen("load", watched);
  document.addEventListener("load", loaded, true);
  for (const key of ["src", "srcdoc"]) watchSetter(key);
}

function watched(): void {
  observer?.disconnect();
}

const undo: (() => void)[] = [];

function watchSetter(key: string): void {
  const owner = HTMLIFrameElement.prototype;
  const before = describe(owner, key);
  const native = before?.set;
  if (!before?.configurable || !native) return;
  const set = new NativeProxy(native, {
    apply(_, self: HTMLIFrameElement, args: [string]) {
      apply(native, self, args);
      guard("frame", () => queueMicro(() => each([self])));
    },
  });
  define(owner, key, { ...before, set });
  undo[undo.length] = () => describe(owner, key)?.set === set && define(owner, key, before);
}

export function leaveFrames(): void {
  observer?.disconnect();
  if (!NativeObserveDom) return;
  unlisten("load", watched);
  document.removeEventListener("load", loaded, true);
  for (const act of undo.splice(0)) act();
  each(document.getElementsByTagName("iframe"), (frame) => {
    const realm = reach(frame);
    const before = realm && waiting.get(describe(realm, "WebAssembly")?.get as object);
    if (before) define(realm, "WebAssembly", before);
  });
}

/** Whether the page around this frame has an agent, of our origin. */
export function parentPage(): Window | undefined {
  try {
    const { parent } = root as unknown as Window;
    return (parent as unknown) !== root && "gopherscope" in parent ? parent : undefined;
  } catch {
    return undefined;
  }
}
