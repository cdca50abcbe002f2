// Crossings of a program whose imports were linked before we came. Its glue asks an exports object of ours for memory and
// the stack pointer; Go's return address there tells which import it is. What does not ask for memory is seen where the
// glue looks up a built-in. Only while Go runs, and not while JavaScript does that Go has called: `at` says so.

import type { Bridge } from "../bridge";
import type { Open } from "../crossings";
import { guard } from "../faults";
import { replace } from "../patch";
import { apply, now, root } from "../pristine";
import { recorder } from "../recorder";

/** Imports by what `call_site` of the recorder says of their callers; 0: another. */
const SITES = ["Get", "Set", "Delete", "Call", "String", "LoadString", "CopyToGo", "CopyToJs"] as const;
const enum It {
  Get = 1,
  Set,
  Delete,
  Call,
  String,
  LoadString,
  CopyToGo,
  CopyToJs,
  Index,
  SetIndex,
  Invoke,
  New,
  Length,
  PrepareString,
  Nanotime,
  Walltime,
  Schedule,
  Clear,
  Random,
  Write,
  Reset,
}
const NAMES = [
  "",
  "syscall/js.valueGet",
  "syscall/js.valueSet",
  "syscall/js.valueDelete",
  "syscall/js.valueCall",
  "syscall/js.stringVal",
  "syscall/js.valueLoadString",
  "syscall/js.copyBytesToGo",
  "syscall/js.copyBytesToJS",
  "syscall/js.valueIndex",
  "syscall/js.valueSetIndex",
  "syscall/js.valueInvoke",
  "syscall/js.valueNew",
  "syscall/js.valueLength",
  "syscall/js.valuePrepareString",
  "runtime.nanotime1",
  "runtime.walltime",
  "runtime.scheduleTimeoutEvent",
  "runtime.clearTimeoutEvent",
  "runtime.getRandomData",
  "runtime.wasmWrite",
  "runtime.resetMemoryDataView",
];
const UNTIMED = /stringVal|resetMemoryDataView/;
/** Call sites told apart; a program has about two dozen. */
const SLOTS = 256;
const MOST_SITES = 128;

/** The program whose Go is on top of the stack. */
let at: Calls | undefined;

export class Calls {
  private readonly hits: ((sp: number) => void)[] = [];
  private readonly sizes: ((bytes: number) => void)[] = [];
  /** Return addresses, their lower words, and which import they lead to. */
  private readonly pcs = new Int32Array(SLOTS);
  private readonly sites = new Uint8Array(SLOTS);
  private known = 0;
  /** The timed crossing under way. */
  private open: Open | undefined;
  /** A call that has not reached `Reflect.apply` yet, and a copy that has not reached `set`. */
  private calling = false;
  private copying = 0;

  constructor(
    private readonly instance: number,
    private readonly bridge: Bridge,
    private readonly getsp: () => number,
    private readonly events: { grown(sp: number): void; event(): void },
  ) {
    const { crossings } = bridge;
    crossings.run = (timed, member) => {
      this.drop();
      const open = crossings.begin(timed, member);
      // Nobody tells when a string has become a value, and what follows a growth is our own work.
      if (UNTIMED.test(timed.name)) crossings.end(open, open.t, this.getsp(), false);
      else this.open = open;
    };
    for (let i = 1; i < NAMES.length; i++) {
      const { hit, copied } = bridge.late(NAMES[i]);
      this.hits[i] = hit;
      this.sizes[i] = copied;
    }
    patchBuiltins();
  }

  /** Runs Go. */
  within(run: () => unknown): unknown {
    const outer = at;
    const { open, calling, copying } = this;
    this.open = undefined;
    this.calling = false;
    at = this;
    try {
      return run();
    } finally {
      this.drop();
      at = outer;
      this.open = open;
      this.calling = calling;
      this.copying = copying;
    }
  }

  get inGo(): boolean {
    return at === this;
  }

