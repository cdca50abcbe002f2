// What shows where the viewer cannot: an empty frame of the page's own, filled from here. All that it says of a recording
// comes from the core, as in `report()`; it needs nothing of the profiler's site, and no policy that we know keeps it out.

import { guard } from "./faults";
import { dom } from "./overlay/dom";
import { now, root, setAfter, then } from "./pristine";
import { recording } from "./recorder";
import { shared } from "./state";

/** How the recording is asked, by `api.ts`. */
export const onMini: { report: (width: number) => Promise<string>; file: () => Promise<Uint8Array<ArrayBuffer>> } = {
  report: () => Promise.resolve(""),
  file: () => Promise.resolve(new Uint8Array()),
};

/** Between two looks at the recording, ms, at least; */
const EVERY_MS = 2000;
/** and so many times what the last one took: it has this thread to itself. */
const SPARING = 50;
/** but no longer, ms: the first look of a busy page takes seconds, and what stands there should not stand for minutes. */
const MOST_MS = 15_000;
/** Most letters in a line, where the frame is wide enough for two columns of them, and elsewhere. */
const WIDE = 84;
const NARROW = 60;
const TWO_COLUMNS = 1180;
/** Two letters, and what is no column, px. */
const TWO_LETTERS = 14.5;
const BESIDE = 74;
/** A size that stands so long is no drag, ms. */
const SETTLED_MS = 300;

const STYLE = `
:root { color-scheme: light dark; font: 13px/1.4 system-ui, sans-serif; color: light-dark(#12181d, #e8eef2); background: light-dark(#fff, #12181d);
  --line: light-dark(#c9d1d8, #303841) }
body { margin: 0; height: 100vh; display: flex; flex-direction: column }
header, p { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 0; padding: 6px 12px; border-bottom: 1px solid var(--line) }
b { flex: 1 }
p { background: light-dark(#fff3e0, #3a2a12); border-color: light-dark(#b35c00, #ffb86b) }
p:empty { display: none }
main { flex: 1; overflow: auto; padding: 4px 12px 12px }
div { columns: ${TWO_COLUMNS / 2 - 40}px 2; column-gap: 32px }
section { break-inside: avoid-column; padding-bottom: 10px }
h1 { font-size: 16px; margin: 8px 0 2px } h1 + pre { font: inherit } h2 { font-size: 13px; margin: 0 0 2px }
pre { margin: 0; font: clamp(9px, calc((100vw - 40px) / ${NARROW} / 0.61), 12px)/1.5 ui-monospace, monospace; white-space: pre-wrap }
button { font: inherit; min-height: 28px; padding: 2px 10px; border: 1px solid var(--line); border-radius: 6px; background: none; color: inherit; cursor: pointer }
button:hover { background: light-dark(#eef1f4, #222a31) }
:focus-visible { outline: 2px solid light-dark(#0075a8, #6cc7ff); outline-offset: 1px }
@media (max-height: 60px) { header, p { display: none } main { overflow: hidden; padding: 0 12px } h1 { font-size: 13px } section:not(:first-child), pre { display: none } }
`;

/** A button: its words, what it does. */
export type Verb = [label: string, title: string, act: () => void];

/** Where no view can be had at all. */
export const print = () => void then(onMini.report(WIDE), (text) => root.console.log(text));

export class Mini {
  readonly frame = dom.create("iframe");
  private gone = false;
  private doc: Document | undefined;
  private text = "";
  private letters = 0;
  private turn = 0;
  verbs: Verb[] = [];

  /** `why`: what keeps the viewer out; empty: nothing to say. `barred`: the page may not look into its own frames. */
  constructor(private readonly why: string, private readonly barred: () => void) {
    this.frame.title = "Gopherscope";
    // Some engines put a new document into an empty frame once it is there: what was in it is gone.
    dom.on(this.frame, "load", () => void guard("mini", () => this.build()));
  }

  remove(): void {
    this.gone = true;
    dom.remove(this.frame);
  }

