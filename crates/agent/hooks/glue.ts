// What is known of Go's glue, lib/wasm/wasm_exec.js of Go 1.21-1.27: which import does what, and where its arguments
// lie. `sp` is the only argument of each; 8-byte slots follow it.

import { createWith } from "./pristine";

export type Import = (...args: never[]) => unknown;
export type GoImport = (sp: number) => void;

/** Imports that name a member: its name lies at words 4 (pointer) and 6 (length). */
export const NAMED = /^syscall\/js\.value(Get|Set|Delete|Call)$/;
/** May run Go again, and so move the goroutine's stack. */
export const REENTRANT = /^syscall\/js\.value(Get|Set|Delete|Call|Invoke|New|Index|SetIndex|InstanceOf|Length)$/;
/** Go 1.21 and 1.22 crash when these are slow. */
export const HASTY = /TimeoutEvent$/;

/** Where the number of bytes stands, in words from `sp`, and for copies where the glue says that it did copy. */
export const BYTES: Record<string, { at: number; after: boolean; ok?: number; to?: "go" | "js" }> = createWith(null);
BYTES["syscall/js.stringVal"] = { at: 4, after: false, to: "js" };
BYTES["syscall/js.valueLoadString"] = { at: 6, after: false, to: "go" };
BYTES["syscall/js.valuePrepareString"] = { at: 6, after: true };
BYTES["syscall/js.copyBytesToGo"] = { at: 10, after: true, ok: 12, to: "go" };
BYTES["syscall/js.copyBytesToJS"] = { at: 10, after: true, ok: 12, to: "js" };

/** Imports that read or write an element: the array's reference lies at words 2, its index at 4, the element from 6 on. */
export const ELEMENTS: Record<string, number> = createWith(null);
ELEMENTS["syscall/js.valueIndex"] = 0;
ELEMENTS["syscall/js.valueSetIndex"] = 1;

/** Values that the glue itself holds: NaN, 0, null, true, false, the global object, its own. */
export const OWN_VALUES = 7;
/** Reference of the glue's own object. */
const GO_REF = 6;

export interface Go {
  exited?: boolean;
  _inst?: unknown;
  _pendingEvent?: unknown;
  _values?: unknown[];
  _idPool?: unknown[];
  _goRefCounts?: number[];
}

/** The page's `Go` object, once seen. */
export class Glue {
  private go: Go | undefined;

  /** Whether a crossing of `name` that passes `ref` first shows the object. */
  shows(name: string, ref: number): boolean {
    return this.go === undefined && ref === GO_REF && (name === "syscall/js.valueGet" || name === "syscall/js.valueCall");
  }

  /** `f`, watched: the object is what `Reflect.get` reads from when Go gets a member of it. */
  watch<A extends unknown[], T>(f: (...args: A) => T): (...args: A) => T {
    return (...args) => {
      const before = Reflect.get;
      let mine: typeof Reflect.get | undefined;
      try {
        mine = Reflect.get = (target: object, key: PropertyKey, ...rest: [unknown?]) => {
          this.go = target as Go;
          return (before as (...args: unknown[]) => unknown)(target, key, ...rest) as never;
        };
      } catch {
        // A frozen Reflect: we do without the object.
      }
      try {
        return f(...args);
      } finally {
        if (mine && Reflect.get === mine) Reflect.get = before;
      }
    };
  }

  /** The object, found by other means. */
  found(go: Go): void {
    this.go = go;
  }

  /** Whether the object says that its program is over. */
  get exited(): boolean {
    return this.go?.exited === true;
  }

  /** Whether Go is about to be run for a JS event. */
  get hasEvent(): boolean {
    return Boolean(this.go?._pendingEvent);
  }

  /** Whether the object has been seen. */
  get known(): boolean {
    return this.go !== undefined;
  }

  /** The values Go holds, by reference, and how often it does each. */
  get values(): readonly unknown[] | undefined {
    return this.go?._values;
  }

  get counts(): readonly number[] | undefined {
    return this.go?._goRefCounts;
  }

  /** Live JS values the program holds, NaN unknown. */
  get jsRefs(): number {
    const values = this.go?._values;
    const pool = this.go?._idPool;
    return values && pool ? values.length - OWN_VALUES - pool.length : NaN;
  }

  /** Lets go of the object. */
  release(): void {
    this.go = undefined;
  }
}
