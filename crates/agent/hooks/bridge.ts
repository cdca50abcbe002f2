// The wrappers around a Go program's imports. Each costs a few nanoseconds a call: it counts down to the next timed
// crossing, and counts members and bytes exactly. Offsets are those of Go's glue, lib/wasm/wasm_exec.js of Go 1.21-1.27:
// `sp` is the import's only argument; 8-byte slots follow it.

import { clockCostMs } from "./clock";
import { fault } from "./faults";
import { Members, PENDING } from "./members";
import { createWith, now } from "./pristine";
import { hideStack, post, recorder, showKept, showStack } from "./recorder";
import { Sampler } from "./sampler";
import { type Entry, Startup } from "./startup";
import { Stats } from "./stats";

type Import = (...args: never[]) => unknown;
type GoImport = (sp: number) => void;

/** More imports than any program has; those beyond are not counted. */
const MAX_IMPORTS = 512;
const EMPTY = new Uint32Array(0);
/** Start-up crossings whose stacks are looked at for `main.main`. */
const STARTUP_CAP = 10_000;
const MARK_MAIN = 1;

const NAMED = /^syscall\/js\.value(Get|Set|Delete|Call)$/;
/** May run Go again, and so move the goroutine's stack. */
const REENTRANT = /^syscall\/js\.value(Get|Set|Delete|Call|Invoke|New|Index|SetIndex|InstanceOf|Length)$/;

/** Where the number of bytes stands, in words from `sp`, and for copies where the glue says that it did copy. */
const BYTES: Record<string, { at: number; after: boolean; ok?: number; to?: "go" | "js" }> = createWith(null);
BYTES["syscall/js.stringVal"] = { at: 4, after: false, to: "js" };
BYTES["syscall/js.valueLoadString"] = { at: 6, after: false, to: "go" };
BYTES["syscall/js.valuePrepareString"] = { at: 6, after: true };
BYTES["syscall/js.copyBytesToGo"] = { at: 10, after: true, ok: 12, to: "go" };
BYTES["syscall/js.copyBytesToJS"] = { at: 10, after: true, ok: 12, to: "js" };

export interface BridgeEvents {
  /** Go's tables are wanted now. */
  wanted(): void;
  /** Memory has grown. */
  grown(from: number, to: number, sp: number): void;
  /** The program has called `os.Exit`, or main has returned. */
  exited(code: number): void;
  /** A timed crossing has ended at `t`; `calm` where slow work is harmless. */
  crossed(t: number, calm: boolean): void;
}

export class Bridge {
  readonly sampler = new Sampler(MAX_IMPORTS);
  readonly names: string[] = [];
  readonly bytes = new Float64Array(MAX_IMPORTS);
  private readonly countsBytes: boolean[] = [];
  private readonly members: (Members | undefined)[] = [];
  private memberCount = 0;
  private importStats = new Stats();
  private memberStats = new Stats();
  private memory: WebAssembly.Memory | undefined;
  private getsp: (() => number) | undefined;
  private u8 = new Uint8Array(0);
  private u32 = EMPTY;
  /** Of the memory, as last seen: a view says 0 once its memory has grown. */
  private size = 0;
  /** Time of Go code that ran again inside the crossing being timed, ms. */
  private nested = 0;
  private timing = 0;
  /** Start-up crossings whose stacks have been looked at. */
  private looked = 0;
  /** Until Go's tables have been read: crossings that wait for them. */
  private startup: Startup | undefined = new Startup();
  /** The program's `Go` object, once seen. */
  go: { _pendingEvent?: unknown; _values?: unknown[]; _idPool?: unknown[] } | undefined;

  constructor(
    readonly instance: number,
    private readonly events: BridgeEvents,
  ) {}

  /** Crossings so far, exact. */
  get calls(): number {
    let all = 0;
    for (let i = 0; i < this.names.length; i++) all += this.sampler.calls(i);
    return all;
  }

  /** Those that counted their member. */
  get memberCalls(): number {
    let all = 0;
    for (let i = 0; i < this.names.length; i++) if (this.members[i]) all += this.sampler.calls(i);
    return all;
  }

  get memoryBytes(): number {
    return this.size;
  }

  /** The program's memory. */
  get memory8(): Uint8Array {
    return this.u8;
  }

  /** The program's memory and stack pointer are known. */
  bind(memory: WebAssembly.Memory, getsp: () => number): void {
    this.memory = memory;
    this.getsp = getsp;
    this.rebind();
  }

