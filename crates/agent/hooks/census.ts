// What the JS values are that Go holds, when somebody asks: by name of the constructor. Getters of the page's never run, nor
// any trap of a Proxy but `getPrototypeOf`: there is no telling a Proxy from what it stands for.

import { describe, NativeMap, prototypeOf } from "./pristine";

/** Most values looked at; of more, every second one is, or every third, ... */
const MOST = 100_000;
/** Most names told; what has another is counted without. */
const NAMES = 200;
const LONGEST = 80;
/** How far up a chain of prototypes a constructor is looked for. */
const DEEP = 16;

export interface Census {
  /** How many were looked at. */
  counted: number;
  names: Map<string, number>;
}

/** The name of the constructor that a prototype belongs to: data properties only. */
function nameOf(prototype: object | null): string {
  for (let at = prototype, n = 0; at !== null && n < DEEP; at = prototypeOf(at), n++) {
    const constructor: unknown = describe(at, "constructor")?.value;
    const name: unknown = typeof constructor === "function" ? describe(constructor, "name")?.value : undefined;
    if (typeof name === "string" && name !== "") return name.slice(0, LONGEST);
  }
  return "object";
}

/** Counts `values` from position `from` on by what they are; places that are free hold null. */
export function takeCensus(values: readonly unknown[], from: number): Census {
  const counts = new NativeMap<string, number>();
  const known = new NativeMap<object | null, string>();
  const kind = (value: unknown): string => {
    if (typeof value !== "object") return typeof value;
    try {
      const prototype = prototypeOf(value as object);
      let name = known.get(prototype);
      if (name === undefined) known.set(prototype, (name = nameOf(prototype)));
      return name;
    } catch {
      return "object";
    }
  };
  const step = Math.ceil((values.length - from) / MOST) || 1;
  let counted = 0;
  for (let i = from; i < values.length; i += step) {
    const value = values[i];
    if (value === null) continue;
    counted++;
    const name = kind(value);
    const n = counts.get(name);
    if (n !== undefined) counts.set(name, n + 1);
    else if (counts.size < NAMES) counts.set(name, 1);
  }
  return { counted, names: counts };
}
