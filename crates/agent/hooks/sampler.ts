// Which crossings are timed and which of those keep their stack, within one budget of 2 % of wall.
//
// Each import has its own period, drawn at random around a mean that follows its rate, so that every import gets its
// share of readings and no loop of the program keeps step with them. A timed crossing in which the clock ticked always
// tells where time went; of the others one in some keeps its stack, and stands for all since the last that did.

import { calibrate, calibrating, clockCostMs } from "./clock";

/** Share of wall for timed calls; stacks take what is left of the budget. */
const TIMED_SHARE = 0.01;
/** What a timed call costs beside its two clock readings, ms; measured by CPU time of the page's thread. */
export const TIMED_EXTRA_MS = 0.00025;
/** What may be spent at once when little was spent before: the budget of this long, ms. Programs cross in bursts. */
const CREDIT_MS = 250;
/** By how many doublings a full credit lets the rate of a burst exceed the budget's. */
const BURST_DOUBLINGS = 6;
/** Timed calls between two looks at the rate. */
const LOOK = 128;
/** Looks between two measurements of the clock, while those are wanted. */
const LOOKS_PER_CALIBRATION = 8;
/** Longest mean period. */
const MAX_PERIOD = 1 << 20;
/** A countdown that never ends. */
const NEVER = 0x3fffffff;
/** Most stacks kept in each window of the length below: 2,000 a second, which may touch 21 of them. */
const KEEP = 95;
const KEEP_WINDOW_MS = 50;
/** Of these, kept as they come; then fewer and fewer, so that the rest of a long burst has a stack too. */
const FREELY = 64;
/** Kept stacks between two steps of that. */
const PACE = 8;

let seed = 0x2545f491;
/** Uniform in [1, 2·mean - 1]: its mean is `mean`. */
function draw(mean: number): number {
  if (mean <= 1) return 1;
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return 1 + ((seed >>> 0) % (2 * mean - 1));
}

export class Sampler {
  /** Per import, calls until the next timed one. The wrappers count these down: the count of calls is `due - left`. */
  readonly left: Int32Array;
  /** Per import, all countdowns given out so far. */
  private readonly due: Float64Array;
  /** Per import, calls since the last timed one that an abandoned countdown had used up. */
  private readonly carried: Float64Array;
  private readonly gap: Int32Array;
  private readonly period: Float64Array;
  private readonly seen: Int32Array;
  private looked = 0;
  private looks = 0;
  /** Budget saved up, ms; below 0 when overdrawn. */
  private credit: number;
  private sinceLook = 0;
  /** Per import and class (clock ticked or not): weight waiting, kept countdown, its mean, seen in this window. */
  private readonly waiting: Float64Array;
  private readonly keepLeft: Int32Array;
  private readonly keepPeriod: Float64Array;
  private readonly keepSeen: Int32Array;
  private keepFrom = 0;
  private kept = 0;
  /** Every crossing is timed until start-up is over. */
  starting = true;
  running = false;
  /** Changes where counting or timing begins or ends: a crossing under way belongs to what was before. */
  epoch = 0;
  timedCalls = 0;
  keptCalls = 0;

  /** Imports in use so far. */
  imports = 0;

  /** `budget`: share of wall for timed calls. */
  constructor(
    imports: number,
    private readonly budget = TIMED_SHARE,
  ) {
    this.credit = budget * CREDIT_MS;
    this.left = new Int32Array(imports).fill(NEVER);
    this.due = new Float64Array(imports).fill(NEVER);
    this.carried = new Float64Array(imports);
    this.gap = new Int32Array(imports).fill(NEVER);
    this.period = new Float64Array(imports).fill(1);
    this.seen = new Int32Array(imports);
    this.waiting = new Float64Array(2 * imports);
    this.keepLeft = new Int32Array(2 * imports).fill(1);
    this.keepPeriod = new Float64Array(2 * imports).fill(1);
    this.keepSeen = new Int32Array(2 * imports);
  }

  /** Exact calls of an import. */
  calls(i: number): number {
    return this.due[i] - this.left[i];
  }

  /** Counts a call that took no part in the countdown. */
  skip(i: number): void {
    this.due[i]++;
    this.carried[i]++;
  }

  /** Begins counting at zero, every call timed. */
  start(): void {
    this.running = true;
    this.epoch++;
    this.timedCalls = this.keptCalls = 0;
    for (let i = 0; i < this.left.length; i++) {
      this.left[i] = this.gap[i] = this.due[i] = 1;
      this.carried[i] = 0;
    }
    this.period.fill(1);
    this.waiting.fill(0);
    this.keepLeft.fill(1);
    this.keepPeriod.fill(1);
  }

