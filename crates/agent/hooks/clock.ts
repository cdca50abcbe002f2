// What the clock does: its smallest step, and what reading it costs.

import { now } from "./pristine";

/** Smallest step of `performance.now()` met, ms. */
export let clockStepMs = 0;
/** What two readings with nothing between them differ by on average, ms. */
export let clockCostMs = 0;

/** Readings a batch: long enough for the clock to move now and then, short enough for a busy page. */
const BATCH = 512;
/** Batches that count: the oldest ones were measured before the engine had compiled anything. */
const KEPT = 16;
const batches: number[] = [];
let measured = 0;

/** Quick first measurement: at most a few steps long. */
export function measureStep(): void {
  const begin = now();
  let last = begin;
  let step = Infinity;
  for (let i = 0, steps = 0; i < 5_000 && steps < 3 && last - begin < 0.25; i++) {
    const t = now();
    if (t > last) {
      if (t - last < step) step = t - last;
      last = t;
      steps++;
    }
  }
  // Firefox without isolation steps by 1 ms or more: longer than we may look for at install.
  clockStepMs = step === Infinity ? 1 : Math.round(step * 1e6) / 1e6;
}

/** Measures the cost of a reading once more. One batch says little where the step is coarse; their mean is right. */
export function calibrate(): void {
  const begin = now();
  for (let i = 1; i < BATCH; i++) now();
  batches[measured++ % KEPT] = now() - begin;
  let sum = 0;
  for (let i = 0; i < batches.length; i++) sum += batches[i];
  clockCostMs = sum / (batches.length * BATCH);
}

/** Whether another batch would still tell something. */
export const calibrating = (): boolean => measured < 3 * KEPT;
