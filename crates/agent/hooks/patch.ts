// Globals we have put something in front of, and how to take it away again.

import { guard } from "./faults";
import { define, describe, NativeProxy } from "./pristine";

interface Patched {
  owner: object;
  key: PropertyKey;
  before: PropertyDescriptor;
  ours: unknown;
}

const patched: Patched[] = [];

/** Puts a proxy in front of the function at `owner[key]`: its name, length and identity checks stay the native's. */
export function patch(owner: object, key: PropertyKey, handler: ProxyHandler<never>): void {
  const before = describe(owner, key);
  if (!before || typeof before.value !== "function" || !before.configurable) return;
  const ours: unknown = new NativeProxy(before.value as never, handler);
  define(owner, key, { ...before, value: ours });
  patched.push({ owner, key, before, ours });
  // `instance.constructor === WebAssembly.Instance` holds without us.
  const prototype = (before.value as { prototype?: object }).prototype;
  const link = prototype && describe(prototype, "constructor");
  if (prototype && link?.configurable && link.value === before.value) {
    define(prototype, "constructor", { ...link, value: ours });
    patched.push({ owner: prototype, key: "constructor", before: link, ours });
  }
}

/** Restores whatever is still ours. */
export function unpatchAll(): void {
  for (const { owner, key, before, ours } of patched.splice(0).reverse()) {
    // What a page has frozen stays, and does nothing any more.
    if (describe(owner, key)?.value === ours) guard("restore", () => define(owner, key, before));
  }
}
