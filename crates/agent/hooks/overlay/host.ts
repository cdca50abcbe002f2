// The overlay's element in the page: a closed root whose style sheets win over any of the page's, in the top layer where
// the browser has one, so that no transform, filter or z-index of the page's reaches it. A modal dialog or a fullscreen
// element opened later lies above it, as above the rest of the page.

import { dom } from "./dom";
import type { Dock, Rect } from "./layout";

/** Important rules of an element's own root win over important rules and inline styles from outside. Custom properties and
 *  direction are not part of `all`. */
const STYLE = `
:host { all: initial !important; direction: ltr !important; position: fixed !important; display: block !important;
  z-index: 2147483647 !important; margin: 0 !important; border: 0 !important; padding: 0 !important;
  overflow: visible !important; background: none !important; color-scheme: light dark !important; }
@media print { :host { display: none !important } }
.box { position: absolute; inset: 0; font: 13px system-ui, sans-serif; }
iframe { position: absolute; border: 0; width: 100%; height: 100%; display: block; color-scheme: light dark; background: transparent; }
.drags iframe { pointer-events: none; }
iframe[hidden] { display: none; }
.grip { position: absolute; display: none; touch-action: none; user-select: none; -webkit-user-select: none;
  box-sizing: border-box; background: light-dark(#dce1e6, #303841); outline: none; }
.grip::after { content: ""; position: absolute; inset: 0; margin: auto; border-radius: 2px; background: light-dark(#56616c, #a1acb6); }
.grip:hover, .drags .grip { background: light-dark(#c9d1d8, #3d4751); }
.grip:focus-visible { outline: 2px solid light-dark(#0075a8, #6cc7ff); outline-offset: -2px; }
.top, .bottom { left: 0; right: 0; height: 8px; cursor: ns-resize; }
.top::after, .bottom::after { width: 32px; height: 2px; }
.left, .right { top: 0; bottom: 0; width: 8px; cursor: ew-resize; }
.left::after, .right::after { width: 2px; height: 32px; }
.top { top: 0; } .bottom { bottom: 0; } .left { left: 0; } .right { right: 0; }
.bottom-left, .bottom-right { bottom: 0; width: 24px; height: 24px; background: none !important; }
.bottom-left { left: 0; cursor: nesw-resize; } .bottom-right { right: 0; cursor: nwse-resize; }
.bottom-left::after, .bottom-right::after { display: none; }
.move { top: 0; left: 0; right: 0; height: 24px; cursor: move; border-radius: 6px 6px 0 0; }
.move::after { width: 48px; height: 4px; }
.badge { inset: 0; border-radius: 999px; cursor: pointer; background: none; }
.badge:hover { background: rgb(128 128 128 / 0.14); }
.badge::after { display: none; }
.is-bottom .top, .is-right .left, .is-badge .badge { display: block; }
.is-float :is(.move, .left, .right, .bottom, .bottom-left, .bottom-right) { display: block; }
.is-bottom iframe { top: 8px; height: calc(100% - 8px); }
.is-right iframe { left: 8px; width: calc(100% - 8px); }
.is-float { border-radius: 6px; box-shadow: 0 0 0 1px light-dark(#a1acb6, #56616c), 0 8px 24px rgb(0 0 0 / 0.25); }
.is-float iframe { top: 24px; left: 8px; width: calc(100% - 16px); height: calc(100% - 32px); }
.is-float :is(.left, .right) { top: 24px; }
@media (pointer: coarse) {
  .is-bottom .top { height: 24px; } .is-bottom iframe { top: 24px; height: calc(100% - 24px); }
  .is-right .left { width: 24px; } .is-right iframe { left: 24px; width: calc(100% - 24px); }
}
.is-button { position: static; }
button { font: inherit; padding: 8px 14px; border-radius: 6px; border: 1px solid #5b6770; background: #12181d; color: #e8eef2; cursor: pointer; }
button:focus-visible { outline: 2px solid light-dark(#0075a8, #6cc7ff); outline-offset: 2px; }
.notice { position: absolute; z-index: 1; top: 0; left: 0; right: 0; height: 44px; box-sizing: border-box; padding: 0 12px;
  display: flex; align-items: center; gap: 8px; white-space: nowrap; color: light-dark(#12181d, #e8eef2);
  background: light-dark(#fff3e0, #3a2a12); border-bottom: 1px solid light-dark(#b35c00, #ffb86b); }
.notice span { flex: 1; white-space: normal; }
.notice button { padding: 4px 12px; min-height: 28px; }
.is-bottom .notice { top: 8px; } .is-right .notice { left: 8px; } .is-float .notice { top: 24px; left: 8px; right: 8px; }
.is-notice > :not(.notice) { display: none; }
.is-notice .notice { border: 1px solid light-dark(#b35c00, #ffb86b); border-radius: 6px; }
@media (forced-colors: active) { .grip { background: ButtonFace; } .grip::after { background: ButtonText; } }
`;

export type Shape = Dock | "badge" | "small" | "button" | "notice";

export class Host {
  readonly element: HTMLElement;
  readonly box: HTMLElement;
  private readonly geometry: CSSStyleSheet;
  private visible = false;
  private rules = "";

  constructor() {
    this.element = dom.create("gopherscope-overlay");
    const root = dom.attachShadow(this.element, { mode: "closed" });
    const style = new dom.Sheet();
    dom.write(style, STYLE);
    this.geometry = new dom.Sheet();
    dom.adoptInShadow(root, [style, this.geometry]);
    this.box = dom.create("div");
    dom.append(root, this.box);
    this.show(false);
  }

  /** Puts it into the document. */
  attach(): void {
    if (dom.showPopover) dom.setAttribute(this.element, "popover", "manual");
    dom.append(document.documentElement, this.element);
    dom.showPopover?.(this.element);
  }

  /** Shows or hides it; what is in it goes on either way. */
  show(visible: boolean): void {
    this.visible = visible;
    this.draw();
  }

  /** A docked view follows the window's edges by itself. */
  place(shape: Shape, { x, y, w, h }: Rect, drags = false): void {
    const px = (it: number) => `${it}px !important`;
    if (shape === "bottom") this.rules = `left: 0 !important; right: 0 !important; bottom: 0 !important; height: ${px(h)}`;
    else if (shape === "right") this.rules = `top: 0 !important; right: 0 !important; bottom: 0 !important; width: ${px(w)}`;
    else if (shape === "button") this.rules = "right: 12px !important; bottom: 12px !important; width: max-content !important";
    else this.rules = `left: ${px(x)}; top: ${px(y)}; width: ${px(w)}; height: ${px(h)}`;
    this.box.className = `box is-${shape}${drags ? " drags" : ""}`;
    this.draw();
  }

  private draw(): void {
    const { rules, visible } = this;
    dom.write(this.geometry, `:host { visibility: ${visible ? "visible" : "hidden"} !important; ${rules} }`);
  }

  remove(): void {
    dom.remove(this.element);
  }
}
