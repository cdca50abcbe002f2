// The agent's end of the port to the viewer: at most two frames unacknowledged, then none until it catches up; some more
// while Go holds the thread, when it cannot be heard.

import { fault, guard } from "./faults";
import { flush, viewer } from "./flush";
import { NativeChannel, now } from "./pristine";
import { cutFrame, recorder, startRecorder } from "./recorder";
import { shared } from "./state";

declare const __AGENT_VERSION__: string;

const MOST_OUTSTANDING = 2;
/** Of a stay in Go: ten seconds of four frames each. */
const MOST_IN_GO = 40;

let port: MessagePort | undefined;
let reader = 0;
let outstanding = 0;

/** What the viewer may ask of the window it sits in. */
export type UiRequest = "collapse" | "expand" | "close";

export const isUiRequest = (it: unknown): it is UiRequest => it === "collapse" || it === "expand" || it === "close";

/** What the viewer may ask of the recording; `api.ts` says how. */
export const onViewer: { clear: () => void } = { clear: () => {} };

interface FromViewer {
  ack?: number;
  viewerMs?: number;
  ui?: UiRequest;
  clear?: boolean;
}

/** Answers a viewer that says it is ready. `theirs` is the protocol it speaks. */
export function connect(to: Window, origin: string, theirs: unknown, onUi: (request: UiRequest) => void): void {
  if (!startRecorder()) return;
  const hello = { protocol: recorder.protocol(), agent: __AGENT_VERSION__ };
  if (theirs !== hello.protocol) {
    to.postMessage({ gopherscope: "refused", ...hello }, origin);
    return;
  }
  disconnect();
  const channel = new NativeChannel();
  port = channel.port1;
  reader = recorder.reader();
  outstanding = 0;
  port.onmessage = (event: MessageEvent<FromViewer>) => void guard("viewer", () => heard(event.data, onUi));
  to.postMessage({ gopherscope: "port", ...hello }, origin, [channel.port2]);
  viewer.send = send;
  flush(now());
}

function heard(message: FromViewer, onUi: (request: UiRequest) => void): void {
  if (typeof message !== "object" || message === null) return;
  if (typeof message.ack === "number" && outstanding > 0) outstanding--;
  if (typeof message.viewerMs === "number" && message.viewerMs >= 0) shared.viewerMs = message.viewerMs;
  if (message.clear === true) onViewer.clear();
  if (isUiRequest(message.ui)) onUi(message.ui);
}

function send(t: number, inGo: boolean): void {
  if (!port) return;
  if (outstanding >= (inGo ? MOST_IN_GO : MOST_OUTSTANDING)) {
    shared.coalesced++;
    return;
  }
  const frame = cutFrame(reader, t);
  if (!frame) return;
  outstanding++;
  port.postMessage(frame, [frame]);
}

/** The recording starts over: so does the viewer's copy. */
export function restartViewer(): void {
  if (port) reader = recorder.reader();
}

/** The page goes away: the last frame goes out whatever is outstanding. */
export function sayGoodbye(): void {
  if (!port) return;
  try {
    outstanding = 0;
    flush(now());
    port.postMessage({ ended: true });
  } catch (reason) {
    fault("goodbye", reason);
  }
}

export function disconnect(): void {
  viewer.send = () => {};
  if (!port) return;
  port.close();
  port = undefined;
  recorder.reader_drop(reader);
}
