// The document's built-ins as they were when the page first called WebAssembly: the overlay's share of `pristine.ts`.

import { guard } from "../faults";
import { describe, inWindow, root, uncurry } from "../pristine";
import type { Size } from "./layout";

const method = <T, A extends unknown[], R>(owner: object, name: string) =>
  uncurry(describe(owner, name)?.value as (this: T, ...args: A) => R);
const getter = <T>(owner: object, name: string) => {
  const get = describe(owner, name)?.get;
  return get ? (uncurry(get) as unknown as (self: object) => T) : undefined;
};

/** What only documents have. */
function capture() {
  const create = document.createElement.bind(document) as typeof document.createElement;
  const sheets = describe(Document.prototype, "adoptedStyleSheets");
  const inShadow = describe(ShadowRoot.prototype, "adoptedStyleSheets");
  const popover = (HTMLElement.prototype as { showPopover?: () => void }).showPopover;
  const w = getter<number>(root, "innerWidth");
  const h = getter<number>(root, "innerHeight");
  return {
    create,
    append: method<Node, [Node], void>(Node.prototype, "appendChild"),
    prepend: method<Element, [Node], void>(Element.prototype, "prepend"),
    replace: method<Element, [Node], void>(Element.prototype, "replaceWith"),
    remove: method<Element, [], void>(Element.prototype, "remove"),
    setAttribute: method<Element, [string, string], void>(Element.prototype, "setAttribute"),
    attachShadow: method<Element, [ShadowRootInit], ShadowRoot>(Element.prototype, "attachShadow"),
    on: method<EventTarget, [string, (event: never) => void], void>(EventTarget.prototype, "addEventListener"),
    off: method<EventTarget, [string, (event: never) => void], void>(EventTarget.prototype, "removeEventListener"),
    fetch: root.fetch.bind(root) as typeof fetch,
    capturePointer: method<Element, [number], void>(Element.prototype, "setPointerCapture"),
    elementsAt: method<Document, [number, number], Element[]>(Document.prototype, "elementsFromPoint"),
    closest: method<Element, [string], Element | null>(Element.prototype, "closest"),
    styleOf: root.getComputedStyle.bind(root) as typeof getComputedStyle,
    open: root.open.bind(root) as typeof open,
    showPopover: popover && uncurry(popover),
    Sheet: CSSStyleSheet,
    write: method<CSSStyleSheet, [string], void>(CSSStyleSheet.prototype, "replaceSync"),
    adopted: sheets?.get && (uncurry(sheets.get) as unknown as (of: Document) => CSSStyleSheet[]),
    adopt: sheets?.set && (uncurry(sheets.set) as unknown as (of: Document, list: CSSStyleSheet[]) => void),
    adoptInShadow: uncurry(inShadow?.set as (v: CSSStyleSheet[]) => void) as unknown as (of: ShadowRoot, list: CSSStyleSheet[]) => void,
    /** What can be seen of a page: the window's inner size, but for a scrollbar. */
    view: (): Size => {
      const inner = w ? w(root) : root.innerWidth;
      const { clientWidth } = document.documentElement;
      return { w: clientWidth > 0 && clientWidth < inner ? clientWidth : inner, h: h ? h(root) : root.innerHeight };
    },
  };
}

/** Undefined in workers; a document too old for it has no overlay. */
export let dom: ReturnType<typeof capture>;

/** At the page's first call into WebAssembly, unless the viewer shows before: at install it would cost half a millisecond. */
export function captureDom(): void {
  if (inWindow) dom ??= guard("document", capture) as ReturnType<typeof capture>;
}
