// Where the viewer shows: a frame in the page, docked, floating or as a badge; or a window of its own; or, where a policy
// keeps both out, a mini view in the page.

import { guard } from "./faults";
import { connect, disconnect, isConnected, isUiRequest, type LinkEvents, type Ready, sayGoodbye, tell, tellLayout, type UiRequest } from "./link";
import { captureDom, dom } from "./overlay/dom";
import { addGrips, type Holder } from "./overlay/grips";
import { Host } from "./overlay/host";
import { type Corner, CORNERS, inCorner, INITIAL, type Layout, place, read, type Rect } from "./overlay/layout";
import { NOTICE, notice, type Trouble } from "./overlay/notice";
import { freeCorner, leave, makeRoom } from "./overlay/room";
import { HERE_MS, knowsCredentialless, later, LOADED_MS, Violations, whyNoFrame, whyNoRecording, whyNoWindow } from "./overlay/refusal";
import { Mini, print, type Verb } from "./mini";
import { listen, now, parseJson, root, setAfter, then, unlisten } from "./pristine";
import { startRecorder } from "./recorder";
import { type Again, type Refused, reopen } from "./reload";
import { shared } from "./state";

export type UiKind = "overlay" | "popup";

/** How long the frame stays unseen until the viewer says how it wants to sit, ms. */
const SETTLE_MS = 1500;
/** A viewer whose document has come, and that has not been heard of for so long, does not come by itself, ms. */
const LOAD_MS = 10_000;

let overlay: Overlay | undefined;
let viewer: { kind: UiKind; site: string; again?: Again } | undefined;
/** It is there, or was: from then on only a reader, or the page, opens it again. */
let wasShown = false;

/** Where the viewer is served, and how it is to show; it does not yet. `again`: opens this page anew, in a frame of ours. */
export function configureViewer(kind: UiKind, site: string, again?: Again): void {
  viewer = { kind, site, again };
  listen("pagehide", sayGoodbye);
}

/** Shows the viewer; where it was closed, again. */
export function showViewer(): void {
  wasShown = true;
  if (overlay) return overlay.again();
  captureDom();
  if (dom && document.documentElement) overlay = new Overlay(viewer?.kind === "popup", viewer?.site);
}

/** Shows the viewer unless it has been shown before. */
export const showAtFirst = (): void => void (wasShown || showViewer());

/** Takes the viewer away; recording goes on. */
export function hideViewer(): void {
  disconnect();
  overlay?.remove();
  overlay = undefined;
}

/** What a bookmarklet does once the agent is there. */
export function toggleViewer(site: unknown): void {
  if (overlay) return hideViewer();
  if (!viewer && typeof site === "string") {
    configureViewer("overlay", site);
  }
  showViewer();
}

class Overlay implements Holder, LinkEvents {
  layout: Layout = INITIAL;
  corner: Corner = CORNERS[0];
  private readonly host = new Host();
  private readonly origin: string | undefined;
  private readonly violations: Violations;
  private frame: HTMLIFrameElement | undefined;
  /** In the place of a viewer that cannot be had. */
  private mini: Mini | undefined;
  /** What is said for a viewer that says nothing. */
  private notice: HTMLElement | undefined;
  private window: Window | null = null;
  /** The viewer's document is there, */
  private isHere = false;
  /** and has said that it is ready. */
  private isHeard = false;
  /** A window of its own shows what the frame did. */
  private isOut = false;
  private settled = false;
  private tellGrips: (layout: Layout) => void = () => {};

  constructor(
    private popup: boolean,
    private readonly site: string | undefined,
  ) {
    this.origin = site && new URL(site).origin;
    this.violations = new Violations(this.origin, () => this.refuse());
    listen("message", this.heard);
    listen("resize", this.resized);
    listen("pageshow", this.back);
    this.tellGrips = addGrips(this.host.box, this);
    // A page of another policy than the program's: nothing can be seen here, in whatever frame.
    const blocked = startRecorder() ? undefined : whyNoRecording();
    if (site === undefined || blocked) this.shrink(blocked ?? "");
    else if (popup) this.addButton();
    else this.addFrame(knowsCredentialless && root.crossOriginIsolated);
    this.host.attach();
    // A button waits for nobody.
    this.settled ||= popup;
    this.draw();
    if (!this.frame) return;
    this.seek(this.frame);
    setAfter(() => guard("overlay", () => this.settle()), SETTLE_MS);
  }