  private rebind(): void {
    if (!this.memory) return;
    this.u8 = new Uint8Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
    this.size = this.u8.length;
  }

  /** Lets go of the program. */
  release(): void {
    this.memory = this.getsp = this.go = undefined;
    this.u8 = new Uint8Array(0);
    this.u32 = EMPTY;
    this.sampler.stop();
  }

  /** Wraps one import; `glue`: one of Go's own, which gets `sp` and gives nothing back. */
  wrap(full: string, glue: boolean, f: Import): Import {
    if (this.names.length >= MAX_IMPORTS) return f;
    const i = this.names.length;
    this.names.push(full);
    this.sampler.imports = i + 1;
    recorder.import(this.instance, post(full));
    if (!glue) return this.foreign(i, f);
    const go = f as unknown as GoImport;
    const bytes = BYTES[full];
    this.countsBytes[i] = bytes !== undefined;
    if (full === "runtime.resetMemoryDataView") return this.growth(i, go);
    if (full === "runtime.wasmExit") return this.exit(i, go);
    if (bytes) return this.copies(i, go, bytes.at, bytes.after, bytes.ok);
    if (NAMED.test(full)) return this.named(i, go);
    return this.plain(i, go, REENTRANT.test(full), !/TimeoutEvent$/.test(full));
  }

  private plain(i: number, f: GoImport, reentrant: boolean, calm: boolean): GoImport {
    const left = this.sampler.left;
    return (sp) => {
      if (--left[i] !== 0) return f(sp);
      this.timed(i, -1, f, sp, reentrant, calm, 0, 0);
    };
  }

  private foreign(i: number, f: Import): Import {
    const left = this.sampler.left;
    return (...args) => {
      if (--left[i] !== 0) return f(...args);
      let result: unknown;
      // No `sp` among the arguments: the program's own export tells it.
      const sp = this.getsp ? this.getsp() : 0;
      this.timed(i, -1, () => void (result = f(...args)), sp, true, true, 0, 0);
      return result;
    };
  }

  private copies(i: number, f: GoImport, at: number, after: boolean, ok = 0): GoImport {
    const left = this.sampler.left;
    const bytes = this.bytes;
    return (sp) => {
      if (!after) bytes[i] += this.u32[(sp >>> 2) + at];
      if (--left[i] !== 0) f(sp);
      else this.timed(i, -1, f, sp, false, true, at, ok);
      if (after) {
        const word = sp >>> 2;
        if (ok === 0 || this.u32[word + ok] & 255) bytes[i] += this.u32[word + at];
      }
    };
  }

  private named(i: number, f: GoImport): GoImport {
    const left = this.sampler.left;
    const members = (this.members[i] = new Members());
    return (sp) => {
      const word = sp >>> 2;
      const ptr = this.u32[word + 4] | 0;
      const len = this.u32[word + 6] | 0;
      let slot = Math.imul(ptr ^ (len << 7), 0x9e3779b1) >>> members.shift;
      // The empty name has no address, like a free slot.
      if (members.ptrs[slot] === ptr && members.lens[slot] === len && ptr !== 0) members.counts[slot]++;
      else slot = this.missed(i, members, ptr, len);
      if (--left[i] !== 0) return f(sp);
      this.timed(i, slot < 0 ? members.dynamicId : members.ids[slot], f, sp, true, true, 0, 0);
    };
  }

  /** Counts a member that is not in its first slot. Returns its slot, -1 for one without a constant name. */
  private missed(i: number, members: Members, ptr: number, len: number): number {
    try {
      let slot = members.find(ptr, len);
      if (ptr === 0 || members.ptrs[slot] === 0) {
        const id = ptr === 0 ? -1 : this.startup ? PENDING : recorder.member(this.instance, i, ptr, len);
        if (id === -1) {
          members.dynamic++;
          this.ensureDynamic(i, members);
          return -1;
        }
        if (id >= 0) this.memberCount = id + 1;
        slot = members.add(ptr, len, id);
      }
      members.counts[slot]++;
      return slot;
    } catch (reason) {
      fault("member", reason);
      return -1;
    }
  }

  private ensureDynamic(i: number, members: Members): void {
    if (members.dynamicId >= 0) return;
    members.dynamicId = recorder.dynamic_member(this.instance, i);
    if (members.dynamicId >= this.memberCount) this.memberCount = members.dynamicId + 1;
  }

