// Faults of our own: swallowed, counted, told in the session's `errors`; never passed to the page.

import { now } from "./pristine";

export interface Fault {
  t: number;
  at: string;
  message: string;
}

const CAP = 100;
const waiting: Fault[] = [];
let seen = 0;

/** Notes a fault inside the hook named `at`. */
export function fault(at: string, reason: unknown): void {
  seen++;
  if (seen > CAP) return;
  let message = "unknown";
  try {
    message = String((reason as Error)?.message ?? reason);
  } catch {
    // A thrown value whose conversion throws: the hook's name has to do.
  }
  waiting[waiting.length] = { t: now(), at, message };
}

/** Runs our own `work`; a fault inside it yields `undefined`. */
export function guard<T>(at: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (reason) {
    fault(at, reason);
    return undefined;
  }
}

/** Tells the faults noted since the last call. Those that could not be told wait for the next. */
export function tellFaults(tell: (fault: Fault) => void): void {
  for (; waiting.length > 0; waiting.shift()) tell(waiting[0]);
}

/** How many faults there were in all, kept or not. */
export const faultCount = (): number => seen;
