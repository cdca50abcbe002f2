// Go programs that run already: looked for once, without running any Go, and waited for after that. An idle program does
// nothing until its glue asks its instance for `exports`.

import { guard } from "../faults";
import type { Go } from "../glue";
import { ModuleRecord } from "../modules";
import { replaceGetter } from "../patch";
import { apply, define, describe, exportsOf, inWindow, keysOf, NativeInstance, prototypeOf, root, setAfter } from "../pristine";
import { afterRun, Program } from "../program";
import { onRecorder, recorder, recording, startRecorder } from "../recorder";
import { attached, own, shared } from "../state";

/** Globals looked into, functions tried, elements asked. */
const MOST_GLOBALS = 5000;
const MOST_INNER = 200;
const MOST_HANDLERS = 30_000;
/** A function that `js.FuncOf` made, as the glue writes it or a minifier. */
const FUNC_OF = /^function[^{]*\{[^]*\bthis\b[^]*\barguments\b[^]*_pendingEvent[^]*_resume\b/;
const MOST_SOURCE = 400;

declare const go: unknown;
declare const Go: unknown;

const isGo = (exports: Record<string, unknown>): boolean =>
  typeof exports.run === "function" && typeof exports.resume === "function" && typeof exports.getsp === "function" && "mem" in exports;

/** Attaches to an instance if it is a Go program's that nobody watches. */
function consider(instance: object, object?: Go): void {
  if (attached.has(instance) || shared.uninstalled) return;
  attached.add(instance);
  const exports = guard("exports", () => exportsOf(instance as WebAssembly.Instance));
  if (!exports || !isGo(exports)) return;
  // What has not run yet was linked on its way past us: before we came, if the page had loaded by then. Else the page took care
  // that we do not see it, or we failed: it is left alone.
  if (!shared.loaded && (exports.getsp as () => number)() === 0) return;
  guard("late", () => {
    shared.goSeen = true;
    if (!recording() || recorder.programs() === 0) shared.late = true;
    if (!startRecorder()) return;
    onRecorder.greet();
    const record = new ModuleRecord();
    const program = new Program(record.identify());
    program.attachLate(instance as WebAssembly.Instance, object);
    record.late(program.instance);
    for (const call of afterRun) call();
  });
}

/** Data properties only: a getter of the page's own might do anything. */
const valueOf = (owner: object, key: string): unknown => guard("look", () => describe(owner, key)?.value);

const isGlue = (it: unknown): it is Go =>
  typeof it === "object" && it !== null && describe(it, "_inst") !== undefined && describe(it, "_values") !== undefined;

const isFuncOf = (it: unknown): it is () => void => {
  if (typeof it !== "function") return false;
  const source = guard("look", () => apply(Function.prototype.toString, it, []) as string) ?? "";
  return source.length < MOST_SOURCE && FUNC_OF.test(source);
};

/** What the search has met. */
class Search {
  private readonly funcs: (() => void)[] = [];

  /** A value that may be a program's glue, or a function of one. */
  look(it: unknown): void {
    if (isGlue(it)) this.found(it);
    else if (this.funcs.length < 8 && isFuncOf(it)) this.funcs.push(it);
  }

  private found(object: Go): void {
    shared.goSeen = true;
    const instance = valueOf(object, "_inst");
    if (instance instanceof NativeInstance) consider(instance, object);
  }

  /** Globals, and what lies one level below those of the page. */
  globals(): void {
    // Declared by `let` or `const` in a classic script: no property of the global object.
    if (typeof go !== "undefined") this.look(go);
    for (const key of keysOf(root).slice(0, MOST_GLOBALS)) {
      const value = valueOf(root, key);
      // A window of another origin tells nothing, a revoked proxy neither.
      try {
        this.look(value);
        if (typeof value !== "object" || value === null || prototypeOf(value) !== Object.prototype) continue;
        for (const inner of keysOf(value).slice(0, MOST_INNER)) this.look(valueOf(value, inner));
      } catch {}
    }
  }

  /** Handlers that Go has put on elements. */
  elements(): void {
    if (typeof document === "undefined") return;
    const all = document.getElementsByTagName("*");
    const targets: object[] = [root, document];
    for (let i = 0; i < all.length && i < MOST_HANDLERS; i++) targets.push(all[i]);
    const keys = ["onclick", "oninput", "onchange", "onkeydown"];
    for (const key in HTMLElement.prototype) if (key.startsWith("on")) keys.push(key);
    let reads = 0;
    for (const key of keys)
      for (const target of targets) {
        if (++reads > MOST_HANDLERS) return;
        const handler = (target as Record<string, unknown>)[key];
        if (handler) this.look(handler);
      }
  }

  /** Asks a function of Go's for its program: its call is caught before any Go runs. */
  functions(): void {
    const prototype = typeof Go === "function" ? (Go.prototype as { _resume?: () => void }) : undefined;
    const before = prototype && describe(prototype, "_resume");
    if (this.funcs.length > 0) shared.goSeen = true;
    if (!before?.configurable) return;
    for (const func of this.funcs) {
      let object: (Go & { _pendingEvent?: unknown }) | undefined;
      define(prototype, "_resume", { ...before, value(this: Go) { object = this; } });
      try {
        guard("look", () => func());
      } finally {
        define(prototype, "_resume", before);
      }
      if (!object) continue;
      object._pendingEvent = null;
      this.found(object);
    }
  }
}

/** Waits for glue that asks its instance for `exports`: a program that nobody could find does so when it next runs. */
function watchInstances(): void {
  replaceGetter(NativeInstance.prototype, "exports", (native: () => unknown) => ({
    exports(this: object): unknown {
      // Of what is no instance the engine's getter throws, as it would without us.
      const exports = apply(native, this, []) as unknown;
      if (attached.has(this)) return exports;
      consider(this);
      return describe(this, "exports")?.value ?? exports;
    },
  }).exports);
}

/** Whether scripts of the page may have run before us; asked while ours runs. */
export const mayBeLate = (): boolean =>
  inWindow && (document.readyState !== "loading" || document.scripts[0] !== document.currentScript);

/** Attaches to programs that run, soon, and to those that cannot be found once they show that they do. */
export function attachLate(): void {
  shared.loaded = document.readyState !== "loading";
  watchInstances();
  setAfter(() => void guard("late", look), 0);
}

function look(): void {
  if (shared.uninstalled) return;
  const search = new Search();
  shared.goSeen ||= typeof Go === "function";
  own(() => {
    guard("look", () => search.globals());
    guard("look", () => search.elements());
    guard("look", () => search.functions());
  });
}
