// Workers that this realm starts get the agent before their own script. A script of a blob follows the agent in one blob; one
// with a URL is imported by a blob, one of a data: URL by another such URL; there `base.ts` keeps the URL for all that asks.
// What cannot be reached starts untouched.

import { guard } from "../faults";
import { patch } from "../patch";
import {
  apply,
  construct,
  createUrl,
  encodeText,
  NativeBlob,
  NativeMap,
  NativeSet,
  NativeUrl,
  NativeWeakMap,
  revokeUrl,
  root,
} from "../pristine";
import { shared } from "../state";
import { baseUrl } from "./base";
import { type Child, meet } from "./children";
import { awaitUnknown } from "./hall";
import { StandIn } from "./standin";
import { agentBlob, agentText, leaving } from "./text";
import { helloOf } from "./words";

const WORKER = 1;
const SHARED = 3;
const SERVICE = 4;
const SCRIPT = "text/javascript";
/** A directive that what comes before it would undo. */
const STRICT = /^(?:\s|\/\/.*|\/\*[^]*?\*\/|(["'])(?:(?!\1|\\).)*\1\s*;?)*?["']use strict["']/;
const HEAD = 4096;

type Construct = (this: never, ...args: unknown[]) => unknown;

/** Blobs by URL, while they have one. */
const blobs = new NativeMap<string, Blob>();
/** Whose text begins strict; blobs whose text we never saw are in neither. */
const strict = new NativeWeakMap<Blob, boolean>();
const children = new NativeWeakMap<object, Child>();
const named = new NativeSet<string>();
/** The page's policy forbids what we make. */
let refused = false;

interface Plan {
  /** The script that starts instead, */
  url: string;
  /** and what is given back once it has. */
  temporary: string[];
}

const script = (parts: BlobPart[], temporary: string[]): string => {
  const url = createUrl(new NativeBlob(parts, { type: SCRIPT }));
  temporary[temporary.length] = url;
  return url;
};

/** What starts in place of a script; nothing where it had better be left alone. */
function plan(given: unknown, options: unknown): Plan | undefined {
  if (shared.uninstalled || refused) return undefined;
  const url = new NativeUrl(String(given), baseUrl());
  const module = (options as WorkerOptions | undefined)?.type === "module";
  const temporary: string[] = [];
  if (url.protocol === "blob:") {
    const blob = blobs.get(url.href);
    const isStrict = blob && strict.get(blob);
    if (!blob || isStrict === undefined) return undefined;
    // A URL of our own: the page may give its own back at once.
    if (module) return imports(script([blob], temporary), leaving(), temporary);
    return { url: script([isStrict ? '"use strict";' : "", leaving(), agentBlob(), blob], temporary), temporary };
  }
  const { href } = url;
  // Of no origin, as without us: its script stays in a URL of that kind.
  if (url.protocol === "data:") {
    const first = leaving(href) + agentText();
    const own = (text: string) => `data:${SCRIPT},${encodeText(text)}`;
    if (module) return { url: own(`import ${JSON.stringify(own(first))};import ${JSON.stringify(href)}`), temporary };
    return { url: own(`${first}importScripts(${JSON.stringify(href)})`), temporary };
  }
  if (url.origin !== root.origin || !url.protocol.startsWith("http")) return undefined;
  if (module) return imports(href, leaving(href), temporary);
  return { url: script([leaving(href), agentBlob(), `importScripts(${JSON.stringify(href)})`], temporary), temporary };
}

/** Imports run in their order, before anything else of a module. */
function imports(href: string, first: string, temporary: string[]): Plan {
  const agent = script([first, agentBlob()], temporary);
  return { url: script([`import ${JSON.stringify(agent)};import ${JSON.stringify(href)}`], temporary), temporary };
}

function started(worker: Worker, { temporary }: Plan, standIn: StandIn): void {
  const done = () => temporary.splice(0).forEach(revokeUrl);
  standIn.watch({
    hello(data, port) {
      const known = helloOf(data);
      if (!known) return false;
      done();
      const child = meet(known, port);
      if (child) children.set(worker, child);
      return true;
    },
    refused() {
      // A policy without data: URLs has refused the page's own as well.
      refused = temporary.length > 0;
      done();
    },
  });
}

const isPlain = (it: unknown): boolean => typeof it === "string" || it instanceof NativeUrl;

function untouched(worker: object, given: unknown, options: unknown): void {
  const url = new NativeUrl(String(given), baseUrl()).href;
  const name = String((options as WorkerOptions | undefined)?.name ?? "");
  const child = meet({ kind: WORKER, url, name });
  if (!child) return;
  children.set(worker, child);
  awaitUnknown(url, child);
}

/** Names what cannot be watched, once. */
function name(kind: number, given: unknown, options?: unknown): void {
  const url = new NativeUrl(String(given), baseUrl()).href;
  const its = typeof options === "string" ? options : String((options as WorkerOptions | undefined)?.name ?? "");
  const key = `${kind} ${url} ${its}`;
  if (named.has(key)) return;
  named.add(key);
  meet({ kind, url, name: its });
}

/** Puts ours in front of what starts workers. */
export function patchWorkers(): void {
  patch(root, "Worker", {
    construct(native: Construct, args: unknown[], newTarget: never) {
      const planned = isPlain(args[0]) ? guard("Worker", () => plan(args[0], args[1])) : undefined;
      let worker: Worker | undefined;
      if (planned) {
        try {
          worker = construct(native, [planned.url, ...args.slice(1)], newTarget) as Worker;
        } catch {
          // The page's own argument decides what there is to throw.
        }
      }
      const mine = worker;
      if (!mine || !planned) {
        worker = construct(native, args, newTarget) as Worker;
        if (!shared.uninstalled) guard("Worker", () => untouched(worker!, args[0], args[1]));
        return worker;
      }
      const again = () => {
        const other = construct(native, args, newTarget) as Worker;
        guard("Worker", () => untouched(mine, args[0], args[1]));
        return other;
      };
      guard("Worker", () => started(mine, planned, new StandIn(mine, again)));
      return mine;
    },
  } as ProxyHandler<never>);
  if (typeof Worker === "function") {
    patch(Worker.prototype, "terminate", {
      apply(native, self: object, args: unknown[]) {
        const result: unknown = apply(native, self, args);
        guard("Worker", () => children.get(self)?.end());
        return result;
      },
    } as ProxyHandler<never>);
  }
  patchBlobs();
  patchOthers();
}

/** What scripts are made of. */
function patchBlobs(): void {
  patch(root, "Blob", {
    construct(native: Construct, args: unknown[], newTarget: never) {
      const blob = construct(native, args, newTarget) as Blob;
      guard("Blob", () => {
        const first: unknown = Array.isArray(args[0]) ? args[0][0] : undefined;
        if (typeof first === "string") strict.set(blob, STRICT.test(first.slice(0, HEAD)));
      });
      return blob;
    },
  } as ProxyHandler<never>);
  patch(URL, "createObjectURL", {
    apply(native, self, args: unknown[]) {
      const url = apply(native, self, args) as string;
      guard("Blob", () => args[0] instanceof NativeBlob && strict.has(args[0]) && blobs.set(url, args[0]));
      return url;
    },
  } as ProxyHandler<never>);
  patch(URL, "revokeObjectURL", {
    apply(native, self, args: unknown[]) {
      guard("Blob", () => blobs.delete(args[0] as string));
      return apply(native, self, args) as unknown;
    },
  } as ProxyHandler<never>);
}

function patchOthers(): void {
  patch(root, "SharedWorker", {
    construct(native: Construct, args: unknown[], newTarget: never) {
      const worker = construct(native, args, newTarget);
      guard("SharedWorker", () => name(SHARED, args[0], args[1]));
      return worker as object;
    },
  } as ProxyHandler<never>);
  let container: ServiceWorkerContainer | undefined;
  try {
    container = (navigator as Partial<Navigator>).serviceWorker;
  } catch {
    // A sandboxed page has none.
  }
  if (!container) return;
  const controls = () => guard("ServiceWorker", () => container.controller && name(SERVICE, container.controller.scriptURL));
  controls();
  const owner = (root.ServiceWorkerContainer as { prototype: object } | undefined)?.prototype;
  if (!owner) return;
  patch(owner, "register", {
    apply(native, self, args: unknown[]) {
      const result: unknown = apply(native, self, args);
      guard("ServiceWorker", () => name(SERVICE, args[0]));
      return result;
    },
  } as ProxyHandler<never>);
}

