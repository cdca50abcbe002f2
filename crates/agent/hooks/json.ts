// JSON.parse and JSON.stringify while Go is on the stack: calls and characters are counted; time, Go's stack and what the
// text holds are those of a sample. Go's own encoding/json is none of it.

import { clockCostMs } from "./clock";
import type { Crossings } from "./crossings";
import { fault } from "./faults";
import { patch } from "./patch";
import { apply, now } from "./pristine";
import { Sampler } from "./sampler";
import { Stats } from "./stats";

/** Share of wall for timed calls. */
const SHARE = 0.002;
/** Of a text's middle so much is looked at, and so much of that must be digits. */
const LOOKED_AT = 64;
const DIGITS = 16;

const OPS = ["parse", "stringify"] as const;

/** Whose Go the thread is in, if any. */
export const onStack: { json: Json | undefined } = { json: undefined };

export class Json {
  readonly sampler = new Sampler(OPS.length, SHARE);
  readonly stats = new Stats();
  /** Calls inside another, and characters. */
  readonly within = [0, 0];
  readonly chars = [0, 0];
  private inside = false;

  constructor(private readonly crossings: Crossings) {
    this.sampler.imports = OPS.length;
    this.sampler.starting = false;
  }

  /** Calls, exact. */
  calls(op: number): number {
    return this.sampler.calls(op) + this.within[op];
  }

  run(op: number, native: () => unknown, self: unknown, args: unknown[]): unknown {
    let text: unknown = op === 0 ? args[0] : undefined;
    const { sampler, inside, crossings } = this;
    const timed = !inside && --sampler.left[op] === 0;
    if (inside) this.within[op]++;
    this.inside = true;
    const weight = timed ? sampler.take(op) : 0;
    const { epoch } = sampler;
    // Go that runs again inside is not the call's own time.
    const before = timed ? crossings.watch() : 0;
    const t = timed ? now() : 0;
    try {
      const result = apply(native, self, args);
      if (op === 1) text = result;
      return result;
    } finally {
      const end = timed ? now() : 0;
      this.inside = inside;
      if (typeof text === "string") this.chars[op] += text.length;
      if (timed) {
        const ms = end - t - crossings.watched(before);
        try {
          if (sampler.running && epoch === sampler.epoch) this.record(op, weight, t, end, ms, text);
        } catch (reason) {
          fault("JSON", reason);
        }
      }
    }
  }

  private record(op: number, weight: number, t: number, end: number, ms: number, text: unknown): void {
    this.stats.add(op, weight, ms);
    const kept = this.sampler.keep(op, end, ms > 0, weight);
    if (kept === 0) return;
    const chars = typeof text === "string" ? text.length : NaN;
    this.crossings.json(op, t, ms - clockCostMs, kept, chars, holdsNumbers(text) ? 1 : 0);
  }

  /** Counts from zero again. */
  reset(): void {
    this.within.fill(0);
    this.chars.fill(0);
    this.stats.reset();
    this.sampler.start();
  }
}

/** Whether the middle of a text is numbers and nothing else. */
function holdsNumbers(text: unknown): boolean {
  if (typeof text !== "string" || text.length < LOOKED_AT) return false;
  const from = (text.length - LOOKED_AT) >> 1;
  let digits = 0;
  for (let i = from; i < from + LOOKED_AT; i++) {
    const c = text[i];
    if (c >= "0" && c <= "9") digits++;
    else if (!(c === "," || c === "." || c === "-" || c === "+" || c === "e" || c === "[" || c === "]" || c <= " ")) return false;
  }
  return digits >= DIGITS;
}

export function patchJson(): void {
  OPS.forEach((key, op) =>
    patch(JSON, key, {
      apply(native, self, args: unknown[]) {
        const { json } = onStack;
        return json ? json.run(op, native, self, args) : (apply(native, self, args) as unknown);
      },
    }),
  );
}
