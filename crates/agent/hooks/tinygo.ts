// What is known of TinyGo's programs and their glue, targets/wasm_exec.js of TinyGo 0.17 to 0.42. Their imports get real
// parameters and no `sp`: there are no stacks to read. A reference is 64 bits; glue before TinyGo 0.31 gets the address of
// one, and of its result, instead.

import type { Bridge } from "./bridge";
import type { Timed } from "./crossings";
import { BYTES, type Import, NAMED } from "./glue";
import { HASH } from "./members";
import type { GoMemory } from "./memory";
import { decode, moduleSections, sliceBytes, subBytes } from "./pristine";

/** A program's data lies at the beginning of its memory; names beyond this are taken for dynamic ones. */
const DATA_END = 1 << 22;
/** Longer names are no members. */
const LONGEST = 1024;

/** TinyGo's version, or what `pattern` says, as the `producers` section tells it. */
export function versionOf(module: WebAssembly.Module, pattern = /TinyGo.([\w.-]*)/s): string | undefined {
  const [section] = moduleSections(module, "producers");
  return section && pattern.exec(decode(new Uint8Array(section)))?.[1];
}

/** The namespace with TinyGo's glue in it. */
export function tinyGlue(imports: Record<string, unknown>): object | undefined {
  for (const key of ["gojs", "env"]) {
    const glue = imports[key] as object | null | undefined;
    if (typeof glue !== "object" || glue === null || "runtime.wasmExit" in glue) continue;
    if ("runtime.ticks" in glue || "syscall/js.valueGet" in glue) return glue;
  }
  return undefined;
}

/** Names that are constants of the program: they lie where they did before it ran. Call before it does. */
export function constants(memory: GoMemory): (ptr: number, len: number) => string | undefined {
  const { u8, u32 } = memory;
  let end = Math.min(u32.length, DATA_END / 4);
  while (end > 0 && u32[end - 1] === 0) end--;
  const data = sliceBytes(u8, 0, end * 4);
  return (ptr, len) => {
    if (ptr + len > data.length || len > LONGEST) return undefined;
    for (let i = ptr; i < ptr + len; i++) if (data[i] !== memory.u8[i]) return undefined;
    return decode(subBytes(data, ptr, ptr + len));
  };
}

/** Wraps one import: counts it, its member and its bytes. */
export function wrapTiny(bridge: Bridge, timed: Timed, f: Import): Import {
  const { crossings, glue, memory, members: lists } = bridge;
  const { left } = crossings.sampler;
  const { i, name } = timed;
  const members = NAMED.test(name) ? lists.add(i) : undefined;
  const copies = BYTES[name];
  const count = copies && bridge.sizesOf(i);
  // Where the value's parameter is, as addresses: Call has that of its result in front in any case, Get in old glue.
  const calls = name.endsWith("Call");
  const gets = name.endsWith("Get");
  return (...args: unknown[]) => {
    let call = f as (...args: unknown[]) => unknown;
    let member = -1;
    if (members) {
      const at = calls || (gets && typeof args[0] === "number") ? 2 : 1;
      const ptr = args[at] as number;
      const len = args[at + 1] as number;
      let slot = Math.imul(ptr ^ (len << 7), HASH) >>> members.shift;
      if (members.ptrs[slot] === ptr && members.lens[slot] === len && ptr !== 0) members.counts[slot]++;
      else {
        bridge.renew();
        slot = lists.missed(i, members, ptr, len);
        const ref = args[at - 1];
        const id = typeof ref === "bigint" ? Number(ref & 0xffffffffn) : memory.u32[(ref as number) >>> 2];
        if (glue.shows(name, id)) call = glue.watch(call);
      }
      member = slot < 0 ? members.dynamicId : members.ids[slot];
    }
    let result: unknown;
    if (--left[i] !== 0) result = call(...args);
    else crossings.run(timed, member, () => void (result = call(...args)), 0);
    if (count) {
      const to = args[0] as number;
      if (!copies.after) {
        // stringVal gives its reference back, or has that one's address in front.
        count(args[copies.to === "js" && result !== undefined ? 1 : 2] as number);
      } else {
        bridge.renew();
        if (!copies.to) count(memory.u32[(to + 8) >>> 2]);
        else if (memory.u8[to + 4]) count(memory.u32[to >>> 2]);
      }
    }
    return result;
  };
}
