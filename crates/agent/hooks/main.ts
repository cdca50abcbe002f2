// Entry of the in-page profiling agent: runs synchronously, before the page's own scripts.

import { checkMode, publish, start } from "./api";
import { calibrate, clockStepMs, measureStep } from "./clock";
import { guard } from "./faults";
import { startFlushing } from "./flush";
import { patchJson } from "./json";
import { attachLate, mayBeLate } from "./late/find";
import { watchLongTasks } from "./longtasks";
import { type Origin, readOrigin } from "./origin";
import { configureViewer, showViewer } from "./overlay";
import { captureDom } from "./overlay/dom";
import { inWindow, root, setAfter, timeOrigin } from "./pristine";
import { afterRun } from "./program";
import { onRecorder, post, recorder } from "./recorder";
import { tellSharing } from "./sharing";
import { shared } from "./state";
import { watchUserTiming } from "./usertiming";
import { patchWebAssembly } from "./webassembly";

declare const __AGENT_VERSION__: string;

/** The viewer shows once a program has started, or after this long without one. */
const SHOW_AFTER_MS = 3000;
const LATE = 1;
const ISOLATED = 2;
const TRACES = 4;

function realmKind(): number {
  if (!inWindow) return 1;
  return window.top === window ? 0 : 2;
}

function introduce(site: string | undefined): void {
  measureStep();
  calibrate();
  greet();
  shared.realm = recorder.realm(realmKind(), post(root.location?.href ?? ""));
  captureDom();
  guard("entries", watchUserTiming);
  guard("entries", watchLongTasks);
  tellSharing(site);
}

function greet(): void {
  const flags = (shared.late ? LATE : 0) | (root.crossOriginIsolated ? ISOLATED : 0) | (shared.runtimeTraces ? TRACES : 0);
  const about = [__AGENT_VERSION__, root.location?.href ?? "", navigator.userAgent].join("\0");
  recorder.hello(post(about), timeOrigin, clockStepMs, flags);
}

function showWhenHarmless({ site, ui }: Origin): void {
  if (!inWindow || site === undefined) return;
  configureViewer(ui === "popup" ? ui : "overlay", site);
  if (ui !== "overlay" && ui !== "popup") return;
  let shown = false;
  const show = () =>
    void guard("viewer", () => {
      if (shown || shared.uninstalled) return;
      shown = true;
      showViewer();
    });
  afterRun.push(() => setAfter(show, 0));
  // A page that has loaded shows what a click on a bookmark does.
  setAfter(show, document.readyState === "complete" ? 0 : SHOW_AFTER_MS);
}

function install(): void {
  const origin = readOrigin();
  const { data } = origin;
  onRecorder.started = () => introduce(origin.site);
  onRecorder.greet = greet;
  publish();
  patchWebAssembly();
  patchJson();
  startFlushing();
  if (mayBeLate()) guard("late", attachLate);
  // A mode that this release does not know is told among the errors; recording goes on without it.
  if (data?.mode) guard("data-mode", () => checkMode(data.mode));
  if (data?.runtimeTraces === "off") shared.runtimeTraces = false;
  if (data?.autostart !== "false") start();
  showWhenHarmless(origin);
}

if (!("gopherscope" in root)) guard("install", install);
