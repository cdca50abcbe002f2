// Where the viewer shows: a frame in the page, docked, floating or as a badge; or a window of its own.

import { guard } from "./faults";
import { connect, disconnect, isConnected, isUiRequest, type LinkEvents, type Ready, tellLayout, type UiRequest } from "./link";
import { captureDom, dom } from "./overlay/dom";
import { addGrips, type Holder } from "./overlay/grips";
import { Host } from "./overlay/host";
import { type Corner, CORNERS, inCorner, INITIAL, type Layout, place, read, type Rect } from "./overlay/layout";
import { NOTICE, notice, type Trouble } from "./overlay/notice";
import { freeCorner, leave, makeRoom } from "./overlay/room";
import { listen, parseJson, setAfter, unlisten } from "./pristine";

export type UiKind = "overlay" | "popup";

/** A window that the page's opener policy parts from it is known by then, ms. */
const APART_MS = 1500;
/** How long the frame stays unseen until the viewer says how it wants to sit, ms. */
const SETTLE_MS = 1500;
/** A viewer that has not been heard of for so long does not come by itself, ms. */
const LOAD_MS = 10_000;

let overlay: Overlay | undefined;
let viewer: { kind: UiKind; site: string } | undefined;

/** Where the viewer is served, and how it is to show; it does not yet. */
export function configureViewer(kind: UiKind, site: string): void {
  viewer = { kind, site };
}

/** Shows the viewer; where it was closed, again. */
export function showViewer(): void {
  if (overlay) return overlay.again();
  captureDom();
  if (!viewer || !dom || !document.documentElement) return;
  overlay = new Overlay(viewer.kind === "popup", viewer.site);
}

/** Takes the viewer away; recording goes on. */
export function hideViewer(): void {
  disconnect();
  overlay?.remove();
  overlay = undefined;
}

class Overlay implements Holder, LinkEvents {
  layout: Layout = INITIAL;
  corner: Corner = CORNERS[0];
  private readonly host = new Host();
  private readonly origin: string;
  private readonly url: string;
  private frame: HTMLIFrameElement | undefined;
  /** What is said for a viewer that says nothing. */
  private notice: HTMLElement | undefined;
  private window: Window | null = null;
  /** The viewer has said that it is ready. */
  private isHeard = false;
  /** A window of its own shows what the frame did. */
  private isOut = false;
  private settled = false;
  private tellGrips: (layout: Layout) => void = () => {};

  constructor(
    private readonly popup: boolean,
    site: string,
  ) {
    this.origin = new URL(site).origin;
    this.url = new URL("#/live", site).href;
    listen("message", this.heard);
    listen("resize", this.resized);
    listen("pageshow", this.back);
    if (popup) this.addButton();
    else this.addFrame();
    this.host.attach();
    // A button waits for nobody.
    this.settled = popup;
    this.draw();
    if (!this.frame) return;
    this.loading(this.frame);
    setAfter(() => guard("overlay", () => this.settle()), SETTLE_MS);
  }

  private addFrame(): void {
    this.frame = this.newFrame();
    dom.append(this.host.box, this.frame);
    this.tellGrips = addGrips(this.host.box, this);
  }

  private newFrame(): HTMLIFrameElement {
    const frame = dom.create("iframe");
    frame.title = "Gopherscope";
    frame.allow = "clipboard-write";
    frame.src = this.url;
    return frame;
  }

  /** A frame that has just come into the document. */
  private loading(frame: HTMLIFrameElement): void {
    this.window = frame.contentWindow;
    this.isHeard = false;
    const late = () => this.frame === frame && overlay === this && !this.isHeard && this.say("missing");
    setAfter(() => guard("overlay", late), LOAD_MS);
  }

  /** A new viewer in place of one that does not answer: only a new document is sure to be free of the old one's trouble. */
  private reload(): void {
    disconnect();
    this.say(undefined);
    if (this.frame) {
      const frame = this.newFrame();
      dom.replace(this.frame, frame);
      this.frame = frame;
      this.loading(frame);
    } else {
      this.window?.close();
      this.openWindow();
    }
    this.isOut = false;
    this.draw();
  }

  private say(trouble: Trouble | undefined): void {
    if (this.notice) dom.remove(this.notice);
    this.notice = trouble && notice(trouble, () => (trouble === "apart" ? this.dock() : this.reload()), hideViewer);
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
    if (this.window && !this.window.closed) this.window.focus();
    else this.window = dom.open(this.url, "gopherscope", "popup,width=1200,height=800");
    const apart = () => overlay === this && !this.isHeard && (!this.window || this.window.closed) && this.say("apart");
    setAfter(() => guard("popup", apart), APART_MS);
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
    void guard("overlay", () => event.persisted && this.frame && this.reload());

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
    const small = isConnected() ? "badge" : "small";
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
    else this.toggle(request === "collapse");
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
    this.host.remove();
    this.window = null;
  }
}
