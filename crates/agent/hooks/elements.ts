// Numbers that Go reads from an array, or writes to it, one by one: runs of neighbours of one array. The first of an
// argument list are never so many.

import type { Crossings } from "./crossings";
import { now } from "./pristine";
import { recorder } from "./recorder";

/** Neighbours in a row that make a burst. */
const LEAST = 32;
/** The recorder's row of reads; writes follow. */
const BURSTS = 2;
/** Arrays that may take turns in a loop. */
const SLOTS = 8;
/** Between two bursts whose stacks are read, ms. */
const STACKS_EVERY_MS = 2;
/** A burst whose stack was not read is looked at again after so many more. */
const AGAIN = 1024;
/** The upper words of values that are references. */
const REFERENCE = 0x7ff80000;

export class Run {
  ref = -1;
  at = 0;
  length = 0;
  /** When its stack was read, where, and how many bursts it stands for; 0: it was not. */
  t = 0;
  node = 0;
  weight = 0;
  /** Length when the counters were last told. */
  told = 0;
}

export class Elements {
  readonly runs: Run[] = [];
  /** Of runs that have ended; bursts are counted where they begin. */
  private calls = 0;
  private bursts = 0;
  private longest = 0;
  private waiting = 0;
  private readAt = 0;

  constructor(
    private readonly instance: number,
    private readonly row: number,
    private readonly crossings: Crossings,
  ) {
    for (let i = 0; i < SLOTS; i++) this.runs[i] = new Run();
  }

  /** Element `at` of the array `ref` has crossed at `sp`; `lo` and `hi` are the words of its value. */
  crossed(ref: number, at: number, lo: number, hi: number, sp: number): void {
    const run = this.runs[ref & (SLOTS - 1)];
    const step = at - run.at;
    run.at = at;
    if (run.ref === ref && (step === 1 || step === -1) && isNumber(lo, hi)) {
      if (++run.length % AGAIN === LEAST) this.grows(run, sp);
    } else {
      if (run.length >= LEAST) this.ends(run);
      run.ref = ref;
      run.length = isNumber(lo, hi) ? 1 : 0;
    }
  }

  private grows(run: Run, sp: number): void {
    if (run.length === LEAST) {
      this.bursts++;
      this.waiting++;
    }
    if (run.weight > 0 || this.waiting === 0) return;
    const t = now();
    if (t - this.readAt < STACKS_EVERY_MS || !this.crossings.readsStacks) return;
    run.t = this.readAt = t;
    run.node = this.crossings.stack(t, sp);
    run.weight = this.waiting;
    this.waiting = 0;
  }

  private ends(run: Run): void {
    this.calls += run.length;
    if (run.length > this.longest) this.longest = run.length;
    if (run.weight > 0) recorder.sampled(this.instance, BURSTS + this.row, run.node, run.t, NaN, run.weight, run.length, 0);
    run.length = run.weight = 0;
    run.ref = -1;
  }

  /** Elements in bursts, bursts, longest; what has not grown since this was last asked has ended. */
  tell(): number[] {
    let { calls, longest } = this;
    for (const run of this.runs) {
      if (run.length < LEAST) continue;
      calls += run.length;
      if (run.length > longest) longest = run.length;
      if (run.told === run.length) this.ends(run);
      run.told = run.length;
    }
    return [calls, this.bursts, longest];
  }

  reset(): void {
    this.calls = this.bursts = this.longest = this.waiting = 0;
    for (let i = 0; i < SLOTS; i++) this.runs[i] = new Run();
  }
}

/** As the glue stores values: numbers as they are, but 0 and NaN by reference; undefined as 0. */
const isNumber = (lo: number, hi: number): boolean =>
  (hi & REFERENCE) === REFERENCE ? lo <= 1 && (hi & 7) === 0 : (lo | hi) !== 0;
