// Why the viewer's frame or window does not come, in one sentence that names the policy and says what to do.

import { guard } from "../faults";
import { dom } from "./dom";
import { NativePromise, now, root, setAfter, then } from "../pristine";
import { recorderFailure } from "../recorder";

/** A viewer that can be had has said so by then, ms; */
export const HERE_MS = 1600;
/** and so long after its frame has loaded. */
export const LOADED_MS = 400;
/** What answers at all has answered by then, ms. */
const ANSWER_MS = 300;
/** A timer that is later than this has waited for the thread, as the viewer may have, ms. */
const HELD_MS = 300;
const PATIENCE = 3;

/** Runs `act` after `ms`, of a thread that was free. */
export function later(at: string, ms: number, act: () => void, patience = PATIENCE): void {
  const due = now() + ms + HELD_MS;
  setAfter(() => void guard(at, () => (now() > due && patience > 0 ? later(at, ms, act, patience - 1) : act())), ms);
}

/** Which of its directives a policy goes by, for frames. */
function ruling(policy: string): string {
  const names = policy.split(";").map((it) => it.trim().split(/\s/)[0].toLowerCase());
  return ["frame-src", "child-src", "default-src"].find((it) => names.includes(it)) ?? "frame-src";
}

/** Listens for what the page's policy does to requests at `origin`. */
export class Violations {
  /** The directive that keeps frames out. */
  frame: string | undefined;
  /** Requests are kept out, too. */
  connect = false;

  constructor(
    private readonly origin: string | undefined,
    private readonly refused: () => void,
  ) {
    dom.on(document, "securitypolicyviolation", this.heard);
  }

  private readonly heard = (event: SecurityPolicyViolationEvent): void =>
    void guard("policy", () => {
      if (event.disposition === "report" || !this.origin || !event.blockedURI.startsWith(this.origin)) return;
      if (event.effectiveDirective === "connect-src") this.connect = true;
      if (!/^(frame|child|default)-src$/.test(event.effectiveDirective)) return;
      this.frame = ruling(event.originalPolicy);
      this.refused();
    });

  end(): void {
    dom.off(document, "securitypolicyviolation", this.heard);
  }
}

/** Frames that pages embed whatever the frames' servers say of it. */
export const knowsCredentialless = typeof HTMLIFrameElement === "function" && "credentialless" in HTMLIFrameElement.prototype;

const isolated = () => root.crossOriginIsolated === true;
const WINDOW = "open it in a window";
const FILE = "save the session and open the file at the profiler’s site";

/** Words for a frame that does not come. Where nothing but an answer of its site can tell, that is asked for. */
export function whyNoFrame(site: string, violations: Violations): Promise<string> {
  const say = (words: string) => Promise.resolve(words);
  if (violations.frame) {
    return say(`This page’s Content-Security-Policy (${violations.frame}) keeps the view’s frame out: ${isolated() ? FILE : WINDOW}.`);
  }
  const embedder = knowsCredentialless ? "" : "this page’s Cross-Origin-Embedder-Policy";
  const headers = "with Cross-Origin-Embedder-Policy and Cross-Origin-Resource-Policy";
  if (isolated() && embedder) return say(`T${embedder.slice(1)} keeps the view’s frame out: serve ${site} ${headers}, or ${FILE}.`);
  const or = embedder && `, or ${embedder}`;
  const own = "its own X-Frame-Options or frame-ancestors";
  const reachable = () => `The view at ${site} does not come in a frame for ${own}${or}: ${WINDOW}.`;
  const silent = () =>
    violations.connect
      ? `The view at ${site} does not come in a frame: it is not served, or ${own}${or} forbids it; ${WINDOW}.`
      : `Nothing answers at ${site}${or && `${or} keeps it out`}: serve the profiler there and try again, or ${FILE}.`;
  return new NativePromise((done) => {
    then(dom.fetch(site, { mode: "no-cors", credentials: "omit", cache: "no-store" }), () => done(reachable()), () => done(silent()));
    setAfter(() => done(silent()), ANSWER_MS);
  });
}

/** Words for a page in which the recorder does not start. */
export function whyNoRecording(): string {
  if (/content.security|csp|unsafe-eval/i.test(recorderFailure)) {
    return "This page’s Content-Security-Policy (script-src) forbids WebAssembly, Go programs included: add 'wasm-unsafe-eval' to it.";
  }
  return `Nothing can be recorded in this page: ${recorderFailure}.`;
}

/** Words for a window that does not come. */
export function whyNoWindow(site: string, opened: Window | null): string {
  if (!opened) return "The browser kept the window from opening: allow pop-ups for this page and try again.";
  if (opened.closed) return `The Cross-Origin-Opener-Policy of this page, or of ${site}, cuts its windows off from it: ${FILE}.`;
  return `Nothing answers at ${site}: serve the profiler there and try again, or ${FILE}.`;
}
