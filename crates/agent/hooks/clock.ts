// What the clock does: its smallest step, and what reading it costs.

import { now } from "./pristine";

/** Smallest step of `performance.now()` met, ms. */
export let clockStepMs = 0;
/** What two readings with nothing between them differ by on average, ms. */
export let clockCostMs = 0;

/** One difference says little where the step is coarse; the sum over many is right on average. */
const PAIRS = 4096;

/** Quick first measurement: at most a few steps long. */
export function measureStep(): void {
  const begin = now();
  let last = begin;
  let step = Infinity;
  for (let i = 0; i < 20_000 && last - begin < 0.35; i++) {
    const t = now();
    if (t > last) {
      if (t - last < step) step = t - last;
      last = t;
    }
  }
  // Firefox without isolation steps by 1 ms or more: longer than we may look for at install.
  clockStepMs = step === Infinity ? 1 : Math.round(step * 1e6) / 1e6;
}

/** Measures the cost of a reading. Call it again when the engine has warmed up: the lowest figure counts. */
export function calibrate(): void {
  const begin = now();
  let sum = 0;
  for (let i = 0; i < PAIRS; i++) {
    const t = now();
    sum += now() - t;
  }
  // Two readings a pass: half the loop's time is what one costs. Far finer than the sum of coarse differences.
  const cost = (now() - begin) / (2 * PAIRS);
  if (clockCostMs === 0 || cost < clockCostMs) clockCostMs = cost;
  void sum;
}
