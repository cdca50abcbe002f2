// The agent's end of the port to the viewer: at most two frames unacknowledged, then none until it catches up; some more
// while Go holds the thread, when it cannot be heard. A viewer in the page may hand the recording over to a window that it
// opened itself, and gets it back.

import { fault, guard } from "./faults";
import { flush, viewer } from "./flush";
import { now, openChannel, root, setAfter } from "./pristine";
import { cutFrame, recorder, startRecorder } from "./recorder";
import { acknowledge, forgetViewer, onNews, relay } from "./realms/children";
import { shared } from "./state";
import type { Layout } from "./overlay/layout";

declare const __AGENT_VERSION__: string;

const MOST_OUTSTANDING = 2;
/** Of a stay in Go: ten seconds of four frames each. */
const MOST_IN_GO = 40;
/** Without an answer for this long, the viewer is taken to hang, ms; */
const SILENCE_MS = 5000;
/** but not before so many frames were withheld: a page that slept must not blame it. */
const LEAST_WITHHELD = 10;
/** Between the end of a viewer's document and its next: it may only be reloading, ms. */
const RELOAD_MS = 3000;

/** Where frames go. */
let port: MessagePort | undefined;
/** It leads to a frame of this page. */
let framed = false;
/** The frame's, while a window of its own has the frames. */
let aside: MessagePort | undefined;
let reader = 0;
/** The viewer's document that was answered. */
let answeredTo: unknown;
let outstanding = 0;
/** The viewer has the reader's first frame. */
let hasBegun = false;
/** Frames in a row that were withheld while the viewer could be heard, */
let withheld = 0;
/** since its last answer, ms. */
let answeredAt = 0;
/** The overlay has been told that it does not answer. */
let silent = false;
let overlay: LinkEvents | undefined;

/** What the viewer may ask of the window it sits in. */
export type UiRequest = "collapse" | "expand" | "close" | "reload";

export const isUiRequest = (it: unknown): it is UiRequest => it === "collapse" || it === "expand" || it === "close" || it === "reload";

/** What the viewer may ask of the recording, and how the agent leaves the page; `api.ts` says how. */
export const onViewer = { clear: () => {}, census: () => {}, leave: () => {} };

/** What the overlay does at the viewer's word. */
export interface LinkEvents {
  ui(request: UiRequest): void;
  /** A layout, in JSON. */
  arrange(text: string): void;
  /** A window of its own has taken over, or is gone again. */
  out(isOut: boolean): void;
  /** The viewer stopped answering, or does again. */
  answers(does: boolean): void;
}

interface FromViewer {
  ack?: number;
  /** The realm whose frame that was. */
  source?: number;
  viewerMs?: number;
  ui?: UiRequest;
  clear?: boolean;
  /** Asks what the JS values are that Go holds: the next frame tells. */
  census?: boolean;
  layout?: string;
  popout?: boolean;
}

const hello = () => ({ protocol: recorder.protocol(), agent: __AGENT_VERSION__ });

/** What a viewer says of itself. */
export interface Ready {
  /** The protocol it speaks. */
  protocol?: unknown;
  /** Tells its document from others: it repeats itself until it is answered. */
  document?: unknown;
}

/** Answers a viewer that says it is ready. */
export function connect(to: Window, origin: string, { protocol: theirs, document: its }: Ready, events: LinkEvents): void {
  // The whole recording goes out with each answer.
  if ((its !== undefined && its === answeredTo) || !startRecorder()) return;
  if (theirs !== recorder.protocol()) {
    to.postMessage({ gopherscope: "refused", ...hello() }, origin);
    return;
  }
  disconnect();
  answeredTo = its;
  framed = to.parent !== to;
  const theirEnd = open(events);
  to.postMessage({ gopherscope: "port", ...hello() }, origin, [theirEnd]);
  flush(now());
}

