// Globals we have put something in front of, and how to take it away again.

import { guard } from "./faults";
import { define, describe, listen, NativeProxy, unlisten } from "./pristine";

interface Patched {
  owner: object;
  key: PropertyKey;
  before: PropertyDescriptor;
  ours: unknown;
}

const patched: Patched[] = [];

/** Puts `ours` at `owner[key]`, which had `before`. */
function put(owner: object, key: PropertyKey, before: PropertyDescriptor, ours: PropertyDescriptor): void {
  define(owner, key, { ...before, ...ours });
  patched.push({ owner, key, before, ours: ours.value ?? ours.get });
}

/** Puts what `make` makes of the function at `owner[key]` in its place: a plain function, since calls of it are hot. */
export function replace(owner: object, key: string, make: (native: never) => object): void {
  const before = describe(owner, key);
  if (typeof before?.value !== "function" || !before.configurable) return;
  put(owner, key, before, { value: like(make(before.value as never), before.value as object) });
}

/** The same for the getter of `owner[key]`. */
export function replaceGetter(owner: object, key: string, make: (native: never) => object): void {
  const before = describe(owner, key);
  if (!before?.get || !before.configurable) return;
  put(owner, key, before, { get: like(make(before.get as never), before.get) as () => unknown });
}

/** `ours` looks like `native` to who asks for its name and length. */
function like(ours: object, native: object): object {
  for (const key of ["name", "length"]) define(ours, key, describe(native, key)!);
  return ours;
}

/** Puts a proxy in front of the function at `owner[key]`: its name, length and identity checks stay the native's. */
export function patch(owner: object, key: PropertyKey, handler: ProxyHandler<never>): void {
  const before = describe(owner, key);
  if (!before || typeof before.value !== "function" || !before.configurable) return;
  const ours: unknown = new NativeProxy(before.value as never, handler);
  put(owner, key, before, { value: ours });
  // `instance.constructor === WebAssembly.Instance` holds without us.
  const prototype = (before.value as { prototype?: object }).prototype;
  const link = prototype && describe(prototype, "constructor");
  if (prototype && link?.configurable && link.value === before.value) {
    put(prototype, "constructor", link, { value: ours });
  }
}

const listening: (() => void)[] = [];

/** Listens on this realm's global object until all is restored. */
export function hear(type: string, heard: EventListener, capture = false): void {
  listen(type, heard, capture);
  listening[listening.length] = () => unlisten(type, heard, capture);
}

/** Restores whatever is still ours. */
export function unpatchAll(): void {
  for (const stop of listening.splice(0)) guard("restore", stop);
  for (const { owner, key, before, ours } of patched.splice(0).reverse()) {
    // What a page has frozen stays, and does nothing any more.
    const now = describe(owner, key);
    if (now && (now.value ?? now.get) === ours) guard("restore", () => define(owner, key, before));
  }
}
