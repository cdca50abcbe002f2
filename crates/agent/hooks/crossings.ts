// Timed crossings: the clock around the page's function, and what is kept of each. Those of a starting program wait
// until Go's tables have been read.

import { clockCostMs } from "./clock";
import { fault } from "./faults";
import type { Glue, GoImport } from "./glue";
import { type Fresh, Held } from "./held";
import type { MemberLists } from "./members";
import type { GoMemory } from "./memory";
import { now } from "./pristine";
import { hideStack, recorder, showKept, showStack } from "./recorder";
import { Sampler } from "./sampler";
import { COLLECTS, type Entry, GROWS, PARSES, Startup } from "./startup";
import { Stats } from "./stats";

/** Start-up crossings whose stacks are looked at for `main.main`. */
const STARTUP_CAP = 10_000;
const MARK_MAIN = 1;
/** A stack that is not known. */
const NO_NODE = -1;

/** What is to know of an import whose crossings are timed. */
export interface Timed {
  /** Its position. */
  i: number;
  name: string;
  /** May run Go again. */
  reentrant: boolean;
  /** Slow work of ours is harmless in it. */
  calm: boolean;
  /** The runtime's own: its stacks are shallow. */
  runtime: boolean;
  /** Words from `sp` at which the glue leaves how many bytes it copied, and whether it did; 0: it does not. */
  bytesAt: number;
  okAt: number;
  /** Words from `sp` at which the glue leaves the reference it gives, 0: none. */
  resultAt: number;
}

/** A timed crossing under way. */
export interface Open {
  timed: Timed;
  member: number;
  /** Time of Go that had run again in the crossing around this one. */
  outer: number;
  weight: number;
  epoch: number;
  t: number;
}

export interface CrossingEvents {
  /** Go's tables are wanted now. */
  wanted(): void;
  /** A timed crossing has ended at `t`; `calm` where slow work is harmless. */
  crossed(t: number, calm: boolean): void;
}

export class Crossings {
  readonly sampler: Sampler;
  readonly importStats = new Stats();
  readonly memberStats = new Stats();
  readonly held: Held;
  /** Time of Go code that ran again inside the crossing being timed, ms. */
  private nested = 0;
  private timing = 0;
  /** Start-up crossings whose stacks have been looked at. */
  private looked = 0;
  /** Until Go's tables have been read: crossings that wait for them. */
  private startup: Startup | undefined = new Startup();

  constructor(
    private readonly instance: number,
    imports: number,
    private readonly memory: GoMemory,
    private readonly glue: Glue,
    private readonly members: MemberLists,
    private readonly events: CrossingEvents,
  ) {
    this.sampler = new Sampler(imports);
    this.held = new Held(instance, memory, glue);
  }

  /** Crosses by `f`, and times it. `member`: its id, -1 for none. */
  run(timed: Timed, member: number, f: GoImport, sp: number): void {
    const call = this.memory.stacks && this.glue.shows(timed.name, this.memory.u32[(sp >>> 2) + 2]) ? this.glue.watch(f) : f;
    const open = this.begin(timed, member);
    try {
      call(sp);
    } finally {
      this.end(open, now(), sp);
    }
  }

  /** A timed crossing begins: before the call, since what crosses inside it counts its own way down. */
  begin(timed: Timed, member: number): Open {
    const open = { timed, member, outer: this.nested, weight: this.sampler.take(timed.i), epoch: this.sampler.epoch, t: 0 };
    this.nested = 0;
    this.timing++;
    open.t = now();
    return open;
  }

  /** It has ended at `end`, or `timed: false` nobody knows when. */
  end({ timed, member, outer, weight, epoch, t }: Open, end: number, sp: number, isTimed = true): void {
    this.timing--;
    const ms = isTimed ? end - t - this.nested : NaN;
    this.nested = outer;
    try {
      if (epoch === this.sampler.epoch) this.record(timed, member, weight, t, end, ms, sp);
    } catch (reason) {
      fault("crossing", reason);
    }
  }

