// Entry of the in-page profiling agent: runs synchronously, before the page's own scripts.

import { checkMode, publish, start } from "./api";
import { calibrate, clockStepMs, measureStep } from "./clock";
import { guard } from "./faults";
import { startFlushing } from "./flush";
import { patchJson } from "./json";
import { attachLate, mayBeLate } from "./late/find";
import { watchLongTasks } from "./longtasks";
import { type Origin, readOrigin } from "./origin";
import { configureViewer, showAtFirst } from "./overlay";
import { captureDom } from "./overlay/dom";
import { apply, describe, inWindow, root, say, setAfter, timeOrigin } from "./pristine";
import { hear, patch } from "./patch";
import { afterRun } from "./program";
import { keepBase, ownUrl } from "./realms/base";
import { introduceChildren, meet } from "./realms/children";
import { parentPage, watchFrames } from "./realms/frames";
import { openHall, waitInHall } from "./realms/hall";
import { hello, leave, tellSource } from "./realms/parent";
import { helloOf } from "./realms/words";
import { patchWorkers } from "./realms/workers";
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
const WORKER = 1;
const FRAME = 2;

function realmKind(): number {
  if (!inWindow) return WORKER;
  return window.top === window ? 0 : FRAME;
}

function introduce(site: string | undefined): void {
  measureStep();
  calibrate();
  greet();
  shared.realm = recorder.realm(realmKind(), post(`${ownUrl()}\0${inWindow ? "" : String(root.name ?? "")}`));
  introduceChildren();
  tellSource();
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

/** A realm that this page has made, or a frame in it, says hello. */
const greeted = (event: MessageEvent): void =>
  void guard("realms", () => {
    const known = event.origin === root.origin && (event.source as unknown) !== root ? helloOf(event.data) : undefined;
    if (!known) return;
    event.stopImmediatePropagation();
    meet(known, event.ports[0]);
  });

/** Goes to the agent of the page that this realm belongs to, where there is one. True if so. */
function joinPage({ left }: Origin): boolean {
  if (inWindow) {
    hear("message", greeted as EventListener, true);
    const parent = parentPage();
    if (!parent) {
      setAfter(() => shared.uninstalled || guard("hall", openHall), 0);
      return false;
    }
    hello(FRAME, (message, transfer) => parent.postMessage(message, root.origin, transfer));
    hear("pagehide", leave);
    return true;
  }
  const owner = (root.DedicatedWorkerGlobalScope as { prototype: object } | undefined)?.prototype;
  if (!owner) return false;
  const key = "close";
  patch(describe(root, key) ? root : owner, key, {
    apply(native, self, args: unknown[]) {
      guard("realms", leave);
      return apply(native, self, args) as unknown;
    },
  } as ProxyHandler<never>);
  if (left?.parent) hello(WORKER, (message, transfer) => say!(message, transfer));
  else waitInHall(WORKER);
  return true;
}

function showWhenHarmless({ site, ui, left }: Origin): void {
  if (!inWindow || site === undefined) return;
  configureViewer(ui === "popup" ? ui : "overlay", site, left?.again);
  if (ui !== "overlay" && ui !== "popup") return;
  const show = () => void guard("viewer", () => shared.uninstalled || showAtFirst());
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
  const { left } = origin;
  if (typeof left?.base === "string") keepBase(left.base);
  patchWebAssembly();
  patchJson();
  guard("Worker", patchWorkers);
  if (inWindow) guard("frames", watchFrames);
  startFlushing();
  if (mayBeLate()) guard("late", attachLate);
  // A mode that this release does not know is told among the errors; recording goes on without it.
  if (data?.mode) guard("data-mode", () => checkMode(data.mode));
  if (data?.runtimeTraces === "off" || left?.runtimeTraces === false) shared.runtimeTraces = false;
  if (data?.autostart !== "false" && left?.autostart !== false) start();
  if (!guard("realms", () => joinPage(origin))) showWhenHarmless(origin);
}

if (!("gopherscope" in root)) guard("install", install);