  /** `credentialless`: a page that embeds only what agrees to it embeds such a frame all the same. */
  private addFrame(credentialless: boolean): void {
    const frame = dom.create("iframe");
    frame.title = "Gopherscope";
    frame.allow = "clipboard-write";
    if (credentialless) (frame as { credentialless?: boolean }).credentialless = true;
    // Not as scripts of the page set it: that is watched.
    frame.setAttribute("src", this.url);
    if (this.frame) dom.replace(this.frame, frame);
    else dom.prepend(this.host.box, frame);
    this.frame = frame;
  }

  private get url(): string {
    return new URL("#/live", this.site).href;
  }

  /** A frame that has just come into the document; `since`: its first kind had, by `now`. */
  private seek(frame: HTMLIFrameElement, since = now()): void {
    this.window = frame.contentWindow;
    this.isHere = this.isHeard = false;
    const isOurs = () => this.frame === frame && overlay === this;
    const check = (loaded: boolean) => () => isOurs() && !this.isHere && this.refuse(loaded, since);
    // Where a browser refuses a frame, what it shows instead has loaded too.
    dom.on(frame, "load", () => later("overlay", LOADED_MS, check(true)));
    later("overlay", HERE_MS - (now() - since), check(false));
    const late = () => isOurs() && this.isHere && !this.isHeard && this.say("missing");
    setAfter(() => guard("overlay", late), LOAD_MS);
  }

  /** The frame does not come: another kind of it may, else what is left is shown with the reason. */
  private refuse(loaded = false, since?: number): void {
    const { frame, violations } = this;
    if (!frame || this.mini || this.isHere) return;
    if (loaded && !violations.frame && knowsCredentialless && !(frame as { credentialless?: boolean }).credentialless) {
      this.addFrame(true);
      return this.seek(this.frame!, since);
    }
    const shrink = (why: string) =>
      void guard("overlay", () => this.frame === frame && overlay === this && !this.isHere && !this.mini && this.shrink(why));
    then(whyNoFrame(this.site!, violations), shrink);
  }

  private shrink(why: string): void {
    this.mini?.remove();
    this.settled = true;
    // It may only be slow: then it takes its place again.
    if (this.frame) this.frame.hidden = true;
    const mini = (this.mini = new Mini(why, () => {
      this.isOut = true;
      this.say("sandboxed");
    }));
    const verbs: Verb[] = [["Collapse", "Collapse to a badge", () => this.toggle(true)], ["Close", "Close; the page goes on recording", hideViewer]];
    // In an isolated page no window of another site ever answers.
    if (this.site && !root.crossOriginIsolated) verbs.unshift(["Open in a window", "Show the whole view in a window of its own", () => this.openWindow()]);
    if (shared.late || shared.loaded) {
      const barred = () => this.shrink("This page does not open in a frame: for its start, put the script tag before wasm_exec.js.");
      verbs.unshift(["Reload with Gopherscope", "Open this page again, to see its start", () => this.reopen(barred)]);
    }
    if (this.frame) verbs.unshift(["Try again", "Try the whole view again", () => this.reload()]);
    mini.verbs = verbs;
    dom.prepend(this.host.box, mini.frame);
    this.draw();
  }

  /** The viewer's document has come after all, or in a window. */
  private arrived(): void {
    this.isHere = true;
    if (!this.mini) return;
    this.mini.remove();
    this.mini = undefined;
    if (this.frame && this.window === this.frame.contentWindow) this.frame.hidden = false;
    else {
      if (this.frame) dom.remove(this.frame);
      this.frame = undefined;
      this.popup = true;
      this.addButton();
    }
    this.draw();
  }

  /** A new viewer in place of one that does not answer: only a new document is sure to be free of the old one's trouble. */
  private reload(): void {
    disconnect();
    this.say(undefined);
    this.mini?.remove();
    this.mini = this.violations.frame = undefined;
    if (this.frame) {
      this.addFrame((this.frame as { credentialless?: boolean }).credentialless === true);
      this.seek(this.frame);
    } else {
      this.window?.close();
      this.openWindow();
    }
    this.isOut = false;
    this.draw();
  }

  private say(trouble: Trouble | undefined): void {
    if (this.notice) dom.remove(this.notice);
    this.notice = trouble && notice(trouble, () => (trouble === "apart" ? this.dock() : trouble === "sandboxed" ? print() : this.reload()), hideViewer);
    if (this.notice) dom.prepend(this.host.box, this.notice);
    this.draw();
  }

  /** Browsers open windows only at a click. */
  private addButton(): void {
    const button = dom.create("button");
    button.textContent = "Open Gopherscope";
    dom.on(button, "click", () => void guard("popup", () => this.openWindow()));
    dom.append(this.host.box, button);
  }

