// The wrappers around a Go program's imports. Each costs a few nanoseconds a call: it counts down to the next timed
// crossing, and counts members and bytes exactly.

import { type CrossingEvents, Crossings, type Timed } from "./crossings";
import { Elements, SLOTS } from "./elements";
import { fault } from "./faults";
import { BYTES, ELEMENTS, Glue, type GoImport, HASTY, type Import, NAMED, REENTRANT } from "./glue";
import { Json } from "./json";
import { RESULTS } from "./held";
import { MemberLists } from "./members";
import { GoMemory } from "./memory";
import { post, recorder } from "./recorder";
import type { Sampler } from "./sampler";
import { ROW } from "./stats";
import { wrapTiny } from "./tinygo";
import { Traces } from "./traces";

/** More imports than any program has; those beyond are not counted. */
const MAX_IMPORTS = 512;
/** Classes of size: up to 64 B, 256 B, ... 4 GB. */
const SIZES = 14;

const nothing = (): void => {};

export interface BridgeEvents extends CrossingEvents {
  /** Memory has grown. */
  grown(from: number, to: number, sp: number): void;
  /** The program has called `os.Exit`, or main has returned. */
  exited(code: number): void;
}

export class Bridge {
  readonly memory = new GoMemory();
  readonly glue = new Glue();
  readonly crossings: Crossings;
  readonly members: MemberLists;
  private readonly names: string[] = [];
  /** Per import that copies: copies of each class of size, then their bytes. */
  private readonly sizes: Float64Array[] = [];
  readonly traces: Traces;
  readonly json: Json;
  private readonly elements: Elements[];

  constructor(
    private readonly instance: number,
    private readonly events: BridgeEvents,
    /** Whether TinyGo wrote the program. */
    private readonly tiny: boolean,
  ) {
    this.memory.stacks = !tiny;
    this.members = new MemberLists(instance);
    this.crossings = new Crossings(instance, MAX_IMPORTS, this.memory, this.glue, this.members, events);
    this.json = new Json(this.crossings);
    this.elements = [0, 1].map((row) => new Elements(instance, row, this.crossings, this.memory));
    this.traces = new Traces(instance, this.memory, (t, sp) => this.crossings.collects(t, sp));
  }

  get sampler(): Sampler {
    return this.crossings.sampler;
  }

  /** Crossings so far, exact. */
  get calls(): number {
    let all = 0;
    for (let i = 0; i < this.names.length; i++) all += this.sampler.calls(i);
    return all;
  }

  /** Those that counted their member, or looked at an element, which costs about as much. */
  get memberCalls(): number {
    let all = 0;
    for (let i = 0; i < this.names.length; i++) if (this.members.of(i) || this.names[i] in ELEMENTS) all += this.sampler.calls(i);
    return all;
  }

  /** Lets go of the program. */
  release(): void {
    this.memory.release();
    this.members.constant = undefined;
    this.glue.release();
    this.crossings.held.release();
    this.stop();
  }

  /** Counts and times. */
  start(): void {
    this.sampler.start();
    this.json.sampler.start();
  }

  /** Goes on counting, times nothing more. */
  stop(): void {
    this.sampler.stop();
    this.json.sampler.stop();
  }

  /** Between stays in Go: see `Sampler`. */
  redraw(): void {
    this.sampler.redraw();
    this.json.sampler.redraw();
  }

  /** Wraps one import; `glue`: one of Go's own, which gets `sp` and gives nothing back. */
  wrap(name: string, glue: boolean, f: Import): Import {
    if (this.names.length >= MAX_IMPORTS) return f;
    const timed = this.add(name, glue);
    if (this.tiny) return name === "wasi_snapshot_preview1.proc_exit" ? this.exit(timed.i, f as unknown as GoImport) : wrapTiny(this, timed, f);
    if (!glue) return this.foreign(timed, f);
    const go = f as unknown as GoImport;
    if (name === "runtime.resetMemoryDataView") return this.growth(timed, go);
    if (name === "runtime.wasmExit") return this.exit(timed.i, go);
    if (name === "runtime.wasmWrite") return this.writes(timed, go);
    if (BYTES[name]) return this.copies(timed, go);
    if (NAMED.test(name)) return this.named(timed, go);
    if (name in ELEMENTS) return this.byElement(timed, go, ELEMENTS[name]);
    return this.plain(timed, go);
  }

  private add(name: string, glue: boolean): Timed {
    const i = this.names.length;
    this.names.push(name);
    this.sampler.imports = i + 1;
    recorder.import(this.instance, post(name));
    const go = glue && !this.tiny;
    const calm = !go || !HASTY.test(name);
    const runtime = go && name.startsWith("runtime.");
    return { i, name, reentrant: !glue || REENTRANT.test(name), calm, runtime, bytesAt: 0, okAt: 0, resultAt: this.tiny ? 0 : (RESULTS[name] ?? 0) };
  }

