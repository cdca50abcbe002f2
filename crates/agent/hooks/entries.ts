// Performance entries of the page: watched from the recorder's start, those from before included where the engine kept them.

import { guard } from "./faults";
import { entriesOf, NativeObserver, observe, takeRecords, unobserve } from "./pristine";
import { own, shared, State } from "./state";

interface Watched {
  observer: PerformanceObserver;
  tell: (entry: PerformanceEntry) => void;
}

const watched: Watched[] = [];

/** Tells every entry of these types while we record. False where the engine has none of a type. */
export function watch(types: string[], tell: (entry: PerformanceEntry) => void): boolean {
  const known = NativeObserver?.supportedEntryTypes ?? [];
  if (!NativeObserver || !types.every((type) => known.includes(type))) return false;
  const observer = new NativeObserver((list) => void own(() => guard("entries", () => hand(tell, entriesOf(list)))));
  for (const type of types) observe(observer, { type, buffered: true });
  watched.push({ observer, tell });
  return true;
}

function hand(tell: (entry: PerformanceEntry) => void, entries: PerformanceEntryList): void {
  if (shared.state !== State.Recording) return;
  for (let i = 0; i < entries.length; i++) tell(entries[i]);
}

/** Tells what the engine has not handed out yet. */
export function takeEntries(): void {
  for (const { observer, tell } of watched) guard("entries", () => hand(tell, takeRecords(observer)));
}

/** Watches no more. */
export function unwatch(): void {
  for (const { observer } of watched.splice(0)) unobserve(observer);
}
