// The other realms of this page. What their agents tell is gathered here, at the page's own agent, so that it outlives them;
// from here it goes to viewers and into sessions. An agent that has a parent itself passes its children on to it.

import { clockStepMs } from "../clock";
import { fault, guard } from "../faults";
import { NativePromise, now, setAfter, then, timeOrigin } from "../pristine";
import { afterRun } from "../program";
import { post, recorder, recording, startRecorder } from "../recorder";
import { shared } from "../state";
import type { Port, ToChild, ToPage } from "./words";

declare const __AGENT_VERSION__: string;

/** Frames that a viewer has of one realm without having acknowledged them. */
const MOST_OUTSTANDING = 2;
/** Realms that are numbered; of later ones nothing is told. */
const MOST = 999;
/** Letters of a URL that are told: a data: URL is all of its script. */
const MOST_URL = 2000;
/** A realm that is busy is not waited for any longer when a script asks for all, ms. */
const PATIENCE_MS = 1000;
/** Frames of one realm: beyond twice its first and this, it tells all anew, which is less. */
const SLACK = 4 << 20;
/** Frames of realms that are gone, in all. */
const MOST_GONE = 32 << 20;

/** Our parent, where we have one: our children are its. */
export const above: { pass?: (message: ToPage, port?: Port) => void } = {};
/** Something came for viewers. */
export const onNews: { relay: () => void } = { relay: () => {} };

export class Child {
  /** Its frames since it last told all. */
  frames: ArrayBuffer[] = [];
  port: Port | undefined;
  programs = 0;
  /** Of its frames, those that the viewer has, and has not acknowledged. */
  sent = 0;
  outstanding = 0;
  private bytes = 0;
  private whole = 0;
  /** What it has told is of no use any more; it was asked to tell all. */
  stale = false;
  private ended: number | undefined;
  private readonly answers: (() => void)[] = [];

  constructor(
    readonly id: number,
    private readonly kind: number,
    readonly url: string,
    private readonly name: string,
  ) {}

  /** Says who it is, first. */
  introduce(): void {
    recorder.realm(this.kind, post(`${this.url.slice(0, MOST_URL)}\0${this.name}`));
    this.tell();
  }

  private tell(): void {
    if (recording()) recorder.realm_state(this.id, this.port ? 1 : 0, this.ended ?? NaN);
  }

  connect(port: Port): void {
    this.port = port;
    port.onmessage = (event: MessageEvent<ToPage>) => void guard("realms", () => this.heard(event.data, event.ports?.[0]));
    // Where the browser tells of it.
    (port as { onclose?: () => void }).onclose = () => void guard("realms", () => this.end());
    const { state, runtimeTraces } = shared;
    this.say({ source: this.id, origin: timeOrigin, state, runtimeTraces });
    this.tell();
  }

  say(message: ToChild): void {
    if (this.ended === undefined) this.port?.postMessage(message);
  }

  private heard(message: ToPage, port: Port | undefined): void {
    if (typeof message !== "object" || message === null) return;
    if (message.ping !== undefined) this.say({ pong: message.ping, now: now(), step: clockStepMs });
    if (message.frame instanceof ArrayBuffer) this.take(message.frame, message.anew === true, message.programs ?? 0);
    if (message.answer) for (const answer of this.answers.splice(0)) answer();
    if (message.child) guard("realms", () => meet(message.child!, port));
    if (message.ended) this.end();
  }

  private take(frame: ArrayBuffer, anew: boolean, programs: number): void {
    this.say({ ack: true });
    if (anew) {
      this.reset();
      this.whole = frame.byteLength;
    } else if (this.stale) return;
    const first = programs > 0 && this.programs === 0;
    this.programs = programs;
    this.frames[this.frames.length] = frame;
    this.bytes += frame.byteLength;
    if (this.bytes > 2 * this.whole + SLACK) {
      this.stale = true;
      this.say({ anew: true });
    }
    // The page itself may have none.
    startRecorder();
    if (first) for (const call of afterRun) call();
    onNews.relay();
  }

  /** What it told is forgotten. */
  reset(): void {
    this.frames = [];
    this.bytes = this.whole = this.sent = this.outstanding = 0;
    this.stale = false;
  }

  /** A promise of its answer, if one may come. */
  answer(): Promise<void> | undefined {
    if (!this.port || this.ended !== undefined) return undefined;
    return new NativePromise((resolve) => (this.answers[this.answers.length] = resolve));
  }

  /** It is gone; what it told stays. */
  end(): void {
    if (this.ended !== undefined) return;
    this.ended = now();
    this.tell();
    for (const answer of this.answers.splice(0)) answer();
    let bytes = 0;
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child.ended !== undefined && (bytes += child.bytes) > MOST_GONE && child.bytes > 0) {
        shared.coalesced += child.frames.length;
        child.reset();
      }
    }
  }
}

const children: Child[] = [];

/** A realm that there is, and the release of its agent, where it has one. */
export interface Known {
  kind: number;
  url: string;
  name: string;
  agent?: string;
}

/** Takes a realm up, with the port of its agent where it has one. */
export function meet(known: Known, port?: Port): Child | undefined {
  if (above.pass) {
    above.pass({ child: known }, port);
    return undefined;
  }
  if (children.length >= MOST) return undefined;
  const child = new Child(children.length + 1, known.kind, String(known.url), String(known.name));
  children[children.length] = child;
  if (recording()) child.introduce();
  if (port && speaks(known)) child.connect(port);
  return child;
}

/** Whether an agent can be understood: only its own release is sure to be. */
export function speaks({ agent, url }: Known): boolean {
  if (agent === __AGENT_VERSION__) return true;
  fault("realms", `the agent in ${url} is of release ${agent}, this one of ${__AGENT_VERSION__}`);
  return false;
}

/** The recorder runs: it is told what there was before. */
export function introduceChildren(): void {
  for (const child of children) child.introduce();
}

/** To all. */
export function tellChildren(message: ToChild): void {
  for (const child of children) child.say(message);
}

/** They forget what they have told. */
export function clearChildren(): void {
  for (const child of children) {
    child.reset();
    child.stale = true;
  }
  tellChildren({ clear: true });
}

/** Asks all for what is new; waits for those that answer. */
export async function askChildren(message: ToChild): Promise<ArrayBuffer[]> {
  const answers = children.map((child) => child.answer()).filter((answer) => answer !== undefined);
  tellChildren(message);
  if (answers.length > 0) {
    await new NativePromise<void>((resolve) => {
      setAfter(resolve, PATIENCE_MS);
      let waiting = answers.length;
      for (const answer of answers) void then(answer, () => void (--waiting === 0 && resolve()));
    });
  }
  return children.flatMap((child) => child.frames);
}

/** Programs of all. */
export const childPrograms = (): number => children.reduce((sum, child) => sum + child.programs, 0);

/** A new viewer: it has nothing yet. */
export function forgetViewer(): void {
  for (const child of children) child.sent = child.outstanding = 0;
}

/** The viewer has read a frame of a realm. */
export function acknowledge(source: number): void {
  const child = children[source - 1];
  if (child && child.outstanding > 0) child.outstanding--;
}

/** Hands the viewer what it may have. */
export function relay(send: (frame: ArrayBuffer) => void): void {
  for (const child of children) {
    while (child.outstanding < MOST_OUTSTANDING && child.sent < child.frames.length) {
      child.outstanding++;
      send(child.frames[child.sent++]);
    }
  }
}