  /** Counts an import that was linked before we came; `hit` is called where it crosses, `copied` once it is known how many
   *  bytes it does copy, where `hit` does not see that. */
  late(name: string): { hit: GoImport; copied: (bytes: number) => void } {
    const timed = this.add(name, true);
    const copied = BYTES[name]?.after ? this.sizesOf(timed.i) : nothing;
    // What a result refers to is not known yet where a late crossing ends.
    timed.resultAt = 0;
    const hit = NAMED.test(name)
      ? this.named(timed, nothing)
      : BYTES[name] && !BYTES[name].after
        ? this.copies(timed, nothing)
        : this.plain(timed, nothing);
    return { hit, copied };
  }

  /** An element of the array `ref` has crossed at `sp`, read (`row` 0) or written. */
  element(row: number, ref: number, at: number, isNumber: boolean, sp: number): void {
    const elements = this.elements[row];
    elements.numeric = isNumber;
    elements.crossed(ref | 0, at, sp);
  }

  private plain(timed: Timed, f: GoImport): GoImport {
    const { crossings } = this;
    const { left } = this.sampler;
    const { i } = timed;
    return (sp) => {
      if (--left[i] !== 0) return f(sp);
      crossings.run(timed, -1, f, sp);
    };
  }

  private writes(timed: Timed, f: GoImport): GoImport {
    const { traces } = this;
    const counted = this.plain(timed, f);
    let inPage = false;
    traces.write = (sp) => {
      this.sampler.skip(timed.i);
      inPage = true;
      f(sp);
      inPage = false;
    };
    return (sp) => {
      inPage = false;
      let taken = false;
      try {
        taken = traces.take(sp);
      } catch (reason) {
        // What was held back is written after all, and the page's own write throws: that is for Go to see.
        if (inPage) throw reason;
        fault("stderr", reason);
      }
      if (!taken) counted(sp);
    };
  }

  private foreign(timed: Timed, f: Import): Import {
    const { crossings, memory } = this;
    const { left } = this.sampler;
    const { i } = timed;
    return (...args) => {
      if (--left[i] !== 0) return f(...args);
      let result: unknown;
      // No `sp` among the arguments: the program's own export tells it.
      const sp = memory.getsp ? memory.getsp() : 0;
      crossings.run(timed, -1, () => void (result = f(...args)), sp);
      return result;
    };
  }

  private copies(timed: Timed, f: GoImport): GoImport {
    const { crossings, memory } = this;
    const { left } = this.sampler;
    const { i } = timed;
    const { at, after, ok = 0 } = BYTES[timed.name];
    timed.bytesAt = at;
    timed.okAt = ok;
    const count = this.sizesOf(i);
    return (sp) => {
      if (!after) count(memory.u32[(sp >>> 2) + at]);
      if (--left[i] !== 0) f(sp);
      else crossings.run(timed, -1, f, sp);
      if (after) {
        const word = sp >>> 2;
        if (ok === 0 || memory.u32[word + ok] & 255) count(memory.u32[word + at]);
      }
    };
  }

  /** Counts the copies of import `i` by size. */
  sizesOf(i: number): (bytes: number) => void {
    const sizes = (this.sizes[i] = new Float64Array(2 * SIZES));
    return (bytes) => {
      const size = ((33 - Math.clz32(((bytes || 1) - 1) | 63)) >> 1) - 3;
      sizes[size]++;
      sizes[SIZES + size] += bytes;
    };
  }

  /** Memory of a program that does not tell when it grows. */
  renew(): void {
    const { memory } = this;
    if (!this.tiny || memory.u32.length > 0) return;
    const from = memory.size;
    memory.renew();
    if (from !== memory.size) this.events.grown(from, memory.size, 0);
  }

  private byElement(timed: Timed, f: GoImport, row: number): GoImport {
    const { crossings, memory } = this;
    const { left } = this.sampler;
    const { i } = timed;
    const elements = this.elements[row];
    const { refs, nexts, steps, left: until } = elements;
    // As `crossed` has it: a call for each element would be dear.
    return (sp) => {
      const word = sp >>> 2;
      const ref = memory.u32[word + 2] | 0;
      const at = memory.u32[word + 4] | 0;
      if (--left[i] !== 0) f(sp);
      else crossings.run(timed, -1, f, sp);
      const s = ref & (SLOTS - 1);
      if (refs[s] !== ref || nexts[s] !== at) return elements.turned(s, ref, at, sp);
      nexts[s] = at + steps[s];
      if (--until[s] === 0) elements.grew(s, sp);
    };
  }