  private build(): void {
    const view = this.frame.contentWindow as (Window & typeof globalThis) | null;
    const doc = (this.doc = this.frame.contentDocument ?? undefined);
    if (!view || !doc) return this.barred();
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(STYLE);
    doc.adoptedStyleSheets = [sheet];
    doc.documentElement.lang = "en";
    doc.title = "Gopherscope";
    const save: Verb = ["Save session", "Save what was recorded, as a file that the profiler’s site opens", () => this.save(view)];
    const verbs = recording() ? [save, ...this.verbs] : this.verbs;
    const said = add(doc, "p", this.why);
    said.setAttribute("role", "status");
    const header = add(doc, "header");
    header.append(add(doc, "b", "gopherscope"), ...verbs.map((verb) => button(doc, verb)));
    const main = add(doc, "main");
    main.tabIndex = 0;
    main.setAttribute("aria-label", "Report");
    doc.body.append(header, said, main);
    this.text = "";
    // The frame has no size yet.
    this.lookIn(doc, main, 0);
    dom.on(view, "resize", () => {
      if (this.letters !== this.fitting) this.lookIn(doc, main, SETTLED_MS);
    });
  }

  /** Letters that a line has room for. */
  private get fitting(): number {
    const width = this.frame.clientWidth;
    return width < TWO_COLUMNS ? NARROW : Math.min(WIDE, Math.floor((width - BESIDE) / TWO_LETTERS));
  }

  /** In place of what waits for its turn. */
  private lookIn(doc: Document, main: HTMLElement, ms: number): void {
    const turn = ++this.turn;
    setAfter(() => turn === this.turn && guard("mini", () => this.look(doc, main)), ms);
  }

  /** Shows the recording as it is, again and again. */
  private look(doc: Document, main: HTMLElement): void {
    if (this.gone || doc !== this.doc) return;
    const began = now();
    const again = (text: string) =>
      void guard("mini", () => {
        this.show(doc, main, text);
        const took = now() - began;
        shared.viewerMs += took;
        this.lookIn(doc, main, Math.min(Math.max(EVERY_MS, SPARING * took), MOST_MS));
      });
    this.letters = this.fitting;
    then(onMini.report(this.letters), again, (reason) => again(String((reason as Error).message)));
  }

  private show(doc: Document, main: HTMLElement, text: string): void {
    // Not while a reader selects what is there.
    if (text === this.text || doc.getSelection()?.type === "Range") return;
    this.text = text;
    const [head, ...rest] = text.trim().split("\n\n");
    const columns = add(doc, "div");
    columns.append(...rest.map((part) => section(doc, "h2", part)));
    main.replaceChildren(section(doc, "h1", head), columns);
  }

  private save(view: Window & typeof globalThis): void {
    const give = (bytes: Uint8Array<ArrayBuffer>) =>
      void guard("save", () => {
        // A link of the page's: what one of a frame leads to, Firefox takes for the frame's, which the policy may forbid.
        const link = dom.create("a");
        const url = view.URL.createObjectURL(new view.Blob([bytes]));
        dom.setAttribute(link, "href", url);
        dom.setAttribute(link, "download", `${location.hostname || "page"}.gopherscope.json.gz`);
        view.HTMLElement.prototype.click.call(link);
        setAfter(() => view.URL.revokeObjectURL(url), 60_000);
      });
    then(onMini.file(), give, () => {});
  }
}

function add<K extends keyof HTMLElementTagNameMap>(doc: Document, tag: K, text = ""): HTMLElementTagNameMap[K] {
  const it = doc.createElement(tag);
  it.textContent = text;
  return it;
}

function button(doc: Document, [label, title, act]: Verb): HTMLElement {
  const it = add(doc, "button", label);
  it.title = title;
  it.onclick = () => void guard("mini", act);
  return it;
}

/** A part of the report: its first line is its head. */
function section(doc: Document, head: "h1" | "h2", part: string): HTMLElement {
  const end = part.indexOf("\n");
  const it = add(doc, "section");
  it.append(add(doc, head, end < 0 ? part : part.slice(0, end)));
  if (end >= 0) it.append(add(doc, "pre", part.slice(end + 1)));
  return it;
}
