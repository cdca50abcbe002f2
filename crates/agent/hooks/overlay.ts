// Where the viewer shows: a frame docked in the page, or a window of its own. The page's styles do not reach it.

import { guard } from "./faults";
import { connect, disconnect, isUiRequest, type UiRequest } from "./link";
import { listen, unlisten } from "./pristine";

export type UiKind = "overlay" | "popup" | "none";

const SHAPES: Record<"expand" | "collapse", string> = {
  expand: "left:0;right:0;bottom:0;width:100%;height:45vh;min-height:240px",
  collapse: "right:12px;bottom:12px;width:280px;height:44px",
};
const COMMON = "all:initial;position:fixed;z-index:2147483647;display:block;";

let host: HTMLElement | undefined;
let viewerWindow: Window | null = null;
let onMessage: ((event: MessageEvent) => void) | undefined;

/** Shows the viewer that is served at `site`. */
export function showViewer(kind: UiKind, site: string): void {
  if (kind === "none" || host || !document.documentElement) return;
  const origin = new URL(site).origin;
  onMessage = (event) =>
    void guard("handshake", () => {
      // Only the window we opened, showing the site we were loaded from, gets a port.
      if (!viewerWindow || event.source !== viewerWindow || event.origin !== origin) return;
      const data = event.data as { gopherscope?: unknown; protocol?: unknown; ui?: unknown } | null;
      if (typeof data !== "object" || data === null) return;
      if (data.gopherscope === "ready") connect(viewerWindow, origin, data.protocol, onUi);
      // From a viewer that was refused a port.
      if (data.gopherscope === "ui" && isUiRequest(data.ui)) onUi(data.ui);
    });
  listen("message", onMessage as EventListener);
  host = document.createElement("gopherscope-overlay");
  const shadow = host.attachShadow({ mode: "closed" });
  const url = new URL("#/live", site).href;
  if (kind === "popup") showButton(shadow, url);
  else showFrame(shadow, url);
  document.documentElement.append(host);
}

function showFrame(shadow: ShadowRoot, url: string): void {
  shape("expand");
  const frame = document.createElement("iframe");
  frame.style.cssText = "border:0;width:100%;height:100%;display:block;color-scheme:light dark;background:transparent";
  frame.title = "Gopherscope";
  frame.allow = "clipboard-write";
  frame.src = url;
  shadow.append(frame);
  // The frame's window exists once it is in the document.
  queueMicrotask(() => (viewerWindow = frame.contentWindow));
}

/** Browsers open windows only at a click. */
function showButton(shadow: ShadowRoot, url: string): void {
  if (host) host.style.cssText = `${COMMON}right:12px;bottom:12px`;
  const button = document.createElement("button");
  button.textContent = "Open Gopherscope";
  button.style.cssText =
    "font:13px system-ui;padding:8px 14px;border-radius:6px;border:1px solid #5b6770;background:#12181d;color:#e8eef2;cursor:pointer";
  button.onclick = () => {
    if (viewerWindow && !viewerWindow.closed) viewerWindow.focus();
    else viewerWindow = window.open(url, "gopherscope", "popup,width=1200,height=800");
  };
  shadow.append(button);
}

function shape(to: "expand" | "collapse"): void {
  if (host) host.style.cssText = COMMON + SHAPES[to];
}

function onUi(request: UiRequest): void {
  if (request === "close") hideViewer();
  else shape(request);
}

/** Takes the viewer away; recording goes on. */
export function hideViewer(): void {
  disconnect();
  if (onMessage) unlisten("message", onMessage as EventListener);
  host?.remove();
  host = undefined;
  viewerWindow = null;
}
