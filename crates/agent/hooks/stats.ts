// Sums over timed calls, one row per import or member; what they mean stands in `estimate.rs` of the recorder.

import { clockStepMs } from "./clock";
import { setBytes } from "./pristine";

/** Numbers a row: n, w, wd, w2, w2d, w2d2, step_var. */
export const ROW = 7;

export class Stats {
  rows = new Float64Array(64 * ROW);

  /** A call read `d` ms and stands for `w` calls. */
  add(id: number, w: number, d: number): void {
    const at = id * ROW;
    if (at >= this.rows.length) this.grow(at);
    const r = this.rows;
    r[at] += 1;
    r[at + 1] += w;
    r[at + 2] += w * d;
    if (w > 1) {
      r[at + 3] += w * w;
      r[at + 4] += w * w * d;
      r[at + 5] += w * w * d * d;
    } else if (d > 0) {
      // Short calls are caught by the tick or not at all; long ones are off by a part of it at each end.
      r[at + 6] += d > 1.5 * clockStepMs ? (clockStepMs * clockStepMs) / 6 : clockStepMs * clockStepMs;
    }
  }

  private grow(at: number): void {
    let size = this.rows.length * 2;
    while (size < at + ROW) size *= 2;
    const rows = new Float64Array(size);
    setBytes(rows as never, this.rows as never);
    this.rows = rows;
  }

  /** Copies row `id` to `to` at `at`. */
  copy(id: number, to: Float64Array, at: number): void {
    for (let i = 0; i < ROW; i++) to[at + i] = this.rows[id * ROW + i] || 0;
  }

  reset(): void {
    this.rows.fill(0);
  }
}
