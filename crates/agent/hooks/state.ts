// What all hooks share: whether we record, and what we have cost.

import { NativeWeakSet, now, Ref } from "./pristine";
import type { Program } from "./program";

export const enum State {
  Idle = 0,
  Recording = 1,
  Stopped = 2,
}

export const shared = {
  state: State.Idle as State,
  /** When the recording began, ms. */
  began: 0,
  /** When it stopped. */
  ended: 0,
  /** Timed work of our own outside wrapped calls, ms. */
  ownMs: 0,
  /** Cost of programs that are over, ms. */
  endedMs: 0,
  /** The viewer's own frame work where it shares this thread, ms. */
  viewerMs: 0,
  /** Frames withheld because the viewer was slow. */
  coalesced: 0,
  /** Whether `uninstall()` was called. */
  uninstalled: false,
  /** Whether programs are asked to trace themselves. */
  runtimeTraces: true,
  /** Whether Go was seen in this page, running or not. */
  goSeen: false,
  /** Whether we came to a page that had loaded. */
  loaded: false,
  /** Whether the first program ran before us. */
  late: false,
  /** Id of this realm. */
  realm: 0,
};

/** Instances whose exports are ours, or were looked at. */
export const attached = new NativeWeakSet<object>();

let owning = 0;

/** Runs work of our own and adds its time to what we cost. Nested work counts once. */
export function own<T>(work: () => T): T {
  const begun = owning++ === 0 ? now() : 0;
  try {
    return work();
  } finally {
    if (--owning === 0) shared.ownMs += now() - begun;
  }
}

interface Entry {
  program: WeakRef<Program>;
  /** The program itself, while it has done what it has not told. */
  untold: Program | undefined;
  instance: number;
  /** What it had cost when it was last seen, ms. */
  costMs: number;
}

/** Programs that run. A page that drops one must not find it held here. */
const programs: Entry[] = [];
/** Called with the instance of a program that the page has dropped. */
export const onGone: { tell: (instance: number) => void } = { tell: () => {} };

export function register(program: Program): void {
  programs[programs.length] = { program: new Ref(program), untold: undefined, instance: program.instance, costMs: 0 };
}

/** Holds a program until it has told what it did: a page may drop one right after it has run. */
export function hold(program: Program, untold: boolean): void {
  for (let i = 0; i < programs.length; i++) if (programs[i].instance === program.instance) programs[i].untold = untold ? program : undefined;
}

export function unregister(program: Program): void {
  const at = programs.findIndex((entry) => entry.program.deref() === program);
  if (at >= 0) programs.splice(at, 1);
}

/** Calls `visit` for every program that still exists. */
export function eachProgram(visit: (program: Program) => void): void {
  for (let i = programs.length - 1; i >= 0; i--) {
    const program = programs[i].program.deref();
    if (program) {
      visit(program);
      programs[i].costMs = program.costMs;
    } else {
      const [{ instance, costMs }] = programs.splice(i, 1);
      shared.endedMs += costMs;
      onGone.tell(instance);
    }
  }
}