  /** Go's tables have been read: what waited for them is told, `before` being called ahead of each crossing. */
  settle(before: (t: number) => void): void {
    const startup = this.startup;
    this.startup = undefined;
    this.members.forEach((members, i) => {
      members?.resolve((ptr, len) => {
        const id = recorder.member(this.instance, i, ptr, len);
        if (id < 0) this.ensureDynamic(i, members);
        else this.memberCount = id + 1;
        return id;
      });
    });
    startup?.replay((entry, top) => {
      before(entry.t);
      this.replay(entry, showKept(top));
    });
  }

  private replay(entry: Entry, shown: number): void {
    const { i, t, end, ms, weight, copied, sp } = entry;
    if (i < 0) return recorder.grow(this.instance, t, entry.ptr, entry.len, sp, shown);
    const members = this.members[i];
    let member = -1;
    if (members) {
      const slot = members.find(entry.ptr, entry.len);
      member = members.ptrs[slot] === 0 ? members.dynamicId : members.ids[slot];
    }
    this.weigh(i, member, weight, ms);
    const kept = this.sampler.keep(i, end, ms > 0, weight);
    if (kept > 0) recorder.cross(this.instance, i, member, t, ms - clockCostMs, kept, copied, sp, shown);
    if (this.sampler.starting) this.look(t, sp, shown);
  }

  private growth(i: number, f: GoImport): GoImport {
    let from = 0;
    let to = 0;
    const grow: GoImport = (sp) => {
      f(sp);
      [from, to] = this.regrow();
    };
    const counted = this.plain(i, grow, false, true);
    return (sp) => {
      counted(sp);
      try {
        if (from !== to) this.events.grown(from, to, sp);
      } catch (reason) {
        fault("grow", reason);
      }
    };
  }

  /** Memory has grown, the old views are dead: its size before and now. */
  private regrow(): [number, number] {
    const before = this.size;
    this.rebind();
    return [before, this.size];
  }

  /** Notes a growth of memory and who asked for it. */
  grew(t: number, from: number, to: number, sp: number): void {
    if (this.startup) {
      this.startup.save({ i: -1, t, end: t, ms: 0, weight: 0, copied: NaN, ptr: from, len: to, sp }, this.u8);
      return;
    }
    try {
      recorder.grow(this.instance, t, from, to, sp, showStack(this.u8, this.u32, sp));
    } finally {
      hideStack();
    }
  }

  private exit(i: number, f: GoImport): GoImport {
    const left = this.sampler.left;
    return (sp) => {
      left[i]--;
      const code = this.u32[(sp >>> 2) + 2] | 0;
      try {
        // The page's `go.exit` may throw.
        f(sp);
      } finally {
        this.events.exited(code);
      }
    };
  }

  /** Runs Go again, from inside a crossing. */
  reenter(run: () => void): void {
    if (this.timing === 0) return run();
    // What ran again inside of this is part of it.
    const before = this.nested;
    const t = now();
    try {
      run();
    } finally {
      this.nested = before + now() - t;
    }
  }

  private timed(
    i: number,
    member: number,
    f: GoImport,
    sp: number,
    reentrant: boolean,
    calm: boolean,
    bytesAt: number,
    okAt: number,
  ): void {
    const outer = this.nested;
    const call = this.go === undefined && this.readsGo(i) && this.u32[(sp >>> 2) + 2] === 6 ? this.watch(f) : f;
    // Before the call: what crosses inside it counts its own way down.
    const weight = this.sampler.take(i);
    const epoch = this.sampler.epoch;
    this.nested = 0;
    this.timing++;
    const t = now();
    try {
      call(sp);
    } finally {
      const end = now();
      this.timing--;
      const ms = end - t - this.nested;
      this.nested = outer;
      try {
        if (epoch === this.sampler.epoch) this.record(i, member, weight, t, end, ms, sp, reentrant, calm, bytesAt, okAt);
      } catch (reason) {
        fault("crossing", reason);
      }
    }
  }

