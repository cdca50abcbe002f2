// `globalThis.gopherscope`: see gopherscope.d.ts, which is what users read.

import { Core, Unsupported } from "./core";
import { takeEntries, unwatch } from "./entries";
import { faultCount, guard } from "./faults";
import { collect, flush, stopFlushing } from "./flush";
import { onViewer, restartViewer, sayGoodbye } from "./link";
import { onMini } from "./mini";
import { stopProbing } from "./microtasks";
import { hideViewer, showViewer, toggleViewer } from "./overlay";
import { unpatchAll } from "./patch";
import { define, describe, freeze, now, parseJson, root, unlisten } from "./pristine";
import { askChildren, childPrograms, clearChildren, tellChildren } from "./realms/children";
import { leaveFrames } from "./realms/frames";
import { leaveHall } from "./realms/hall";
import { asPage, isChild, onParent, restart } from "./realms/parent";
import { cutFrame, onRecorder, recorder, recorderFailure, recording, startRecorder } from "./recorder";
import { noteRefusal } from "./sharing";
import { eachProgram, own, shared, State } from "./state";

declare const __AGENT_VERSION__: string;

const STATES = ["idle", "recording", "stopped"] as const;
const FORMATS = freeze(["session"]);
const REPORT_WIDTH = 100;

interface StartOptions {
  mode?: string;
  maxSamples?: number;
  runtimeTraces?: boolean;
}

/** Everything recorded so far, cut synchronously; naming it is what takes time. */
function cut(t = now()): ArrayBuffer {
  if (!startRecorder()) throw new Error(`nothing can be recorded in this page: ${recorderFailure}`);
  return own(() => {
    collect(t, true);
    const reader = recorder.reader();
    const frame = isChild() ? asPage(() => cutFrame(reader, t)) : cutFrame(reader, t);
    recorder.reader_drop(reader);
    if (!frame) throw new Error("the recorder gave no frame");
    return frame;
  });
}

async function ask<T>(question: (core: Core) => T | Promise<T>): Promise<T> {
  const frame = cut();
  return question(await Core.read(frame, await askChildren({ ask: "all" })));
}

/** Stops recording here. */
function halt(t: number): void {
  shared.ended = t;
  shared.state = State.Stopped;
  eachProgram((program) => program.stop());
}

/** Throws for a mode this release does not have. */
export function checkMode(mode: string | undefined): void {
  if (mode === undefined || mode === "observe") return;
  throw new Unsupported(`mode ${JSON.stringify(mode)} is not one of: "observe"`);
}

/** Starts recording; what was recorded before is forgotten. */
export function start(options: StartOptions = {}): void {
  checkMode(options.mode);
  if (options.runtimeTraces !== undefined) shared.runtimeTraces = options.runtimeTraces;
  if (recording()) onRecorder.greet();
  if (options.maxSamples !== undefined && startRecorder()) recorder.max_samples(options.maxSamples);
  if (shared.state === State.Recording) return;
  // What the page did before is not of this recording.
  takeEntries();
  if (recording()) forget();
  shared.state = State.Recording;
  shared.began = now();
  eachProgram((program) => program.restart());
  tellChildren({ start: { maxSamples: options.maxSamples, runtimeTraces: options.runtimeTraces } });
}

function forget(): void {
  recorder.clear();
  restartViewer();
  restart();
  clearChildren();
  shared.ownMs = shared.endedMs = shared.viewerMs = shared.coalesced = 0;
  shared.began = shared.ended = now();
}

/** Forgets what was recorded and records on. */
function clear(): void {
  if (!recording()) return;
  // Crossings of a starting program that still wait to be told are from before, too.
  collect(now(), true);
  forget();
  if (shared.state === State.Recording) eachProgram((program) => program.restart());
  flush(now());
}
onViewer.clear = clear;
onViewer.leave = () => api.uninstall();
onMini.report = (width) => ask((core) => core.report(width));
onMini.file = () => ask((core) => core.file());
onViewer.census = () => {
  tellChildren({ census: true });
  own(() => eachProgram((program) => program.takeCensus(now())));
  flush(now());
};

onParent.obey = (message) => {
  const { state, runtimeTraces } = message;
  if (message.source !== undefined && runtimeTraces !== undefined) shared.runtimeTraces = runtimeTraces;
  if (message.start || state === State.Recording) start(message.start);
  else if (state !== undefined && shared.state === State.Recording) halt(now());
  if (message.clear) clear();
  if (message.census) onViewer.census();
  if (message.uninstall) api.uninstall();
  if (message.ask && recording() && shared.state === State.Recording) collect(now(), true);
  if (message.ask === "stop" && shared.state === State.Recording) halt(now());
};

export const api = {
  version: __AGENT_VERSION__,
  get attach() {
    return shared.late ? "late" : "early";
  },
  get state() {
    return STATES[shared.state];
  },
  formats: FORMATS,
  /** Programs seen so far and whether the first has run: cheap, for scripts that wait. */
  get programs() {
    return (recording() ? recorder.programs() : 0) + childPrograms();
  },
  get faults() {
    return faultCount();
  },
  start,
  async stop() {
    const runs = shared.state === State.Recording;
    const frame = cut(runs ? (shared.ended = now()) : undefined);
    if (runs) {
      halt(shared.ended);
      flush(shared.ended);
    }
    return parseJson((await Core.read(frame, await askChildren({ ask: "stop" }))).sessionJson()) as unknown;
  },
  clear,
  async snapshot() {
    return parseJson(await ask((core) => core.sessionJson())) as unknown;
  },
  async export(format: string) {
    if (!FORMATS.includes(format)) {
      throw new Unsupported(`format ${JSON.stringify(format)} is not one of: ${FORMATS.join(", ")}`);
    }
    return ask((core) => core.file());
  },
  async report() {
    return ask((core) => core.report(REPORT_WIDTH));
  },
  show() {
    guard("viewer", showViewer);
  },
  toggle(site?: string) {
    guard("viewer", () => toggleViewer(site));
  },
  uninstall() {
    shared.uninstalled = true;
    tellChildren({ uninstall: true });
    unpatchAll();
    guard("frames", leaveFrames);
    leaveHall();
    guard("viewer", hideViewer);
    unlisten("pagehide", sayGoodbye);
    unlisten?.("securitypolicyviolation", noteRefusal);
    stopFlushing();
    unwatch();
    stopProbing();
    shared.state = State.Stopped;
    shared.ended = now();
    eachProgram((program) => {
      program.stop();
      guard("detach", program.detach);
    });
    if (describe(root, "gopherscope")?.value === api) delete (root as Record<string, unknown>).gopherscope;
  },
};

/** Makes it known, without showing up where a page enumerates its globals. */
export function publish(): void {
  define(root, "gopherscope", { value: freeze(api), configurable: true, enumerable: false, writable: false });
}
