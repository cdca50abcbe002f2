// JS values that Go was made to hold: of sampled crossings whose result was new to Go, which are held still. Of the values
// themselves nothing is kept alive.

import type { Glue } from "./glue";
import type { GoMemory } from "./memory";
import { Ref } from "./pristine";
import { recorder } from "./recorder";

/** Where the reference to an import's result lies, in words from `sp`. */
export const RESULTS: Record<string, number> = {
  "syscall/js.valueGet": 8,
  "syscall/js.valueCall": 14,
  "syscall/js.valueInvoke": 10,
  "syscall/js.valueNew": 10,
  "syscall/js.valueIndex": 6,
  "syscall/js.stringVal": 6,
};
/** Upper half of what stands for a reference, not for a number. */
const REFERENCE = 0x7ff80000;
/** Values watched; beyond, every second one goes and the others stand for two. */
const CAP = 2048;
/** Looked at with each telling. */
const LOOKS = 256;
/** Longer texts are known by their length. */
const SHORT = 64;

/** A value that has just come to be held. */
export interface Fresh {
  id: number;
  /** The value weakly, or as much of a primitive one as tells it from its successor. */
  what: unknown;
}

interface Watched extends Fresh {
  node: number;
  weight: number;
}

function whatOf(value: unknown): unknown {
  if ((typeof value === "object" && value !== null) || typeof value === "function") return new Ref(value as object);
  return typeof value === "string" && value.length > SHORT ? value.length : value;
}

export class Held {
  private watched: Watched[] = [];
  private next = 0;

  constructor(
    private readonly instance: number,
    private readonly memory: GoMemory,
    private readonly glue: Glue,
  ) {}

  /** The value that a crossing's result at word `at` made Go hold, if that is new to it. */
  fresh(at: number): Fresh | undefined {
    const { u32 } = this.memory;
    if ((u32[at + 1] & REFERENCE) !== REFERENCE) return undefined;
    const id = u32[at];
    return this.glue.counts?.[id] === 1 ? { id, what: whatOf(this.glue.values?.[id]) } : undefined;
  }

  /** Watches a value that the stack of `node` made Go hold. */
  add(fresh: Fresh, node: number, weight: number): void {
    if (this.watched.length >= CAP) this.thin();
    recorder.held(this.instance, node, weight, 0, weight);
    this.watched[this.watched.length] = { id: fresh.id, what: fresh.what, node, weight };
  }

  private isHeld({ id, what }: Fresh): boolean {
    const { values, counts } = this.glue;
    if (!values || !counts || !(counts[id] > 0)) return false;
    const value = values[id];
    return what instanceof Ref ? what.deref() === value : whatOf(value) === what;
  }

  /** Sees which are held no more: some in turn, or `all`. */
  look(all: boolean): void {
    const { watched } = this;
    for (let n = all ? watched.length : LOOKS; n > 0 && watched.length > 0; n--) {
      if (this.next >= watched.length) this.next = 0;
      const it = watched[this.next];
      if (this.isHeld(it)) this.next++;
      else {
        recorder.held(this.instance, it.node, 0, it.weight, 0);
        watched[this.next] = watched[watched.length - 1];
        watched.length--;
      }
    }
  }

  /** Makes room. */
  private thin(): void {
    this.next = 0;
    this.look(true);
    if (this.watched.length < CAP / 2) return;
    const kept: Watched[] = [];
    for (let i = 0; i + 1 < this.watched.length; i += 2) {
      const one = this.watched[i + (Math.random() < 0.5 ? 0 : 1)];
      const other = one === this.watched[i] ? this.watched[i + 1] : this.watched[i];
      recorder.held(this.instance, other.node, 0, other.weight, 0);
      const weight = one.weight + other.weight;
      recorder.held(this.instance, one.node, 0, one.weight, weight);
      one.weight = weight;
      kept[kept.length] = one;
    }
    this.watched = kept;
  }

  /** Lets go of all. */
  release(): void {
    this.watched = [];
  }
}
