// Tasks of more than 50 ms, and animation frames that took as long, where the engine tells them.

import { watch } from "./entries";
import { entry } from "./pristine";
import { post, recorder } from "./recorder";

export function watchLongTasks(): void {
  if (watch(["longtask"], (it) => recorder.longtask(entry.start(it), entry.duration(it)))) recorder.sees_longtasks();
  watch(["long-animation-frame"], frame);
}

/** Of the scripts of a frame the longest is told. */
function frame(it: PerformanceEntry): void {
  const scripts = entry.scripts(it) ?? [];
  let longest = -1;
  let invoker = "";
  for (let i = 0; i < scripts.length; i++) {
    const ms = entry.duration(scripts[i]);
    if (ms > longest) [longest, invoker] = [ms, entry.invoker(scripts[i]) ?? ""];
  }
  const len = post(invoker);
  recorder.longframe(
    entry.start(it),
    entry.duration(it),
    entry.blocking(it) ?? 0,
    longest < 0 ? NaN : longest,
    len,
  );
}
