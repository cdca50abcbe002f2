// "Reload with Gopherscope": the page opened again in a frame over itself, with the agent there before its scripts. The page
// before is given up only once the new one begins to run: its content and its timers go, and so does the agent in it.

import { guard } from "./faults";
import { onViewer, sayGoodbye } from "./link";
import { dom } from "./overlay/dom";
import { clearEvery, define, describe, frameWindow, offEvent, onEvent, root, setAfter, then } from "./pristine";
import { prepare, type Realm, waitIn } from "./realms/frames";
import { shared } from "./state";

/** A frame that has not come by then is asked after, ms. */
const REFUSED_MS = 2000;
/** The latest timers that are ended. */
const MOST_TIMERS = 100_000;
const STYLE = "all:initial;position:fixed;inset:0;width:100%;height:100%;z-index:2147483647";

/** The page does not come in a frame: whether its policy evaluates text, its server's answer, and whether it breaks out. */
export type Refused = [evaluates: boolean, status?: number, frameOptions?: string | null, policy?: string | null, leaves?: boolean];

export type Again = (refused?: (why: Refused) => void) => void;

/** The frame that comes, and the one that has. */
let coming: HTMLIFrameElement | undefined;
let shown: HTMLIFrameElement | undefined;

/** Opens `url`, of this origin, in place of this page; `site`: where the viewer is served. */
export function reopen(url: string, site: string | undefined, refused: (why: Refused) => void): void {
  if (coming) return;
  const frame = (coming = dom.create("iframe"));
  frame.style.cssText = STYLE;
  dom.setAttribute(frame, "src", url);
  dom.append(document.documentElement, frame);
  const realm = frameWindow(frame) as Realm;
  const again: Again = (tell = () => {}) => reopen(realm.location.href, site, tell);
  const navigation = root.navigation as EventTarget | undefined;
  // A script of the page that leads the whole tab elsewhere, mostly to its own address: that would be a page without us.
  const leaves = (event: Event & { userInitiated?: boolean }) =>
    void guard("reload", () => {
      if (event.userInitiated) return;
      event.preventDefault();
      refuse([true, , , , true]);
    });
  const stays = () => navigation && offEvent(navigation, "navigate", leaves);
  const refuse = (why: Refused) => {
    if (coming !== frame) return;
    coming = undefined;
    stays();
    dom.remove(frame);
    refused(why);
  };
  let start: (() => void) | undefined;
  try {
    const install = prepare(realm, () => ({ site, ui: "overlay", runtimeTraces: shared.runtimeTraces, again }));
    start = waitIn(realm, () => {
      guard("reload", () => replace(frame));
      install();
      define(root, "gopherscope", { get: () => (frameWindow(frame) as Realm).gopherscope, configurable: true });
    });
  } catch {
    return refuse([false]);
  }
  const waits = () => {
    try {
      return realm.location.href !== "about:blank" && !!describe(realm, "WebAssembly")?.get;
    } catch {
      return false;
    }
  };
  const ask = () => {
    const said = (it?: Response) => {
      // An answer of another kind than the page's: one that a form's data was sent to may give that.
      if (coming !== frame) return;
      if (it?.ok !== false && waits()) start?.();
      else refuse([true, it?.status, it?.headers.get("x-frame-options"), it?.headers.get("content-security-policy")]);
    };
    then(dom.fetch(url), said, () => said());
  };
  if (navigation) onEvent(navigation, "navigate", leaves);
  dom.on(frame, "load", () =>
    void guard("reload", () => {
      stays();
      if (coming !== frame) followed(realm, frame, again);
      else ask();
      if (shown === frame) document.title = realm.document.title;
    }),
  );
  setAfter(() => coming === frame && !waits() && guard("reload", ask), REFUSED_MS);
}

/** The page in the frame has gone on: what came has no agent. */
function followed(realm: Realm, frame: HTMLIFrameElement, again: Again): void {
  if (shown === frame && !("gopherscope" in realm)) again();
}

/** The page before goes, as far as a page can be made to. */
function replace(frame: HTMLIFrameElement): void {
  coming = undefined;
  if (shown) {
    dom.remove(shown);
    delete root.gopherscope;
  } else {
    sayGoodbye();
    onViewer.leave();
    const latest = Math.max(setAfter(() => {}, 0), requestAnimationFrame(() => {}));
    for (let id = latest; id > 0 && id > latest - MOST_TIMERS; id--) {
      clearEvery(id);
      cancelAnimationFrame(id);
    }
    document.head.replaceChildren();
    document.body.replaceChildren();
  }
  shown = frame;
}
