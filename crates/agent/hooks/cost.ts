// What our own work costs the target: the price of a wrapped call is measured on this machine, on the same code shape as
// the wrappers in bridge.ts around a function that does nothing.

import { clockCostMs } from "./clock";
import { Members } from "./members";
import { now } from "./pristine";
import { TIMED_EXTRA_MS } from "./sampler";

const PASSES = 20_000;
/** Measurements that count: the fastest, since only a busy machine makes one slower. */
const MEASUREMENTS = 6;
/** Of a kept stack; measured with `cargo xtask bench`, ms. */
const STACK_MS = 6e-4;
/** Of a stay in Go: two readings and its row. */
const SLICE_MS = 8e-4;
/** Of a call of JSON: the proxy in front of it. */
const JSON_MS = 5e-5;
/** Of a crossing of a program that ran before we came, beside its wrapped call: what its glue asks us, and what we ask Go. */
export const LATE_MS = 4.5e-5;
/** Of a write that is taken out of stderr, beside Go's own work on it. */
const WRITE_MS = 5e-4;

/** A wrapped call, and one that counts its member too, beyond the call itself, ms. */
let plainMs = Infinity;
let namedMs = Infinity;
let measured = 0;

const left = new Int32Array(1);
const words = new Int32Array(64);
const members = new Members();
let sink = 0;

const nothing = (sp: number): void => {
  sink = sp;
};
const plain = (sp: number): void => {
  if (--left[0] !== 0) return nothing(sp);
};
const named = (sp: number): void => {
  const ptr = words[sp & 63] | 0;
  const len = words[(sp + 2) & 63] | 0;
  const slot = Math.imul(ptr ^ (len << 7), 0x9e3779b1) >>> members.shift;
  if (members.ptrs[slot] === ptr && members.lens[slot] === len) members.counts[slot]++;
  if (--left[0] !== 0) return nothing(sp);
};

function time(call: (sp: number) => void): number {
  left[0] = 0;
  const begin = now();
  for (let i = 0; i < PASSES; i++) call(i);
  return (now() - begin) / PASSES;
}

/** Measures the wrappers once more, in about a third of a millisecond; false once that tells nothing new. */
export function measureWrappers(): boolean {
  if (measured >= MEASUREMENTS) return false;
  measured++;
  const bare = time(nothing);
  plainMs = Math.min(plainMs, Math.max(time(plain) - bare, 0));
  namedMs = Math.min(namedMs, Math.max(time(named) - bare, 0));
  return sink >= 0;
}

/** Cost of so many calls, of which `withMember` counted their member, `timed` were timed and `kept` kept a
 *  stack, in so many stays in Go, with so many of the runtime's writes taken out,
 *  and so many calls of JSON; ms. */
export function costMs(
  calls: number,
  withMember: number,
  timed: number,
  kept: number,
  slices: number,
  writes: number,
  texts: number,
): number {
  const known = measured > 0;
  const plainCalls = (calls - withMember) * (known ? plainMs : 0);
  const namedCalls = withMember * (known ? namedMs : 0);
  const crossings = plainCalls + namedCalls + timed * (2 * clockCostMs + TIMED_EXTRA_MS) + kept * STACK_MS;
  return crossings + slices * SLICE_MS + writes * WRITE_MS + texts * JSON_MS;
}
