// The runtime's own traces among what a program writes to stderr: lines we asked for are taken out, every other byte goes
// where it went, in order. A line comes in many small writes, the first of which is one of a few words; what begins like one and
// turns out not to be is written after all.

import { type Asked, type Key, SCRATCH } from "./environment";
import type { GoImport } from "./glue";
import type { GoMemory } from "./memory";
import { decode, encode, now, setBytes, sliceBytes } from "./pristine";
import { post, recorder } from "./recorder";
import { own, shared, State } from "./state";

const STDERR = 2;
/** Longer lines are not the runtime's. */
const MAX_LINE = 512;
/** Where the bytes of a write that is made up lie behind its arguments. */
const FRAME = 32;
const NEWLINE = 10;
/** Most lines that wait to be read. */
const MAX_LATER = 4096;

/** First writes of the runtime's lines. */
const HEADS: { bytes: Uint8Array; key: Key; begins: boolean }[] = [
  { bytes: encode("gc "), key: "gctrace", begins: false },
  { bytes: encode("init "), key: "inittrace", begins: false },
  { bytes: encode("pacer: assist ratio="), key: "gcpacertrace", begins: true },
  { bytes: encode("pacer: sweep done at heap size "), key: "gcpacertrace", begins: false },
  { bytes: encode("pacer: "), key: "gcpacertrace", begins: false },
];
/** Where no line begins, the first byte tells. */
const FIRST = HEADS.map(({ bytes }) => bytes[0]);
/** A package's line, whole: while a program starts there are many, and reading them can wait. */
const INIT = /^init \S+ @[\d.]+ ms, [\d.]+ ms clock, \d+ bytes, \d+ allocs$/;

export class Traces {
  /** Whether writes are held back. */
  holding = false;
  /** How many writes were taken out. */
  taken = 0;
  /** The writes held back, one after the other, and where each ends. */
  private readonly held = new Uint8Array(2 * MAX_LINE);
  private readonly ends: number[] = [];
  private size = 0;
  /** The line under way is one that the user asked for, too: it is read, not taken out. */
  private shown = false;
  private asked: Asked | undefined;
  /** Lines of a starting program, which the recorder reads when there is time. */
  private later: { t: number; line: string }[] | undefined = [];
  /** The page's own write, counted. */
  write: GoImport = () => {};

  /** `trigger`: a cycle of the garbage collector begins at `t`, in the stack at `sp`. */
  constructor(
    private readonly instance: number,
    private readonly memory: GoMemory,
    private readonly trigger: (t: number, sp: number) => void,
  ) {}

  /** The program will trace itself. */
  expect(asked: Asked): void {
    this.asked = asked;
  }

  /** Whether the write at `sp` is held back or taken out; what is not is for the caller to pass on. */
  take(sp: number): boolean {
    if (!this.asked) return false;
    const { u8, u32 } = this.memory;
    const word = sp >>> 2;
    const at = u32[word + 4];
    const length = u32[word + 6] | 0;
    const ours = u32[word + 2] === STDERR && length > 0 && length <= MAX_LINE;
    if (!ours || !((FIRST.includes(u8[at]) && this.begins(sp, at, length)) || this.holding)) {
      this.release();
      return false;
    }
    const { shown } = this;
    for (let k = 0; k < length; k++) this.held[this.size++] = u8[at + k];
    this.ends[this.ends.length] = this.size;
    if (u8[at + length - 1] === NEWLINE) this.complete();
    else if (this.size > MAX_LINE) this.release();
    return !shown;
  }

  /** Whether a line of ours begins with the write at `sp`. */
  private begins(sp: number, at: number, length: number): boolean {
    const { u8 } = this.memory;
    for (const { bytes, key, begins } of HEADS) {
      if (bytes.length !== length) continue;
      let same = 0;
      while (same < length && u8[at + same] === bytes[same]) same++;
      if (same < length) continue;
      // No line has such a write inside: what was held back before is the program's.
      this.release();
      if (begins && shared.state === State.Recording) own(() => this.trigger(now(), sp));
      this.holding = true;
      this.shown = !this.asked!.ours.includes(key);
      return true;
    }
    return false;
  }

  /** A line has ended: the recorder says whether it is the runtime's. */
  private complete(): void {
    const line = decode(sliceBytes(this.held, 0, this.size - 1));
    const recording = shared.state === State.Recording;
    const t = now();
    if (this.later && this.later.length < MAX_LATER && INIT.test(line)) {
      if (recording) this.later[this.later.length] = { t, line };
    } else if (own(() => recorder.trace(this.instance, t, post(line), recording ? 1 : 0)) === 0) return this.release();
    this.taken += this.ends.length;
    this.forget();
  }

  /** The program has started: lines that waited are read. */
  settle(): void {
    for (const { t, line } of this.later ?? []) recorder.trace(this.instance, t, post(line), 1);
    this.later = undefined;
  }

  private forget(): void {
    this.ends.length = this.size = 0;
    this.holding = false;
  }

  /** Writes what was held back after all, each write as it was. */
  release(): void {
    if (!this.holding) return;
    const bytes = sliceBytes(this.held, 0, this.size);
    const ends = this.shown ? [] : this.ends.slice();
    this.forget();
    let from = 0;
    for (const end of ends) {
      this.replay(sliceBytes(bytes, from, end));
      from = end;
    }
  }

  /** Makes a write up, in memory that Go never looks at, for the page's glue takes it from there. */
  private replay(bytes: Uint8Array): void {
    const { scratch } = this.asked!;
    for (let from = 0; from < bytes.length; from += SCRATCH - FRAME) {
      const piece = sliceBytes(bytes, from, from + SCRATCH - FRAME);
      const word = scratch >>> 2;
      setBytes(this.memory.u8, piece, scratch + FRAME);
      [0, 0, STDERR, 0, scratch + FRAME, 0, piece.length, 0].forEach((value, i) => (this.memory.u32[word + i] = value));
      this.write(scratch);
    }
  }
}
