// What a reader takes hold of: edges, the strip of a floating view, the badge; by pointer and by keyboard. They lie outside
// the frame, which gets no pointer events while they move.

import { guard } from "../faults";
import { dom } from "./dom";
import { BADGE, type Corner, type Edge, inCorner, type Layout, move, nearestCorner, place, pull, type Rect, type Size } from "./layout";

/** How far a key moves an edge, px; with Shift, and for a strip. */
const STEP = 16;
const LONG_STEP = 64;
/** A pointer that moved less has pressed. */
const SLACK = 4;

export interface Holder {
  readonly layout: Layout;
  readonly corner: Corner;
  /** Shows a layout; `at`: a badge on its way. `done`: it is to be remembered. */
  change(next: Layout, done: boolean, at?: Rect): void;
  /** The badge was pressed; an edge or a strip twice, or with Enter: that works where the viewer does not answer. */
  toggle(collapsed: boolean): void;
}

type Part = Edge | "move" | "badge";
const EDGES: Edge[] = ["top", "left", "right", "bottom", "bottom-left", "bottom-right"];
const LABELS: Partial<Record<Part, string>> = {
  top: "Height of Gopherscope; Enter collapses it",
  left: "Width of Gopherscope; Enter collapses it",
  right: "Width of Gopherscope; Enter collapses it",
  bottom: "Height of Gopherscope; Enter collapses it",
  move: "Move Gopherscope with the arrow keys; Enter collapses it",
  badge: "Open Gopherscope; the arrow keys move it to another corner",
};

/** Appends all grips to `box`; its class says which of them show. Returns what tells them of a new layout. */
export function addGrips(box: HTMLElement, holder: Holder): (layout: Layout) => void {
  const grips = [...EDGES, "move" as const, "badge" as const].map((part) => new Grip(part, holder));
  for (const grip of grips) dom.append(box, grip.element);
  return (layout) => grips.forEach((grip) => grip.tell(layout));
}

class Grip {
  readonly element = dom.create("div");
  /** Where the pointer went down, and where the view was. */
  private held: { x: number; y: number; layout: Layout; rect: Rect; moved: boolean } | undefined;

  constructor(
    private readonly part: Part,
    private readonly holder: Holder,
  ) {
    const { element } = this;
    element.className = `grip ${part}`;
    const label = LABELS[part];
    if (label) {
      dom.setAttribute(element, "tabindex", "0");
      dom.setAttribute(element, "role", part === "move" || part === "badge" ? "button" : "separator");
      dom.setAttribute(element, "aria-label", label);
      if (part === "badge") dom.setAttribute(element, "title", "Open the view; drag it to any corner");
    }
    const on = <E extends Event>(type: string, act: (event: E) => void) =>
      dom.on(element, type, (event: E) => {
        // A page that plays with keys or pointers has no part in this.
        event.stopPropagation();
        guard("grip", () => act(event));
      });
    on<PointerEvent>("pointerdown", (event) => this.down(event));
    on<PointerEvent>("pointermove", (event) => this.moved(event, false));
    on<PointerEvent>("pointerup", (event) => this.moved(event, true));
    on("pointercancel", () => this.cancel());
    on<KeyboardEvent>("keydown", (event) => this.key(event));
    on("dblclick", () => this.part !== "badge" && this.holder.toggle(true));
    for (const type of ["mousedown", "mouseup", "click", "keyup", "keypress", "contextmenu"]) on(type, () => {});
  }

  tell({ dock, bottom, right }: Layout): void {
    const upright = this.part === "left" || this.part === "right";
    if (!upright && this.part !== "top" && this.part !== "bottom") return;
    dom.setAttribute(this.element, "aria-orientation", upright ? "vertical" : "horizontal");
    const docked = dock === "float" ? undefined : Math.round(100 * (upright ? right : bottom));
    if (docked !== undefined) dom.setAttribute(this.element, "aria-valuenow", String(docked));
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { layout, corner } = this.holder;
    this.held = { x: event.clientX, y: event.clientY, layout, rect: place(layout, dom.view(), corner), moved: false };
    dom.capturePointer(this.element, event.pointerId);
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    // The frame lets go of the pointer before it moves.
    this.holder.change(layout, false);
  }

  private moved(event: PointerEvent, done: boolean): void {
    const held = this.held;
    if (!held) return;
    // A release that another document got.
    done ||= event.buttons === 0;
    if (done) this.held = undefined;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    held.moved ||= Math.abs(dx) > SLACK || Math.abs(dy) > SLACK;
    if (held.moved) this.shift(held.layout, held.rect, dx, dy, done);
    else if (done) {
      this.holder.change(held.layout, true);
      if (this.part === "badge") this.holder.toggle(false);
    }
  }

  private cancel(): void {
    if (this.held) this.holder.change(this.held.layout, true);
    this.held = undefined;
  }

  private shift(layout: Layout, from: Rect, dx: number, dy: number, done: boolean): void {
    const view = dom.view();
    if (this.part === "badge") {
      const at = { ...from, ...BADGE, x: from.x + dx, y: from.y + dy };
      this.holder.change({ ...layout, corner: nearestCorner(at, view) }, done, done ? undefined : at);
    } else if (this.part === "move") {
      this.holder.change(move(layout, from, dx, dy, view), done);
    } else {
      this.holder.change(pull(layout, this.part, from, dx, dy, view), done);
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return this.holder.toggle(this.part !== "badge");
    }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const { layout, corner } = this.holder;
    const view: Size = dom.view();
    const rect = place(layout, view, corner);
    if (this.part === "badge") {
      const at = inCorner(layout.corner ?? corner, view);
      const next = { ...at, x: at.x + way[0] * view.w, y: at.y + way[1] * view.h };
      return this.holder.change({ ...layout, corner: nearestCorner(next, view) }, true);
    }
    const step = event.shiftKey ? LONG_STEP : STEP;
    this.shift(layout, rect, way[0] * step, way[1] * step, true);
  }
}