  /** The glue asks for memory. */
  reaches(): void {
    const sp = this.getsp() >>> 0;
    const { memory } = this.bridge;
    if (memory.u8.length === 0) this.grows(sp);
    const pc = memory.u32[sp >>> 2] | 0;
    const { pcs } = this;
    let slot = Math.imul(pc, 0x9e3779b1) >>> 24;
    while (pcs[slot] !== pc) {
      if (pcs[slot] === 0) {
        if (!this.learn(slot, pc, sp)) return;
        break;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    const it = this.sites[slot];
    if (it === 0) return;
    this.calling = it === It.Call;
    this.copying = it >= It.LoadString ? it : 0;
    this.hits[it](sp);
  }

  private learn(slot: number, pc: number, sp: number): boolean {
    const high = this.bridge.memory.u32[(sp >>> 2) + 1];
    const it = guard("call site", () => recorder.call_site(this.instance, pc, high)) ?? 0;
    if (++this.known >= MOST_SITES || pc === 0) return false;
    this.pcs[slot] = pc;
    this.sites[slot] = it > SITES.length ? 0 : it;
    return true;
  }

  private grows(sp: number): void {
    this.events.grown(sp);
    this.hits[It.Reset](sp);
  }

  /** An import crosses, known by what it looks up. */
  hit(it: It): void {
    this.hits[it](0);
  }

  /** The glue asks for the stack pointer: the page's part of a get, call, invoke or new is over. */
  end(sp?: number): void {
    this.calling = false;
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    this.bridge.crossings.end(open, now(), (sp ?? this.getsp()) >>> 0);
  }

  /** The crossing under way has been left some other way. */
  private drop(): void {
    const { open } = this;
    if (open === undefined) return;
    this.open = undefined;
    this.bridge.crossings.end(open, open.t, this.getsp(), false);
  }

  /** Whether `Reflect.apply` is that of a call whose member was got before. */
  isCall(): boolean {
    const { calling } = this;
    this.calling = false;
    return calling;
  }

  element(row: number, index: number, value: unknown): void {
    const sp = this.getsp() >>> 0;
    this.bridge.element(row, this.bridge.memory.u32[(sp >>> 2) + 2], index, typeof value === "number", sp);
  }

  copied(bytes: number): void {
    if (this.copying === 0) return;
    this.sizes[this.copying](bytes);
    this.copying = 0;
    this.end();
  }

  prepared(bytes: number): void {
    this.sizes[It.PrepareString](bytes);
  }

  /** Go asks for the event that it runs for, if it is one: so this is the glue's object. */
  asks(target: object, key: unknown, event: unknown): void {
    const { glue } = this.bridge;
    // Known first: the key is a string that Go has just made, and to compare it is dear.
    if (glue.known || key !== "_pendingEvent") return;
    glue.found(target);
    if (event) this.events.event();
  }
}

type Native = (...args: unknown[]) => unknown;
let patched = false;

/** Runs the built-in that the glue wants, out of Go. */
function out(calls: Calls, native: Native, self: unknown, args: ArrayLike<unknown>): unknown {
  at = undefined;
  try {
    return apply(native, self, args);
  } finally {
    at = calls;
  }
}

/** Puts what counts `it` in place of a built-in of which the glue calls nothing else. */
function counts(owner: unknown, key: string, it: It, ends?: (calls: Calls, result: never) => void): void {
  if (typeof owner !== "object" || owner === null) return;
  replace(owner, key, (native: Native) => ({
    [key](this: unknown) {
      const calls = at;
      if (calls === undefined) return apply(native, this, arguments);
      calls.hit(it);
      const result = out(calls, native, this, arguments);
      ends?.(calls, result as never);
      calls.end();
      return result;
    },
  })[key]);
}

function patchBuiltins(): void {
  if (patched) return;
  patched = true;
  replace(Reflect, "get", (native: typeof Reflect.get) => ({
    get(target: object, key: PropertyKey): unknown {
      const calls = at;
      if (calls === undefined || arguments.length !== 2) return apply(native, Reflect, arguments);
      const isIndex = typeof key === "number";
      if (isIndex) calls.hit(It.Index);
      at = undefined;
      let result: unknown;
      try {
        result = native(target, key);
      } finally {
        at = calls;
      }
      if (isIndex) {
        calls.end();
        calls.element(0, key, result);
      } else calls.asks(target, key, result);
      return result;
    },
  }).get);
  replace(Reflect, "set", (native: typeof Reflect.set) => ({
    set(target: object, key: PropertyKey, value: unknown): boolean {
      const calls = at;
      if (calls === undefined || arguments.length !== 3) return apply(native, Reflect, arguments) as boolean;
      const isIndex = typeof key === "number";
      if (isIndex) calls.hit(It.SetIndex);
      at = undefined;
      try {
        return native(target, key, value);
      } finally {
        at = calls;
        calls.end();
        if (isIndex) calls.element(1, key, value);
      }
    },
  }).set);
  replace(Reflect, "apply", (native: typeof Reflect.apply) => ({
    apply(f: never, self: unknown, args: unknown[]): unknown {
      const calls = at;
      if (calls === undefined) return apply(native, Reflect, arguments);
      if (!calls.isCall()) calls.hit(It.Invoke);
      at = undefined;
      try {
        return native(f, self, args);
      } finally {
        at = calls;
      }
    },
  }).apply);
  replace(Reflect, "construct", (native: typeof Reflect.construct) => ({
    construct(): unknown {
      const calls = at;
      if (calls === undefined) return apply(native, Reflect, arguments);
      calls.hit(It.New);
      return out(calls, native as Native, Reflect, arguments);
    },
  }).construct);
  replace(Reflect, "deleteProperty", (native: Native) => ({
    deleteProperty(): unknown {
      const calls = at;
      if (calls === undefined) return apply(native, Reflect, arguments);
      try {
        return out(calls, native, Reflect, arguments);
      } finally {
        calls.end();
      }
    },
  }).deleteProperty);
  const arrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
  replace(arrays, "set", (native: Native) => ({
    set(this: unknown, from: ArrayLike<unknown>): unknown {
      const calls = at;
      if (calls === undefined) return apply(native, this, arguments);
      const result = out(calls, native, this, arguments);
      calls.copied(from.length);
      return result;
    },
  }).set);
  counts(TextEncoder.prototype, "encode", It.PrepareString, (calls, bytes: Uint8Array) => calls.prepared(bytes.length));
  counts(root, "parseInt", It.Length);
  counts(Performance.prototype, "now", It.Nanotime);
  counts(Date.prototype, "getTime", It.Walltime);
  counts(root, "setTimeout", It.Schedule);
  counts(root, "clearTimeout", It.Clear);
  counts(typeof Crypto === "function" ? Crypto.prototype : undefined, "getRandomValues", It.Random);
  counts(root.fs, "writeSync", It.Write);
}
