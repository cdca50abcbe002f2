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
    const frame = cutFrame(reader, t);
    recorder.reader_drop(reader);
    if (!frame) throw new Error("the recorder gave no frame");
    return frame;
  });
}

async function ask<T>(question: (core: Core) => T | Promise<T>): Promise<T> {
  const frame = cut();
  return question(await Core.read(frame));
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
}

function forget(): void {
  recorder.clear();
  restartViewer();
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
onMini.report = (width) => ask((core) => core.report(width));
onMini.file = () => ask((core) => core.file());
onViewer.census = () => {
  own(() => eachProgram((program) => program.takeCensus(now())));
  flush(now());
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
    return recording() ? recorder.programs() : 0;
  },
  get faults() {
    return faultCount();
  },
  start,
  async stop() {
    let frame: ArrayBuffer;
    if (shared.state === State.Recording) {
      shared.ended = now();
      frame = cut(shared.ended);
      shared.state = State.Stopped;
      eachProgram((program) => program.stop());
      flush(shared.ended);
    } else {
      frame = cut();
    }
    return parseJson((await Core.read(frame)).sessionJson()) as unknown;
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
    unpatchAll();
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
