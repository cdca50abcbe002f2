// Where the viewer sits in the page: a pure model. The viewer remembers it, so what it sends is checked here; what is
// kept is what a reader chose, and `place` fits it into the window there is. `src/state/layout.rs` is its twin.

export type Dock = "bottom" | "right" | "float";
export type Edge = "top" | "left" | "right" | "bottom" | "bottom-left" | "bottom-right";
export const CORNERS = ["bottom-right", "bottom-left", "top-right", "top-left"] as const;
export type Corner = (typeof CORNERS)[number];

/** A box in CSS px of the window. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Size {
  w: number;
  h: number;
}

export interface Layout {
  dock: Dock;
  /** Parts of the window's height and width. */
  bottom: number;
  right: number;
  /** None until it first floated. */
  float: Rect | null;
  collapsed: boolean;
  /** None until chosen: then it goes where it covers least. */
  corner: Corner | null;
}

export const INITIAL: Layout = { dock: "bottom", bottom: 0.38, right: 0.4, float: null, collapsed: false, corner: null };
export const BADGE: Size = { w: 280, h: 44 };
const BADGE_MARGIN = 12;
const FLOAT_MARGIN = 24;
/** Smaller, and it could not be read. */
const LEAST: Size = { w: 320, h: 200 };
/** What a docked view leaves of the page. */
const PAGE = 48;

/** The lower limit wins where a window is too small for both. */
const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** A layout as the viewer tells it, in JSON; undefined for anything else. */
export function read(text: unknown, parse: (text: string) => unknown): Layout | undefined {
  if (typeof text !== "string" || text === "" || text.length > 1000) return undefined;
  const given = parse(text) as Partial<Layout> | null;
  if (typeof given !== "object" || given === null) return undefined;
  const { dock, bottom, right, float, collapsed, corner } = given;
  if (dock !== "bottom" && dock !== "right" && dock !== "float") return undefined;
  return {
    dock,
    bottom: isPart(bottom) ? bottom : INITIAL.bottom,
    right: isPart(right) ? right : INITIAL.right,
    float: isRect(float) ? { x: float.x, y: float.y, w: float.w, h: float.h } : null,
    collapsed: collapsed === true,
    corner: CORNERS.find((it) => it === corner) ?? null,
  };
}

const isPart = (it: unknown): it is number => typeof it === "number" && it > 0 && it < 1;
const isRect = (it: unknown): it is Rect =>
  typeof it === "object" && it !== null && [it as Rect].every(({ x, y, w, h }) => [x, y, w, h].every(Number.isFinite));

/** Where it is, in a window of this size. */
export function place(layout: Layout, view: Size, corner: Corner): Rect {
  if (layout.collapsed) return inCorner(layout.corner ?? corner, view);
  if (layout.dock === "float") return fit(layout.float ?? firstFloat(view), view);
  if (layout.dock === "right") {
    const w = clamp(Math.round(layout.right * view.w), Math.min(LEAST.w, view.w), view.w - PAGE);
    return { x: view.w - w, y: 0, w, h: view.h };
  }
  const h = clamp(Math.round(layout.bottom * view.h), Math.min(LEAST.h, view.h), view.h - PAGE);
  return { x: 0, y: view.h - h, w: view.w, h };
}

export function inCorner(corner: Corner, view: Size, size = BADGE): Rect {
  const w = Math.min(size.w, view.w);
  const x = corner.endsWith("right") ? Math.max(0, view.w - w - BADGE_MARGIN) : Math.min(BADGE_MARGIN, view.w - w);
  const y = corner.startsWith("bottom") ? Math.max(0, view.h - size.h - BADGE_MARGIN) : BADGE_MARGIN;
  return { x, y, w, h: size.h };
}

function firstFloat(view: Size): Rect {
  const [w, h] = [Math.min(960, view.w * 0.7), Math.min(640, view.h * 0.6)].map(Math.round);
  return { x: view.w - w - FLOAT_MARGIN, y: view.h - h - FLOAT_MARGIN, w, h };
}

/** All of a floating view stays in the window. */
export function fit(rect: Rect, view: Size): Rect {
  const w = Math.min(Math.max(rect.w, LEAST.w), view.w);
  const h = Math.min(Math.max(rect.h, LEAST.h), view.h);
  return { x: clamp(rect.x, 0, view.w - w), y: clamp(rect.y, 0, view.h - h), w, h };
}

/** After an edge of `from` has been pulled by some px. */
export function pull(layout: Layout, edge: Edge, from: Rect, dx: number, dy: number, view: Size): Layout {
  const settle = (next: Layout): Layout => {
    const { w, h } = place(next, view, "bottom-right");
    return { ...next, bottom: next.dock === "bottom" ? h / view.h : next.bottom, right: next.dock === "right" ? w / view.w : next.right };
  };
  if (layout.dock === "bottom") return settle({ ...layout, bottom: (from.h - dy) / view.h });
  if (layout.dock === "right") return settle({ ...layout, right: (from.w - dx) / view.w });
  const left = edge.endsWith("left");
  const w = clamp(left ? from.w - dx : edge.endsWith("right") ? from.w + dx : from.w, LEAST.w, left ? from.x + from.w : view.w - from.x);
  const h = clamp(edge.startsWith("bottom") ? from.h + dy : from.h, LEAST.h, view.h - from.y);
  return { ...layout, float: fit({ x: left ? from.x + from.w - w : from.x, y: from.y, w, h }, view) };
}

/** After a floating view has been moved. */
export function move(layout: Layout, from: Rect, dx: number, dy: number, view: Size): Layout {
  return { ...layout, float: fit({ ...from, x: from.x + dx, y: from.y + dy }, view) };
}

/** The corner nearest to a box's middle. */
export function nearestCorner(rect: Rect, view: Size): Corner {
  const vertical = rect.y + rect.h / 2 < view.h / 2 ? "top" : "bottom";
  return `${vertical}-${rect.x + rect.w / 2 < view.w / 2 ? "left" : "right"}`;
}
