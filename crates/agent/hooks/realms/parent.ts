// A realm's end of the port to the page's own agent: what is recorded here goes there, and so does the clock's offset.

import { clockStepMs } from "../clock";
import { guard } from "../faults";
import { flush, viewer } from "../flush";
import { NativeChannel, now, root, setAfter, timeOrigin } from "../pristine";
import { cutFrame, recorder, recording } from "../recorder";
import { shared } from "../state";
import { ownUrl } from "./base";
import { above, type Known } from "./children";
import { HELLO, type Port, type ToChild, type ToPage } from "./words";

declare const __AGENT_VERSION__: string;

const MOST_OUTSTANDING = 2;
/** Of a stay in Go, in which no acknowledgement can be heard. */
const MOST_IN_GO = 40;
/** Pings one after the other, and then now and then, ms. */
const FIRST_PINGS = 8;
const PING_MS = 2000;

/** What the page's agent may ask; `api.ts` says how. */
export const onParent: { obey: (message: ToChild) => void } = { obey: () => {} };

let port: Port | undefined;
let onWelcome = () => {};
let source = 0;
let reader = 0;
let anew = true;
let outstanding = 0;
let pings = 0;
/** Of the offset: where it was, and between what it lies, ms. */
let offset = 0;
let least = -Infinity;
let most = Infinity;
let error = NaN;

/** Whether the page's agent has what we record. */
export const isChild = (): boolean => source > 0;

/** Who we are. */
export const ourselves = (kind: number): Known => ({ kind, agent: __AGENT_VERSION__, url: ownUrl(), name: String(root.name ?? "") });

/** Says hello to our parent, which is known to listen. */
export function hello(kind: number, say: (hello: object, transfer: Transferable[]) => void): void {
  const channel = new NativeChannel();
  join(channel.port1);
  say({ gopherscope: HELLO, ...ourselves(kind) }, [channel.port2]);
}

/** Tells this port from now on; `met`: once there is a parent. */
export function join(to: Port, met = () => {}): void {
  port = to;
  onWelcome = met;
  to.onmessage = (event: MessageEvent<ToChild>) => void guard("realms", () => heard(event.data));
  above.pass = (message, theirs) => tell(message, theirs && "close" in theirs ? [theirs as MessagePort] : []);
}

function tell(message: ToPage, transfer: Transferable[] = []): void {
  port?.postMessage(message, transfer);
}

function heard(message: ToChild): void {
  if (message.source !== undefined && source === 0) welcome(message);
  if (message.ack && outstanding > 0) outstanding--;
  if (message.pong !== undefined) align(message.pong, message.now ?? NaN, message.step ?? 0);
  if (message.anew) restart();
  onParent.obey(message);
  if (message.ask) {
    outstanding = 0;
    flush(now());
    tell({ answer: true });
  }
}

function welcome(message: ToChild): void {
  source = message.source ?? 0;
  onWelcome();
  offset = timeOrigin - (message.origin ?? NaN);
  if (recording()) {
    tellSource();
    flush(now());
  }
  ping();
}

/** The recorder runs, or knows better. */
export function tellSource(): void {
  if (source === 0) return;
  recorder.source(source, offset, error);
  viewer.send = send;
}

/** Runs `work` as if this realm were the page: a script in it asks. */
export function asPage<T>(work: () => T): T {
  recorder.source(0, 0, 0);
  try {
    return work();
  } finally {
    if (source > 0) recorder.source(source, offset, error);
  }
}

function ping(): void {
  pings++;
  tell({ ping: now() });
}

/** A ping that left at `at` was heard at the page's `theirs`: one time before it, one after. */
function align(at: number, theirs: number, step: number): void {
  const t = now();
  setAfter(() => shared.uninstalled || guard("realms", ping), pings < FIRST_PINGS ? 0 : PING_MS);
  if (!Number.isFinite(theirs)) return;
  least = Math.max(least, theirs - t);
  most = Math.min(most, theirs - at);
  // Both clocks stand still for a step.
  const better = Math.abs(most - least) / 2 + step + clockStepMs;
  if (better >= error) return;
  error = better;
  offset = (least + most) / 2;
  if (recording()) recorder.source(source, offset, error);
}

/** The next frame tells all. */
export function restart(): void {
  if (reader) recorder.reader_drop(reader);
  reader = 0;
  anew = true;
  outstanding = 0;
}

function send(t: number, inGo: boolean): void {
  if (outstanding >= (inGo ? MOST_IN_GO : MOST_OUTSTANDING)) {
    shared.coalesced++;
    return;
  }
  reader ||= recorder.reader();
  const frame = cutFrame(reader, t);
  if (!frame) return;
  outstanding++;
  tell({ frame, anew, programs: recorder.programs() }, [frame]);
  anew = false;
}

/** This realm goes away: its last frame goes out whatever is outstanding. */
export function leave(): void {
  if (!port) return;
  outstanding = 0;
  if (recording()) flush(now());
  tell({ ended: true });
}
