// What all hooks share: whether we record, and what we have cost.

import { Ref } from "./pristine";
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
  /** Id of this realm. */
  realm: 0,
};

/** Programs that run or have run. A page that drops one must not find it held here. */
const programs: WeakRef<Program>[] = [];

export function register(program: Program): void {
  programs[programs.length] = new Ref(program);
}

export function unregister(program: Program): void {
  const at = programs.findIndex((ref) => ref.deref() === program);
  if (at >= 0) programs.splice(at, 1);
}

/** Calls `visit` for every program that still exists. */
export function eachProgram(visit: (program: Program) => void): void {
  for (let i = programs.length - 1; i >= 0; i--) {
    const program = programs[i].deref();
    if (program) visit(program);
    else programs.splice(i, 1);
  }
}
