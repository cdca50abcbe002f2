// How long microtasks hold the thread. A fresh task always finds their queue empty, so the probe is posted where Go has
// just been left, inside the task under test: a microtask of its own runs behind all that were queued by then, a task of
// its own once the queue is empty.

import { guard } from "./faults";
import { now, openChannel, postTo, postUrgent, queueMicro } from "./pristine";
import { recorder } from "./recorder";
import { own, shared, State } from "./state";

/** Most probes in any second: so many come back a second, and so many may be saved up. */
const PER_MS = 40 / 1000;
const SAVED = 10;
/** What a probe of an empty queue reads, ms. */
const FLOOR_MS = 0.01;

let outstanding = false;
let credit = SAVED;
let refilled = 0;
/** Where tasks have no priorities: of a channel, the end that hears and the one that posts. */
let ends: [MessagePort, MessagePort] | undefined;
let drained = () => {};

/** A stay in Go has ended; at most one probe is under way. */
export function probe(start: number, end: number): void {
  if (outstanding) return;
  credit += (end - refilled) * PER_MS;
  if (credit > SAVED) credit = SAVED;
  refilled = end;
  if (credit < 1) return;
  credit--;
  own(() => guard("microtasks", () => send(end - start)));
}

function send(syncMs: number): void {
  const t = now();
  let queued = NaN;
  queueMicro(() => (queued = now()));
  drained = () => {
    outstanding = false;
    // The recording may have begun anew since.
    if (shared.state !== State.Recording || t < shared.began) return;
    recorder.microtasks(t, syncMs, less(queued - t), less(now() - t), postUrgent ? 1 : 0);
  };
  if (postUrgent) postUrgent(arrived);
  // Behind all that were posted before, so what it reads is an upper bound.
  else postTo((ends ??= openChannel(arrived, () => {}))[1], null);
  outstanding = true;
}

function arrived(): void {
  guard("microtasks", drained);
}

/** No probe comes back any more. */
export function stopProbing(): void {
  ends?.[0].close();
}

const less = (ms: number): number => (ms > FLOOR_MS ? ms - FLOOR_MS : 0);