/** A new channel, to which frames go from the beginning. */
function open(events: LinkEvents): MessagePort {
  // Where the browser tells of a port's end; elsewhere, and of a viewer that hangs, the withheld frames do.
  const ended = (own: MessagePort) =>
    void guard("viewer", () => setAfter(() => own === port && guard("viewer", silence), RELOAD_MS));
  const [own, theirs] = openChannel<FromViewer>((from, message) => void guard("viewer", () => heard(from, message, events)), ended);
  port = own;
  overlay = events;
  restartReader();
  viewer.send = send;
  return theirs;
}

function restartReader(): void {
  newReader();
  outstanding = 0;
  answered();
}

function newReader(): void {
  hasBegun = false;
  forgetViewer();
  if (reader) recorder.reader_drop(reader);
  reader = recorder.reader();
}

function silence(): void {
  silent = true;
  overlay?.answers(false);
}

function answered(): void {
  const wasSilent = silent;
  forgive();
  if (wasSilent) overlay?.answers(true);
}

function forgive(): void {
  withheld = 0;
  answeredAt = now();
  silent = false;
}

function heard(from: MessagePort, message: FromViewer, events: LinkEvents): void {
  if (typeof message !== "object" || message === null) return;
  if (from === port) {
    if (typeof message.ack === "number") {
      if (message.source) acknowledge(message.source);
      else if (outstanding > 0) outstanding--;
      answered();
      relayAll();
    }
    if (typeof message.viewerMs === "number" && message.viewerMs >= 0) shared.viewerMs = message.viewerMs;
    if (message.clear === true) onViewer.clear();
    if (message.census === true) onViewer.census();
  }
  if (from !== (aside ?? port)) {
    if (message.ui === "close") handBack(events);
    return;
  }
  if (isUiRequest(message.ui)) events.ui(message.ui);
  if (typeof message.layout === "string") events.arrange(message.layout);
  if (message.popout === true) handOver(from, events);
  else if (message.popout === false) handBack(events);
}

/** The frame passes its window's port on to a window of its own: we talk to nobody but the frame. */
function handOver(frame: MessagePort, events: LinkEvents): void {
  if (aside) port?.close();
  aside = frame;
  frame.postMessage({ popout: hello() }, [open(events)]);
  events.out(true);
  flush(now());
}

function handBack(events: LinkEvents): void {
  if (!aside) return;
  port?.close();
  port = aside;
  aside = undefined;
  restartReader();
  events.out(false);
  flush(now());
}

function send(t: number, inGo: boolean): void {
  if (!port) return;
  sendOwn(t, inGo);
  relayAll();
}

function sendOwn(t: number, inGo: boolean): void {
  if (outstanding >= (inGo ? MOST_IN_GO : MOST_OUTSTANDING)) {
    shared.coalesced++;
    if (!inGo && ++withheld >= LEAST_WITHHELD && !silent && t - answeredAt >= SILENCE_MS) silence();
    return;
  }
  const frame = cutFrame(reader, t);
  if (!frame) return;
  outstanding++;
  port!.postMessage(frame, [frame]);
  hasBegun = true;
}

/** What other realms told. They count from the page's own beginning: the viewer gets that first. */
function relayAll(): void {
  if (port && hasBegun) relay((frame) => port!.postMessage(frame));
}
onNews.relay = relayAll;

export const isConnected = (): boolean => port !== undefined;

/** What a reader did to the overlay, for the viewer to remember. */
export const tellLayout = (layout: Layout): void => tell({ layout: JSON.stringify(layout) });

/** Says something to the viewer in the page. */
export function tell(message: object): void {
  (aside ?? port)?.postMessage(message);
}

/** The recording starts over: so does the viewer's copy. */
export function restartViewer(): void {
  if (port) newReader();
}

/** The page goes away: the last frame goes out whatever is outstanding. Firefox keeps no page for Back and Forward of which a
 *  message reaches a frame that it has put aside: there the viewer's own end tells. */
export function sayGoodbye(event?: PageTransitionEvent): void {
  if (!port || (event?.persisted && framed && !aside && "mozInnerScreenX" in root)) return;
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
  answeredTo = undefined;
  aside?.close();
  aside = undefined;
  forgive();
  if (!port) return;
  port.close();
  port = undefined;
  recorder.reader_drop(reader);
  reader = 0;
}
