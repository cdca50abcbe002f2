// Asking Go's runtime to trace itself: keys added to GODEBUG in the block of arguments and environment that the glue has
// written into linear memory, just before `run` gets it. Keys that the user set stay theirs.

import { decode, encode, setBytes, subBytes } from "./pristine";
import type { GoMemory } from "./memory";

/** The glue writes from here on; Go's data begins there. */
const BLOCK_START = 4096;
const BLOCK_END = 12_288;
/** Left free behind the block, for `Traces`. */
export const SCRATCH = 1024;

/** What the runtime traces, by the key of GODEBUG that asks for it. */
export const KEYS = ["gctrace", "gcpacertrace", "inittrace"] as const;
export type Key = (typeof KEYS)[number];

export interface Asked {
  /** Where the new block's pointers begin. */
  argv: number;
  /** Free memory behind the block. */
  scratch: number;
  /** Keys that were not the user's. */
  ours: Key[];
}

/** Adds our keys. Throws where the block is not as the glue writes it, or leaves no room. */
export function askForTraces(memory: GoMemory, argc: number, argv: number): Asked {
  const pointers = read(memory, argc, argv);
  const end = argv + 8 * (pointers.length + 1);
  const at = pointers.findIndex((ptr, i) => i > argc && text(memory, ptr, end).startsWith("GODEBUG="));
  const theirs = at < 0 ? "" : text(memory, pointers[at], end).slice("GODEBUG=".length);
  const known = theirs.split(",").map((setting) => setting.split("=")[0]);
  const ours = KEYS.filter((key) => !known.includes(key));
  const settings = ours.map((key) => `${key}=1`);
  const bytes = encode(`GODEBUG=${[...(theirs ? [theirs] : []), ...settings].join(",")}\0`);
  const block = align(end + bytes.length);
  if (at < 0) pointers.push(end);
  else pointers[at] = end;
  const scratch = block + 8 * (pointers.length + 1);
  if (scratch + SCRATCH > BLOCK_END) throw new Error("arguments and environment leave no room for GODEBUG");
  setBytes(memory.u8, bytes, end);
  [...pointers, 0].forEach((ptr, i) => {
    memory.u32[(block >>> 2) + 2 * i] = ptr;
    memory.u32[(block >>> 2) + 2 * i + 1] = 0;
  });
  return { argv: block, scratch, ours };
}

const align = (at: number) => (at + 7) & ~7;

/** The block's pointers: arguments, 0, environment, without the 0 at the end. */
function read(memory: GoMemory, argc: number, argv: number): number[] {
  const pointers: number[] = [];
  for (let at = argv; ; at += 8) {
    if (at % 8 !== 0 || at < BLOCK_START || at + 8 > BLOCK_END) throw new Error("arguments are not where Go's glue puts them");
    const ptr = memory.u32[at >>> 2];
    if (ptr === 0 && pointers.length > argc) return pointers;
    if (ptr === 0 ? pointers.length !== argc : ptr < BLOCK_START || ptr >= argv) throw new Error("not an argument");
    pointers.push(ptr);
  }
}

function text(memory: GoMemory, ptr: number, end: number): string {
  const stop = memory.u8.indexOf(0, ptr);
  return decode(subBytes(memory.u8, ptr, stop < end ? stop : end));
}
