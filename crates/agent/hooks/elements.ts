// Numbers that Go reads from an array, or writes to it, one by one: runs of neighbours of one array. The first of an
// argument list are never so many. Whether they are numbers is looked at now and then: arrays hold one kind of thing.

import type { Crossings } from "./crossings";
import type { GoMemory } from "./memory";
import { now } from "./pristine";
import { recorder } from "./recorder";

/** Neighbours in a row that make a burst. */
const LEAST = 32;
/** The recorder's row of reads; writes follow. */
const BURSTS = 2;
/** Arrays that may take turns in a loop. */
export const SLOTS = 8;
/** Between two bursts whose stacks are read, ms. */
const STACKS_EVERY_MS = 2;
/** A burst whose stack was not read is looked at again after so many more. */
const AGAIN = 1024;
/** The upper words of values that are references. */
const REFERENCE = 0x7ff80000;

/** Of one slot: its run's burst, if its stack was read. */
interface Burst {
  /** When its stack was read, where, and how many bursts it stands for; 0: it was not. */
  t: number;
  node: number;
  weight: number;
  /** Length when the counters were last told. */
  told: number;
}

export class Elements {
  /** Of each slot's run: its array, the index that would go on with it, and the step to the one after that. */
  readonly refs = new Int32Array(SLOTS);
  readonly nexts = new Int32Array(SLOTS);
  readonly steps = new Int32Array(SLOTS);
  /** Elements until the run is looked at again, and its length by then. */
  readonly left = new Int32Array(SLOTS);
  private readonly until = new Float64Array(SLOTS);
  private readonly kept: Burst[] = [];
  /** Of runs that have ended; bursts are counted where they begin. */
  private calls = 0;
  private bursts = 0;
  private longest = 0;
  private waiting = 0;
  private readAt = 0;
  /** Whether the element is a number, where it does not lie in Go's memory yet. */
  numeric: boolean | undefined;

  constructor(
    private readonly instance: number,
    private readonly row: number,
    private readonly crossings: Crossings,
    private readonly memory: GoMemory,
  ) {
    this.reset();
  }

  /** Element `at` of the array `ref` has crossed at `sp`. */
  crossed(ref: number, at: number, sp: number): void {
    const s = ref & (SLOTS - 1);
    if (this.refs[s] !== ref || this.nexts[s] !== at) return this.turned(s, ref, at, sp);
    this.nexts[s] = at + this.steps[s];
    if (--this.left[s] === 0) this.grew(s, sp);
  }

  /** Slot `s` holds another array than `ref`, or went on elsewhere than at `at`. */
  turned(s: number, ref: number, at: number, sp: number): void {
    const last = this.nexts[s] - this.steps[s];
    // Downwards, as the second element tells.
    if (this.refs[s] === ref && at === last - 1 && this.length(s) === 1) {
      this.steps[s] = -1;
      this.left[s]--;
    } else {
      if (this.length(s) >= LEAST) this.ends(s);
      this.refs[s] = this.isNumber(sp) ? ref : -1;
      this.steps[s] = 1;
      this.left[s] = LEAST - 1;
      this.until[s] = LEAST;
    }
    this.nexts[s] = at + this.steps[s];
  }

  /** The run in slot `s` is as long as it had to be to be looked at: a burst, if numbers are what it consists of. */
  grew(s: number, sp: number): void {
    const length = this.until[s];
    if (!this.isNumber(sp)) return this.ends(s);
    this.left[s] = AGAIN;
    this.until[s] += AGAIN;
    if (length === LEAST) {
      this.bursts++;
      this.waiting++;
    }
    const run = this.kept[s];
    if (run.weight > 0 || this.waiting === 0) return;
    const t = now();
    if (t - this.readAt < STACKS_EVERY_MS || !this.crossings.readsStacks) return;
    run.t = this.readAt = t;
    run.node = this.crossings.stack(t, sp);
    run.weight = this.waiting;
    this.waiting = 0;
  }

  private length(s: number): number {
    return this.refs[s] < 0 ? 0 : this.until[s] - this.left[s];
  }

  private ends(s: number): void {
    const run = this.kept[s];
    const length = this.length(s);
    if (length >= LEAST) {
      this.calls += length;
      if (length > this.longest) this.longest = length;
      if (run.weight > 0) recorder.sampled(this.instance, BURSTS + this.row, run.node, run.t, NaN, run.weight, length, 0);
    }
    run.weight = 0;
    this.refs[s] = -1;
  }

  /** Elements in bursts, bursts, longest; what has not grown since this was last asked has ended. */
  tell(): number[] {
    let { calls, longest } = this;
    for (let s = 0; s < SLOTS; s++) {
      const length = this.length(s);
      if (length < LEAST) continue;
      calls += length;
      if (length > longest) longest = length;
      if (this.kept[s].told === length) this.ends(s);
      this.kept[s].told = length;
    }
    return [calls, this.bursts, longest];
  }

  reset(): void {
    this.calls = this.bursts = this.longest = this.waiting = 0;
    this.refs.fill(-1);
    for (let s = 0; s < SLOTS; s++) this.kept[s] = { t: 0, node: 0, weight: 0, told: 0 };
  }

  /** Whether what crossed at `sp` is one. As the glue stores values: numbers as they are, but 0 and NaN by reference;
   *  undefined as 0. */
  private isNumber(sp: number): boolean {
    if (this.numeric !== undefined) return this.numeric;
    const { u32 } = this.memory;
    const word = sp >>> 2;
    const lo = u32[word + 6];
    const hi = u32[word + 7];
    return (hi & REFERENCE) === REFERENCE ? lo <= 1 && (hi & 7) === 0 : (lo | hi) !== 0;
  }
}
