// When counters are handed to the recorder and frames to the viewer: every 100 ms from a timer, and from crossings and
// ends of stays in Go where the thread does not get to its timers.

import { calibrate, calibrating, clockCostErrorMs, clockCostMs, measureStep } from "./clock";
import { measureWrappers } from "./cost";
import { takeEntries } from "./entries";
import { guard, tellFaults } from "./faults";
import { clearEvery, now, setEvery } from "./pristine";
import { flushing } from "./program";
import { onRecorder, post, recorder, recording } from "./recorder";
import { eachProgram, hold, onGone, own, shared, State } from "./state";

const EVERY_MS = 100;
/** Inside Go, at least this often. */
const WITHIN_GO_MS = 250;
/** How often the clock's step is looked at again. */
const STEP_LOOKS = 5;
/** Beside the state. */
const GO_SEEN = 4;
let turns = 0;
let last = 0;
let timer: number | undefined;
let busy = false;
/** Sends the viewer its next frame; `inGo`: nothing it says can be heard before Go gives the thread back. */
export const viewer: { send: (t: number, inGo: boolean) => void } = { send: () => {} };

let told = 0;

/** What we have cost so far; a recording that has stopped costs what it did. */
function selfMs(): number {
  if (shared.state === State.Stopped) return told;
  let ms = shared.ownMs + shared.endedMs;
  eachProgram((program) => (ms += program.costMs));
  return (told = ms);
}

/** Hands what was counted so far to the recorder; `all` of it, of starting programs too, where a script asks. */
export function collect(t: number, all = false): void {
  last = t;
  if (all) takeEntries();
  if (shared.state === State.Recording) eachProgram((program) => program.tell(t, all));
  tellFaults(({ t: when, at, message }) => recorder.error(when, post(`${at}\0${message}`)));
  const wall = (shared.state === State.Stopped ? shared.ended : t) - shared.began;
  recorder.status(shared.state | (shared.goSeen ? GO_SEEN : 0), selfMs(), wall, shared.viewerMs, shared.coalesced, clockCostMs, clockCostErrorMs);
}

/** Collects, and sends the viewer what is new; `inGo`: from inside a stay in Go. */
export function flush(t: number, inGo = false): void {
  if (busy || !recording()) return;
  busy = true;
  own(() =>
    guard("flush", () => {
      collect(t);
      viewer.send(t, inGo);
    }),
  );
  busy = false;
}

/** Learns more of the clock and of what we cost, one thing at a time: each takes a few tenths of a millisecond. */
function measure(): void {
  const turn = turns++ % 3;
  if (turn === 0) measureWrappers();
  else if (turn === 1) calibrating() && calibrate();
  else if (turns <= 3 * STEP_LOOKS && measureStep()) onRecorder.greet();
}

function tick(): void {
  if (!recording()) return;
  own(() => {
    // Not while a page is starting up.
    if (recorder.programs() > 0) guard("clock", measure);
    eachProgram((program) => program.bridge.redraw());
    flush(now());
  });
}

export function startFlushing(): void {
  timer = setEvery(tick, EVERY_MS);
  onGone.tell = (instance) => recorder.gone(instance, now());
  flushing.due = (t, inGo) => {
    if (t - last >= WITHIN_GO_MS) flush(t, inGo);
  };
}

export function stopFlushing(): void {
  if (timer !== undefined) clearEvery(timer);
  flushing.due = () => {};
  eachProgram((program) => hold(program, false));
}
