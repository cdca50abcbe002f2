// What the agents of a page's realms say to each other.

import type { State } from "../state";
import type { Known } from "./children";

/** A `MessagePort`, or a `BroadcastChannel` that two know of. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** From the page's own agent. */
export interface ToChild {
  /** The number of its realm, and the page's `timeOrigin`; what the page's agent is doing. */
  source?: number;
  origin?: number;
  state?: State;
  runtimeTraces?: boolean;
  /** A frame came. */
  ack?: true;
  /** The ping's time, the page's when it came, and the step of its clock, ms. */
  pong?: number;
  now?: number;
  step?: number;
  /** All is to be told again. */
  anew?: true;
  clear?: true;
  census?: true;
  uninstall?: true;
  start?: { maxSamples?: number; runtimeTraces?: boolean };
  /** Wants an answer once all that is new is told; stops first, if so. */
  ask?: "all" | "stop";
}

/** To the page's own agent. */
export interface ToPage {
  ping?: number;
  frame?: ArrayBuffer;
  /** The frame tells all. */
  anew?: boolean;
  programs?: number;
  answer?: true;
  /** The realm goes away. */
  ended?: true;
  /** A realm of its own, with its agent's port. */
  child?: Known;
}

/** First of all, to whoever made the realm. */
export const HELLO = "hello";

/** What a message says to us, if it is a hello. */
export function helloOf(data: unknown): Known | undefined {
  const hello = data as (Known & { gopherscope?: unknown }) | null;
  return typeof hello === "object" && hello !== null && hello.gopherscope === HELLO ? hello : undefined;
}
