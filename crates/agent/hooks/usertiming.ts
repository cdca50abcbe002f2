// The page's own marks and measures. Their names are its own words: they go to the viewer and nowhere else.

import { watch } from "./entries";
import { entry } from "./pristine";
import { post, recorder } from "./recorder";

/** More of a name than the recorder keeps. */
const NAME = 400;

export function watchUserTiming(): void {
  watch(["mark", "measure"], (it) => {
    const name = entry.name(it);
    const len = post(name.length > NAME ? name.slice(0, NAME) : name);
    if (entry.type(it) === "mark") recorder.mark(entry.start(it), len);
    else recorder.measure(entry.start(it), entry.duration(it), len);
  });
}