  private named(timed: Timed, f: GoImport): GoImport {
    const { crossings, glue, memory, traces } = this;
    const { left } = this.sampler;
    const { i } = timed;
    const members = this.members.add(i);
    return (sp) => {
      // `os.Stderr` is written to from here: after what was held back.
      if (traces.holding) traces.release();
      const word = sp >>> 2;
      const ptr = memory.u32[word + 4] | 0;
      const len = memory.u32[word + 6] | 0;
      let slot = Math.imul(ptr ^ (len << 7), 0x9e3779b1) >>> members.shift;
      // The empty name has no address, like a free slot.
      if (members.ptrs[slot] === ptr && members.lens[slot] === len && ptr !== 0) members.counts[slot]++;
      else {
        slot = this.members.missed(i, members, ptr, len);
        // Once for each name: the glue's object shows soon, however few crossings are timed.
        if (glue.shows(timed.name, memory.u32[word + 2]) && left[i] !== 1) return void (left[i]--, glue.watch(f)(sp));
      }
      if (--left[i] !== 0) return f(sp);
      crossings.run(timed, slot < 0 ? members.dynamicId : members.ids[slot], f, sp);
    };
  }

  private growth(timed: Timed, f: GoImport): GoImport {
    const { memory } = this;
    let from = 0;
    let to = 0;
    const grow: GoImport = (sp) => {
      f(sp);
      from = memory.size;
      memory.renew();
      to = memory.size;
    };
    const counted = this.plain(timed, grow);
    return (sp) => {
      counted(sp);
      try {
        if (from !== to) this.events.grown(from, to, sp);
      } catch (reason) {
        fault("grow", reason);
      }
    };
  }

  private exit(i: number, f: GoImport): GoImport {
    const { left } = this.sampler;
    return (sp) => {
      left[i]--;
      this.traces.release();
      const code = this.tiny ? sp : this.memory.u32[(sp >>> 2) + 2] | 0;
      try {
        // The page's `go.exit` may throw.
        f(sp);
      } finally {
        this.events.exited(code);
      }
    };
  }

  /** Exact counts and timing of everything, as `totals` of the recorder wants them. */
  tell(): { numbers: Float64Array; imports: number; members: number; toGo: number; toJs: number } {
    const { importStats, memberStats } = this.crossings;
    const imports = this.names.length;
    const counts = this.members.counts();
    const numbers = new Float64Array(imports * (ROW + 2) + counts.length * (ROW + 1));
    let toGo = 0;
    let toJs = 0;
    let at = 0;
    for (let i = 0; i < imports; i++, at += ROW + 2) {
      const copies = BYTES[this.names[i]];
      const sizes = this.sizes[i];
      let bytes = sizes ? 0 : NaN;
      for (let k = SIZES; sizes && k < 2 * SIZES; k++) bytes += sizes[k];
      numbers[at] = this.sampler.calls(i);
      numbers[at + 1] = bytes;
      importStats.copy(i, numbers, at + 2);
      if (copies?.to === "go") toGo += bytes;
      if (copies?.to === "js") toJs += bytes;
    }
    for (let id = 0; id < counts.length; id++, at += ROW + 1) {
      numbers[at] = counts[id];
      memberStats.copy(id, numbers, at + 1);
    }
    return { numbers, imports, members: counts.length, toGo, toJs };
  }

  /** JSON, elements, timers as given, and copies by size, as `patterns` of the recorder wants them. */
  patterns(timers: number[]): { numbers: Float64Array; copies: number } {
    const { json } = this;
    const out: number[] = [];
    for (let op = 0; op < 2; op++) {
      out.push(json.calls(op), json.within[op], json.chars[op]);
      const row = new Float64Array(ROW);
      json.stats.copy(op, row, 0);
      out.push(...row);
    }
    for (const elements of this.elements) out.push(...elements.tell());
    out.push(...timers);
    const fixed = out.length;
    for (let i = 0; i < this.names.length; i++) {
      const sizes = this.sizes[i];
      if (!sizes || !BYTES[this.names[i]].to) continue;
      for (let k = 0; k < SIZES; k++) if (sizes[k] > 0) out.push(i, k, sizes[k], sizes[SIZES + k]);
    }
    return { numbers: new Float64Array(out), copies: (out.length - fixed) / 4 };
  }

  /** Counts from zero again. */
  reset(): void {
    for (const sizes of this.sizes) sizes?.fill(0);
    for (const elements of this.elements) elements.reset();
    this.json.reset();
    this.members.reset();
    this.crossings.reset();
  }
}
