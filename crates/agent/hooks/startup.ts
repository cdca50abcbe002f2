// Crossings of a starting program, kept with the tops of their stacks. Reading stacks takes Go's tables, some megabytes
// to copy and search: that must not come between a page and its program's main, so it comes after.

import type { Fresh } from "./held";
import { sliceBytes } from "./pristine";

/** Bytes kept; programs with usual packages make 30 to 100 crossings before main, beside what the runtime asks for itself. */
const CAP = 1 << 22;
/** Bytes of each stack; at start-up hardly one is deeper, and what is gets a root that says so. */
const WINDOW = 16_384;
/** The same for what the runtime asks for itself: mostly the time, twice a package where it traces their initialisation. */
const RUNTIME_WINDOW = 2048;

/** Growths of memory by packages' initialisation that wait. Their stacks lie in goroutines, which nobody finds before Go's
 *  tables have been read: from then on each has its Go line, and of a program that stops here main comes sooner. */
const MOST_GROWTHS = 3;

/** In place of an import: memory grows, the garbage collector begins, JSON is parsed; below that, written. */
export const GROWS = -1;
export const COLLECTS = -2;
export const PARSES = -3;

export interface Entry {
  /** Position of the import, or one of those above. */
  i: number;
  t: number;
  end: number;
  /** Own time of the crossing. */
  ms: number;
  weight: number;
  copied: number;
  /** Name of the member, where the import has one; sizes before and after for a growth; for JSON, whether it is numbers. */
  ptr: number;
  len: number;
  sp: number;
  /** The value that its result made Go hold. */
  fresh?: Fresh | undefined;
}

export class Startup {
  private readonly entries: Entry[] = [];
  private readonly tops: Uint8Array[] = [];
  private bytes = 0;

  /** Keeps a crossing whose stack begins at `sp`. */
  save(entry: Entry, memory: Uint8Array, shallow = false): void {
    const from = entry.sp >>> 0;
    const size = shallow ? RUNTIME_WINDOW : WINDOW;
    this.tops[this.entries.length] = sliceBytes(memory, from, from + size);
    this.bytes += size;
    this.entries[this.entries.length] = entry;
  }

  get full(): boolean {
    return this.bytes >= CAP;
  }

  /** Whether package variables of a goroutine make memory grow without end; `sp` is of the scheduler's stack, 64 KB. */
  growsOn(sp: number): boolean {
    let began = false;
    let grown = 0;
    for (const entry of this.entries) {
      began ||= entry.sp > sp + 65_536;
      if (began && entry.i === GROWS) grown++;
    }
    return grown >= MOST_GROWTHS;
  }

  /** Calls `use` for each crossing, in order, and forgets them. */
  replay(use: (entry: Entry, top: Uint8Array) => void): void {
    for (let k = 0; k < this.entries.length; k++) use(this.entries[k], this.tops[k]);
    this.entries.length = this.tops.length = this.bytes = 0;
  }
}
