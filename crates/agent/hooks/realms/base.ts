// In a worker whose script was imported by a blob of ours: the URL that it would have without us, for all that asks for it.

import { guard } from "../faults";
import { patch } from "../patch";
import { apply, construct, createWith, define, describe, inWindow, NativeUrl, prototypeOf, root } from "../pristine";

/** The script's own URL, where ours took its place. */
let base: string | undefined;

/** What relative URLs are relative to. */
export const baseUrl = (): string => base ?? (inWindow ? document.baseURI : root.location.href);
/** Where this realm is. */
export const ownUrl = (): string => base ?? root.location?.href ?? "";

const PARTS = ["href", "origin", "protocol", "host", "hostname", "port", "pathname", "search", "hash"] as const;

/** The object that has `key` itself. */
function ownerOf(key: string): object | undefined {
  let owner: object | null = root;
  while (owner && !describe(owner, key)) owner = prototypeOf(owner);
  return owner ?? undefined;
}

/** Relative URLs made absolute. */
const absolute = (it: unknown): unknown =>
  typeof it === "string" ? (guard("base", () => new NativeUrl(it, base).href) ?? it) : it;

/** Has everything here take `url` for the script's. */
export function keepBase(url: string): void {
  base = url;
  guard("location", () => keepLocation(new NativeUrl(url)));
  const first = (args: unknown[], at: number) => args.map((it, i) => (i >= at && i < at + 1 ? absolute(it) : it));
  const calls = (owner: object | undefined, key: string, map: (args: unknown[]) => unknown[]) =>
    owner && patch(owner, key, { apply: (native, self, args: unknown[]) => apply(native, self, map(args)) as unknown } as ProxyHandler<never>);
  calls(ownerOf("importScripts"), "importScripts", (args) => args.map(absolute));
  calls(ownerOf("fetch"), "fetch", (args) => first(args, 0));
  calls((root.XMLHttpRequest as { prototype: object } | undefined)?.prototype, "open", (args) => first(args, 1));
  for (const key of ["Request", "EventSource", "WebSocket"]) {
    patch(root, key, {
      construct: (native: never, args: unknown[], newTarget: never) => construct(native, first(args, 0), newTarget) as object,
    } as ProxyHandler<never>);
  }
}

function keepLocation(url: URL): void {
  const owner = ownerOf("location");
  const before = owner && describe(owner, "location");
  if (!owner || !before?.configurable) return;
  const its = createWith(prototypeOf(root.location)) as object;
  for (const part of PARTS) define(its, part, { get: () => url[part], configurable: true });
  define(its, "toString", { value: () => url.href, configurable: true });
  define(owner, "location", { ...before, get: () => its });
}
