// What the clock does: its smallest step, and what reading it costs.

import { now } from "./pristine";

/** Smallest step of `performance.now()` met, ms. */
export let clockStepMs = 0;
/** What two readings with nothing between them differ by on average, ms. */
export let clockCostMs = 0;

/** Half-width of the 95 % interval of that, ms. */
export let clockCostErrorMs = 0;

/** Readings a batch: about an eighth of a millisecond. */
const BATCH = 2048;
/** Batches that count: the latest, since the first were measured before the engine had compiled anything. */
const KEPT = 48;
const WANTED = 60;
/** Readings in a loop may cost a little less than readings around a call. */
const LOOP_SHARE = 0.05;
const batches: number[] = [];
let measured = 0;

/** Looks at a few steps of the clock. True if one was smaller than any before: on a busy machine some pass unseen. */
export function measureStep(): boolean {
  let last = now();
  let step = Infinity;
  for (let i = 0, steps = 0; i < 5_000 && steps < 3; i++) {
    const t = now();
    if (t > last) {
      if (t - last < step) step = t - last;
      last = t;
      steps++;
    }
  }
  // Firefox without isolation steps by 1 ms or more: longer than we may look for at install.
  step = step === Infinity ? 1 : Math.round(step * 1e6) / 1e6;
  if (clockStepMs > 0 && step >= clockStepMs) return false;
  clockStepMs = step;
  return true;
}

/** Measures the cost of a reading once more. One batch says little where the step is coarse; their mean is right. */
export function calibrate(): void {
  const begin = now();
  for (let i = 1; i < BATCH; i++) now();
  batches[measured++ % KEPT] = now() - begin;
  // Without those in which something else had the processor.
  const sorted = batches.slice().sort((a, b) => a - b);
  const longest = 3 * sorted[sorted.length >> 1] + 2 * clockStepMs;
  let sum = 0;
  let n = 0;
  for (; n < sorted.length && sorted[n] <= longest; n++) sum += sorted[n];
  clockCostMs = sum / (n * BATCH);
  // A difference of two readings is off by a step's triangular distribution: variance step² / 6.
  const error = (1.96 * clockStepMs) / (Math.sqrt(6 * n) * BATCH);
  clockCostErrorMs = error + LOOP_SHARE * clockCostMs;
}

/** Whether another batch would still tell something. */
export const calibrating = (): boolean => measured < WANTED;