  private record(
    i: number,
    member: number,
    weight: number,
    t: number,
    end: number,
    ms: number,
    sp: number,
    reentrant: boolean,
    calm: boolean,
    bytesAt: number,
    okAt: number,
  ): void {
    const sampler = this.sampler;
    if (!sampler.running || !this.getsp) return;
    if (calm && this.startup?.full) this.events.wanted();
    if (this.startup) {
      const at = reentrant ? this.getsp() : sp;
      const word = at >>> 2;
      const [ptr, len] = this.members[i] ? [this.u32[word + 4] | 0, this.u32[word + 6] | 0] : [0, 0];
      const copied = this.copied(at, bytesAt, okAt);
      this.startup.save({ i, t, end, ms, weight, copied, ptr, len, sp: at }, this.u8);
      return this.events.crossed(end, calm);
    }
    this.weigh(i, member, weight, ms);
    const kept = sampler.keep(i, end, ms > 0, weight);
    if (kept > 0 || sampler.starting) {
      // The crossing has not returned to Go: its stack is as it was, but may lie elsewhere now.
      const at = reentrant ? this.getsp() : sp;
      const len = showStack(this.u8, this.u32, at);
      try {
        if (kept > 0) {
          const copied = this.copied(at, bytesAt, okAt);
          recorder.cross(this.instance, i, member, t, ms - clockCostMs, kept, copied, at, len);
        }
        if (sampler.starting) this.look(t, at, len);
      } finally {
        hideStack();
      }
    }
    this.events.crossed(end, calm);
  }

  private weigh(i: number, member: number, weight: number, ms: number): void {
    if (member >= 0) this.memberStats.add(member, weight, ms);
    else this.importStats.add(i, weight, ms);
  }

  /** Bytes this crossing copied, NaN where it copies none we can know. */
  private copied(sp: number, bytesAt: number, okAt: number): number {
    const word = sp >>> 2;
    if (bytesAt === 0) return NaN;
    return okAt !== 0 && !(this.u32[word + okAt] & 255) ? 0 : this.u32[word + bytesAt];
  }

  /** Looks for `main.main` in a stack of start-up. */
  private look(t: number, sp: number, len: number): void {
    const marks = recorder.marks(this.instance, t, sp, len);
    if (marks & MARK_MAIN || ++this.looked >= STARTUP_CAP) {
      this.sampler.starting = false;
    }
  }

  private readsGo(i: number): boolean {
    return this.names[i] === "syscall/js.valueGet" || this.names[i] === "syscall/js.valueCall";
  }

  /** The glue's `Go` object is what `Reflect.get` reads from when Go gets a member of value 6. */
  private watch(f: GoImport): GoImport {
    return (sp) => {
      const before = Reflect.get;
      let mine: typeof Reflect.get | undefined;
      try {
        mine = Reflect.get = (target: object, key: PropertyKey, ...rest: [unknown?]) => {
          this.go = target as typeof this.go;
          return (before as (...args: unknown[]) => unknown)(target, key, ...rest) as never;
        };
      } catch {
        // A frozen Reflect: we do without the object.
      }
      try {
        f(sp);
      } finally {
        if (mine && Reflect.get === mine) Reflect.get = before;
      }
    };
  }

  /** Live JS values the program holds (7 are the glue's own), NaN unknown. */
  get jsRefs(): number {
    const values = this.go?._values;
    const pool = this.go?._idPool;
    return values && pool ? values.length - 7 - pool.length : NaN;
  }

  /** Exact counts and timing of everything, as `totals` of the recorder wants them. */
  tell(): { numbers: Float64Array; imports: number; members: number; toGo: number; toJs: number } {
    const imports = this.names.length;
    const numbers = new Float64Array(imports * 9 + this.memberCount * 8);
    let toGo = 0;
    let toJs = 0;
    for (let i = 0, at = 0; i < imports; i++, at += 9) {
      numbers[at] = this.sampler.calls(i);
      numbers[at + 1] = this.countsBytes[i] ? this.bytes[i] : NaN;
      this.importStats.copy(i, numbers, at + 2);
      const to = BYTES[this.names[i]]?.to;
      if (to === "go") toGo += this.bytes[i];
      if (to === "js") toJs += this.bytes[i];
    }
    const counts = new Float64Array(this.memberCount);
    for (const members of this.members) members?.tell(counts);
    for (let id = 0, at = imports * 9; id < this.memberCount; id++, at += 8) {
      numbers[at] = counts[id];
      this.memberStats.copy(id, numbers, at + 1);
    }
    return { numbers, imports, members: this.memberCount, toGo, toJs };
  }

  /** Counts from zero again. */
  reset(): void {
    this.bytes.fill(0);
    this.importStats.reset();
    this.memberStats.reset();
    for (const members of this.members) members?.reset();
    this.sampler.start();
  }
}