  private record(
    timed: Timed,
    member: number,
    weight: number,
    t: number,
    end: number,
    ms: number,
    sp: number,
  ): void {
    const { sampler, memory, startup } = this;
    const { i, calm } = timed;
    if (!sampler.running || !memory.getsp) return;
    if (startup) {
      if (calm && startup.full) this.events.wanted();
      if (this.startup) return this.wait(startup, timed, weight, t, end, ms, sp);
    }
    if (ms === ms) this.weigh(i, member, weight, ms);
    const kept = sampler.keep(i, end, ms > 0, weight);
    if (kept > 0 || sampler.starting) {
      // The crossing has not returned to Go: its stack is as it was, but may lie elsewhere now.
      const at = timed.reentrant ? memory.getsp() : sp;
      const len = this.show(at);
      try {
        if (kept > 0) {
          const copied = this.copied(timed, at);
          const node = recorder.cross(this.instance, i, member, t, ms - clockCostMs, kept, copied, at, len);
          const fresh = this.fresh(timed, at);
          if (fresh) this.held.add(fresh, node, kept);
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

  /** Bytes a crossing copied, NaN where it copies none we can know. */
  private copied({ bytesAt, okAt }: Timed, sp: number): number {
    const { u32 } = this.memory;
    const word = sp >>> 2;
    if (bytesAt === 0) return NaN;
    return okAt !== 0 && !(u32[word + okAt] & 255) ? 0 : u32[word + bytesAt];
  }

  /** The value that a crossing's result made Go hold, if that is new to it. */
  private fresh({ resultAt }: Timed, sp: number): Fresh | undefined {
    return resultAt === 0 ? undefined : this.held.fresh((sp >>> 2) + resultAt);
  }

  /** Looks for `main.main` in a stack of start-up. */
  private look(t: number, sp: number, len: number): void {
    const marks = recorder.marks(this.instance, t, sp, len);
    if (marks & MARK_MAIN || ++this.looked >= STARTUP_CAP) {
      this.sampler.starting = false;
    }
  }

  /** Keeps a crossing of start-up as it is. */
  private wait(startup: Startup, timed: Timed, weight: number, t: number, end: number, ms: number, sp: number): void {
    const { memory } = this;
    const at = timed.reentrant ? memory.getsp!() : sp;
    const word = at >>> 2;
    const named = this.members.of(timed.i) !== undefined;
    const ptr = named ? memory.u32[word + 4] | 0 : 0;
    const len = named ? memory.u32[word + 6] | 0 : 0;
    const copied = this.copied(timed, at);
    const fresh = this.fresh(timed, at);
    startup.save({ i: timed.i, t, end, ms, weight, copied, ptr, len, sp: at, fresh }, memory.u8, timed.runtime);
    this.events.crossed(end, timed.calm);
  }

  /** Go's tables have been read: what waited for them is told, `before` being called ahead of each crossing. */
  settle(before: (t: number) => void): void {
    const startup = this.startup;
    this.startup = undefined;
    this.members.settle();
    startup?.replay((entry, top) => {
      before(entry.t);
      this.replay(entry, showKept(top));
    });
  }

  private replay(entry: Entry, shown: number): void {
    const { i, t, end, ms, weight, copied, sp } = entry;
    if (i === COLLECTS) return recorder.gc_trigger(this.instance, t, sp, shown);
    if (i === GROWS) return recorder.grow(this.instance, t, entry.ptr, entry.len, sp, shown);
    if (i <= PARSES) {
      const node = recorder.stack(this.instance, t, sp, shown);
      return recorder.sampled(this.instance, PARSES - i, node, t, ms, weight, copied, entry.ptr);
    }
    const member = this.members.id(i, entry.ptr, entry.len);
    this.weigh(i, member, weight, ms);
    const kept = this.sampler.keep(i, end, ms > 0, weight);
    if (kept > 0) {
      const node = recorder.cross(this.instance, i, member, t, ms - clockCostMs, kept, copied, sp, shown);
      if (entry.fresh) this.held.add(entry.fresh, node, kept);
    }
    if (this.sampler.starting) this.look(t, sp, shown);
  }

  /** Notes a growth of memory and who asked for it. */
  grew(t: number, from: number, to: number, sp: number): void {
    const { memory } = this;
    if (this.startup?.growsOn(sp)) this.events.wanted();
    if (this.startup) {
      this.startup.save({ i: GROWS, t, end: t, ms: 0, weight: 0, copied: NaN, ptr: from, len: to, sp }, memory.u8);
      return;
    }
    try {
      recorder.grow(this.instance, t, from, to, sp, this.show(sp));
    } finally {
      hideStack();
    }
  }

  /** Notes that a cycle of the garbage collector begins, and what allocated. */
  collects(t: number, sp: number): void {
    const { memory, startup } = this;
    if (startup) {
      recorder.gc_trigger(this.instance, t, sp, 0);
      if (!startup.full) startup.save({ i: COLLECTS, t, end: t, ms: 0, weight: 0, copied: NaN, ptr: 0, len: 0, sp }, memory.u8);
      return;
    }
    try {
      recorder.gc_trigger(this.instance, t, sp, this.show(sp));
    } finally {
      hideStack();
    }
  }

  /** A sampled call of JSON has taken `ms` from `t` on; `row`: 0 parse, 1 stringify. */
  json(row: number, t: number, ms: number, weight: number, chars: number, numbers: number): void {
    const { memory, startup } = this;
    const sp = memory.getsp ? memory.getsp() : 0;
    if (startup && !startup.full) {
      startup.save({ i: PARSES - row, t, end: t, ms, weight, copied: chars, ptr: numbers, len: 0, sp }, memory.u8);
      return;
    }
    const node = startup ? NO_NODE : this.stack(t, sp);
    recorder.sampled(this.instance, row, node, t, ms, weight, chars, numbers);
  }

  /** Whether `stack` knows any: Go's tables have been read, and we record. */
  get readsStacks(): boolean {
    return this.startup === undefined && this.sampler.running;
  }

  /** Shows the recorder the stack at `sp`; gives how many bytes of it. */
  private show(sp: number): number {
    const { memory } = this;
    return memory.stacks ? showStack(memory.u8, memory.u32, sp) : 0;
  }

  /** The node of the stack at `sp`. */
  stack(t: number, sp: number): number {
    try {
      return recorder.stack(this.instance, t, sp, this.show(sp));
    } finally {
      hideStack();
    }
  }

  /** What follows is timed: Go that runs again meanwhile is for `watched` to tell. */
  watch(): number {
    this.timing++;
    return this.nested;
  }

  /** Ms of Go since `watch` gave `before`. */
  watched(before: number): number {
    this.timing--;
    return this.nested - before;
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

  /** Times from zero again. */
  reset(): void {
    this.importStats.reset();
    this.memberStats.reset();
    this.sampler.start();
  }
}