  private openWindow(): void {
    if (this.window && this.window !== this.frame?.contentWindow && !this.window.closed) return this.window.focus();
    this.isHere = this.isHeard = false;
    const opened = (this.window = dom.open(this.url, "gopherscope", "popup,width=1200,height=800"));
    later("popup", HERE_MS, () => {
      if (overlay !== this || this.isHere || this.window !== opened) return;
      if (this.mini) this.shrink(whyNoWindow(this.site!, opened));
      else this.say(!opened ? "blocked" : opened.closed ? "apart" : "missing");
    });
  }

  /** In the page instead of a window that cannot be had. */
  private dock(): void {
    const { site } = viewer!;
    hideViewer();
    configureViewer("overlay", site);
    showViewer();
  }

  private readonly heard = (event: MessageEvent): void =>
    void guard("handshake", () => {
      // Only the window we opened, showing the site we were loaded from, gets a port.
      if (!this.window || event.source !== this.window || event.origin !== this.origin) return;
      const data = event.data as (Ready & { gopherscope?: unknown; ui?: unknown }) | null;
      if (typeof data !== "object" || data === null) return;
      if (data.gopherscope === "here" || data.gopherscope === "ready") this.arrived();
      if (data.gopherscope === "ready") {
        this.isHeard = true;
        if (this.notice) this.say(undefined);
        connect(this.window, this.origin, data, this);
      }
      // From a viewer that was refused a port.
      if (data.gopherscope === "ui" && isUiRequest(data.ui)) this.ui(data.ui);
    });

  private readonly resized = (): void => void guard("overlay", () => this.draw());

  /** The page was kept and comes back; the viewer, told that it went away, does not. */
  private readonly back = (event: PageTransitionEvent): void =>
    void guard("overlay", () => event.persisted && this.frame && !this.mini && this.reload());

  /** From now on it can be seen. */
  private settle(): void {
    if (this.settled || overlay !== this) return;
    this.settled = true;
    this.draw();
  }

  private draw(drags = false, at?: Rect): void {
    const { layout, host } = this;
    if (this.notice && (this.popup || this.isOut || layout.collapsed)) {
      host.place("notice", inCorner(layout.corner ?? this.corner, dom.view(), NOTICE));
      return host.show(true);
    }
    const rect = at ?? place(layout, dom.view(), this.corner);
    // Only a viewer that listens hears that its badge was pressed.
    const small = isConnected() || this.mini ? "badge" : "small";
    const shape = this.popup ? "button" : layout.collapsed ? small : layout.dock;
    host.place(shape, rect, drags);
    host.show(this.settled && !this.isOut);
    if (drags) return;
    this.tellGrips(layout);
    const docked = this.settled && !this.isOut && (shape === "bottom" || shape === "right");
    if (docked) makeRoom(shape, shape === "bottom" ? rect.h : rect.w);
    else leave();
  }

  private set(layout: Layout): void {
    if (layout.collapsed && !this.layout.collapsed && !layout.corner) {
      leave();
      this.corner = guard("corner", () => freeCorner(dom.view(), this.host.element)) ?? this.corner;
    }
    this.layout = layout;
    this.draw();
  }

  change(next: Layout, done: boolean, at?: Rect): void {
    this.layout = next;
    this.draw(!done, at);
    if (done) tellLayout(next);
  }

  toggle(collapsed: boolean): void {
    this.set({ ...this.layout, collapsed });
    tellLayout(this.layout);
  }

  ui(request: UiRequest): void {
    if (request === "close") hideViewer();
    else if (request === "reload") this.reopen((why) => tell({ refused: why }));
    else this.toggle(request === "collapse");
  }

  private reopen(refused: (why: Refused) => void): void {
    if (viewer?.again) viewer.again(refused);
    else reopen(location.href, this.site, refused);
  }

  /** The viewer says how it wants to sit; nothing that can be read if it remembers nothing. */
  arrange(text: string): void {
    const layout = guard("layout", () => read(text, parseJson));
    this.settled = true;
    this.set(layout ?? this.layout);
  }

  out(isOut: boolean): void {
    this.isOut = isOut;
    if (isOut) this.draw();
    else this.toggle(true);
  }

  answers(does: boolean): void {
    // A window that was closed has nothing to answer.
    if (!does && this.popup && this.window?.closed) return disconnect();
    this.say(does ? undefined : "silent");
  }

  again(): void {
    if (this.popup) this.openWindow();
    else if (this.layout.collapsed) this.toggle(false);
  }

  remove(): void {
    unlisten("message", this.heard as EventListener);
    unlisten("resize", this.resized);
    unlisten("pageshow", this.back as EventListener);
    guard("room", leave);
    this.violations.end();
    this.mini?.remove();
    this.host.remove();
    this.window = null;
  }
}
