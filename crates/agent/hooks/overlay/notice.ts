// What the overlay says for a viewer that says nothing itself: it crashed, hangs, or does not get to run. It lies outside
// the frame, and is there only while it has something to say.

import { guard } from "../faults";
import { dom } from "./dom";
import type { Size } from "./layout";

export const NOTICE: Size = { w: 380, h: 44 };

/** What is wrong with the viewer. */
export type Trouble = "silent" | "missing" | "apart" | "blocked" | "sandboxed";

const WORDS: Record<Trouble, [text: string, reload: string, title: string]> = {
  silent: ["The view stopped answering", "Reload", "Reload the view; the recording goes on"],
  apart: ["This page’s opener policy cuts windows off", "Dock here", "Show the view in the page instead"],
  blocked: ["The browser kept the window from opening", "Try again", "Allow pop-ups for this page, then try again"],
  sandboxed: ["This page’s sandbox policy keeps views out: print the report", "Print", "Print the report in the console; gopherscope.export gives the session"],
  missing: ["The view has not loaded", "Try again", "Load the view again; the recording goes on"],
};

/** A strip with two buttons; a page that plays with keys or pointers has no part in it. */
export function notice(trouble: Trouble, reload: () => void, close: () => void): HTMLElement {
  const [text, verb, title] = WORDS[trouble];
  const strip = dom.create("div");
  strip.className = "notice";
  dom.setAttribute(strip, "role", "alert");
  const words = dom.create("span");
  words.textContent = text;
  dom.append(strip, words);
  dom.append(strip, button(verb, title, reload));
  dom.append(strip, button("Close", "Close the view; the page goes on recording", close));
  for (const type of ["pointerdown", "mousedown", "mouseup", "click", "keydown", "keyup", "keypress"]) {
    dom.on(strip, type, (event: Event) => event.stopPropagation());
  }
  return strip;
}

function button(text: string, title: string, act: () => void): HTMLElement {
  const it = dom.create("button");
  it.textContent = text;
  it.title = title;
  dom.on(it, "click", () => void guard("notice", act));
  return it;
}
