// So that the overlay covers nothing that could be seen without it: the page's end can be scrolled out from under a docked
// view, and the badge keeps off what can be clicked.

import { dom } from "./dom";
import { CORNERS, type Corner, inCorner, type Rect, type Size } from "./layout";

const INTERACTIVE =
  "a[href], button, input, select, textarea, summary, label, [onclick], [contenteditable], [tabindex]:not([tabindex='-1'])," +
  "[role=button], [role=link], [role=tab], [role=checkbox], [role=switch], [role=slider], video[controls], audio[controls]";
/** Distance of the points looked at, px: nothing that can be hit is smaller. */
const GRAIN = 12;

/** A sheet of ours among the document's: no element of the page's is touched. */
let sheet: CSSStyleSheet | undefined;
let made = "";

/** Makes room at one side of the page; none without a size. */
export function makeRoom(side: "bottom" | "right", size: number): void {
  const wanted = `${side} ${size}`;
  if (wanted === made || !dom.adopted || !dom.adopt) return;
  leave();
  const root = document.documentElement;
  if (size <= 0 || !root) return;
  const own = dom.styleOf(root)[side === "bottom" ? "paddingBottom" : "paddingRight"];
  sheet = new dom.Sheet();
  const rule = `padding-${side}: calc(${own} + ${size}px) !important; scroll-padding-${side}: ${size}px`;
  dom.write(sheet, `@media screen { :root { ${rule} } }`);
  dom.adopt(document, [...dom.adopted(document), sheet]);
  made = wanted;
}

/** As it was. */
export function leave(): void {
  made = "";
  if (!sheet || !dom.adopted || !dom.adopt) return;
  const others = [...dom.adopted(document)].filter((it) => it !== sheet);
  dom.adopt(document, others);
  sheet = undefined;
}

/** The first corner where the badge lies on nothing that can be clicked; the usual one where each has something. */
export function freeCorner(view: Size, own: Element): Corner {
  return CORNERS.find((corner) => isFree(inCorner(corner, view), own)) ?? CORNERS[0];
}

function isFree({ x, y, w, h }: Rect, own: Element): boolean {
  for (let dy = 0; dy <= h; dy += GRAIN) {
    for (let dx = 0; dx <= w; dx += GRAIN) {
      const top = dom.elementsAt(document, x + dx, y + dy).find((it) => it !== own);
      if (top && (top.localName === "iframe" || dom.closest(top, INTERACTIVE))) return false;
    }
  }
  return true;
}