  /** Goes on counting, times nothing more. */
  stop(): void {
    this.running = false;
    this.epoch++;
    for (let i = 0; i < this.left.length; i++) this.defer(i, NEVER);
  }

  private defer(i: number, gap: number): void {
    this.carried[i] += this.gap[i] - this.left[i];
    this.due[i] += gap - this.left[i];
    this.left[i] = this.gap[i] = gap;
  }

  /** The countdown of `i` has ended: sets the next; returns how many calls this one stands for. */
  take(i: number): number {
    const weight = this.gap[i] + this.carried[i];
    const gap = !this.running ? NEVER : this.starting ? 1 : draw(this.period[i] | 0);
    this.carried[i] = 0;
    this.left[i] = this.gap[i] = gap;
    this.due[i] += gap;
    return weight;
  }

  /** A call of `i` was timed until `t`. Returns the weight with which its stack should be kept, 0 for not. */
  keep(i: number, t: number, ticked: boolean, weight: number): number {
    this.timedCalls++;
    this.seen[i]++;
    if (++this.sinceLook >= LOOK) this.look(t);
    const slot = ticked ? 2 * i + 1 : 2 * i;
    this.waiting[slot] += weight;
    this.keepSeen[slot]++;
    if (t - this.keepFrom >= KEEP_WINDOW_MS) this.share(t);
    if (--this.keepLeft[slot] > 0 || this.kept >= KEEP) return 0;
    this.keptCalls++;
    if (++this.kept >= FREELY && this.kept % PACE === 0) this.slowDown(t);
    this.keepLeft[slot] = draw(this.keepPeriod[slot] | 0);
    const all = this.waiting[slot];
    this.waiting[slot] = 0;
    return all;
  }

  /** Stretches what is left of the window's stacks over what is left of the window. */
  private slowDown(t: number): void {
    if (this.kept / KEEP <= (t - this.keepFrom) / KEEP_WINDOW_MS) return;
    for (let slot = 0; slot < 2 * this.imports; slot++) this.keepPeriod[slot] *= 4;
  }

  /** Adapts the periods to the rate of the last readings. */
  private look(t: number): void {
    const elapsed = t - this.looked;
    this.looked = t;
    this.sinceLook = 0;
    const cost = 2 * clockCostMs + TIMED_EXTRA_MS;
    const most = this.budget * CREDIT_MS;
    const credit = this.credit + this.budget * elapsed - LOOK * cost;
    this.credit = credit > most ? most : credit < -most ? -most : credit;
    if (++this.looks % LOOKS_PER_CALIBRATION === 0 && calibrating()) calibrate();
    if (this.starting) {
      this.seen.fill(0);
      return;
    }
    let active = 0;
    for (let i = 0; i < this.imports; i++) if (this.seen[i] > 0) active++;
    const each = ((this.budget / cost) * (elapsed > 0.05 ? elapsed : 0.05)) / active;
    const burst = 2 ** ((-BURST_DOUBLINGS * this.credit) / most);
    for (let i = 0; i < this.imports; i++) {
      const ratio = (this.seen[i] / each) * burst;
      const factor = ratio > 8 ? 8 : ratio < 0.125 ? 0.125 : ratio;
      const period = this.period[i] * factor;
      this.period[i] = period < 1 ? 1 : period > MAX_PERIOD ? MAX_PERIOD : period;
      this.seen[i] = 0;
    }
  }

  /** Shares the stacks of the next window out among what crossed in this one. */
  private share(t: number): void {
    this.keepFrom = t;
    this.kept = 0;
    let active = 0;
    for (let slot = 0; slot < 2 * this.imports; slot++) if (this.keepSeen[slot] > 0) active++;
    const each = (0.9 * KEEP) / (active || 1);
    for (let slot = 0; slot < 2 * this.imports; slot++) {
      const period = this.keepSeen[slot] / each;
      this.keepPeriod[slot] = period < 1 ? 1 : period;
      if (this.keepLeft[slot] > 2 * this.keepPeriod[slot]) this.keepLeft[slot] = draw(this.keepPeriod[slot] | 0);
      this.keepSeen[slot] = 0;
    }
  }

  /** Imports that have become slow must not wait out a countdown drawn when they were fast. Called between slices. */
  redraw(): void {
    if (!this.running || this.starting) return;
    for (let i = 0; i < this.imports; i++) {
      if (this.left[i] > 64 && this.seen[i] === 0) {
        this.period[i] = this.period[i] / 8 < 1 ? 1 : this.period[i] / 8;
        this.defer(i, draw(this.period[i] | 0));
      }
    }
  }
}
