// The page's built-ins as they were when the agent was installed. Everything the agent calls goes through these,
// so that later patches of the page's, and our own, neither see nor disturb it.

const call = Function.prototype.call;

/** `uncurry(Array.prototype.push)(array, x)`: a method as a function that nobody can patch any more. */
export const uncurry = <T, A extends unknown[], R>(method: (this: T, ...args: A) => R) =>
  call.bind(method) as unknown as (self: T, ...args: A) => R;

export const root = globalThis as typeof globalThis & Record<string, unknown>;
export const inWindow = typeof window === "object" && typeof document === "object";

export const now: () => number = performance.now.bind(performance);
export const timeOrigin = performance.timeOrigin;
export const apply = Reflect.apply;
export const construct = Reflect.construct;
export const then = uncurry(Promise.prototype.then) as unknown as <T, R>(
  promise: Promise<T>,
  done: (value: T) => R,
  failed?: (reason: unknown) => R,
) => Promise<R>;
export const setAfter = setTimeout.bind(root) as (f: () => void, ms: number) => number;
export const setEvery = setInterval.bind(root) as (f: () => void, ms: number) => number;
export const clearEvery = clearInterval.bind(root) as (id: number) => void;
export const queueMicro = queueMicrotask.bind(root) as (f: () => void) => void;
const scheduler = root.scheduler as { postTask?: (f: () => void, options: { priority: string }) => unknown } | undefined;
const postTask = scheduler?.postTask?.bind(scheduler);
/** Runs `f` in a task ahead of all others that wait, where the engine lets us say so. */
export const postUrgent = postTask && ((f: () => void) => void postTask(f, { priority: "user-blocking" }));
export const listen = root.addEventListener?.bind(root) as typeof addEventListener;
export const unlisten = root.removeEventListener?.bind(root) as typeof removeEventListener;

export const setBytes = uncurry(Uint8Array.prototype.set) as (self: Uint8Array, from: Uint8Array, at?: number) => void;
export const subBytes = uncurry(Uint8Array.prototype.subarray) as (
  self: Uint8Array,
  from: number,
  to: number,
) => Uint8Array;
export const sliceBytes = uncurry(Uint8Array.prototype.slice) as (
  self: Uint8Array,
  from: number,
  to: number,
) => Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
export const encodeText = encodeURIComponent;
export const encode: (text: string) => Uint8Array = encoder.encode.bind(encoder);
const decoder = new TextDecoder();
export const decode: (bytes: Uint8Array) => string = decoder.decode.bind(decoder);
export const parseJson = JSON.parse;

export const keysOf = Object.keys;
export const define = Object.defineProperty;
export const describe = Object.getOwnPropertyDescriptor;
export const freeze = Object.freeze;
export const prototypeOf = Object.getPrototypeOf as (it: object) => object | null;
export const createWith = Object.create;
export const setPrototype = Object.setPrototypeOf as (it: object, prototype: null) => object;

const wasm = WebAssembly;
export const NativeModule = wasm.Module;
export const NativeMemory = wasm.Memory;
export const NativeInstance = wasm.Instance;
export const moduleImports = wasm.Module.imports;
export const moduleExports = wasm.Module.exports;
export const moduleSections = wasm.Module.customSections;
export const instantiateNative = wasm.instantiate.bind(wasm) as (
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
) => Promise<WebAssembly.Instance>;
export const compileNative = wasm.compile.bind(wasm);

export const NativeResponse = typeof Response === "function" ? Response : undefined;
export const NativePromise = Promise;
export const Decompression = typeof DecompressionStream === "function" ? DecompressionStream : undefined;
export const Compression = typeof CompressionStream === "function" ? CompressionStream : undefined;
export const NativeChannel = MessageChannel;
const unpackText = atob.bind(root) as (text: string) => string;

/** Bytes of base64 text. */
export function base64(text: string): Uint8Array<ArrayBuffer> {
  const packed = unpackText(text);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  return bytes;
}

/** Resource Timing entries of one URL, or of all, as far as the page lets us see them. */
export const resources = (url?: string): PerformanceResourceTiming[] =>
  (url === undefined ? entriesByType("resource") : entriesByName(url, "resource")) as PerformanceResourceTiming[];
const entriesByName = performance.getEntriesByName.bind(performance);
const entriesByType = performance.getEntriesByType.bind(performance);

/** The getter of a property, for use on any object that has it; `undefined` where the engine knows none. */
const getter = <T>(owner: { prototype: object } | undefined, key: string): ((self: object) => T | undefined) => {
  const get = owner && describe(owner.prototype, key)?.get;
  return get ? (uncurry(get) as (self: object) => T) : () => undefined;
};
const global = (name: string) => root[name] as { prototype: object } | undefined;
export const NativeObserveDom = typeof MutationObserver === "function" ? MutationObserver : undefined;
export const frameWindow = getter<Window>(global("HTMLIFrameElement"), "contentWindow");
export const NativeObserver = typeof PerformanceObserver === "function" ? PerformanceObserver : undefined;
/** Methods of observers and their lists; where the engine has none, nobody calls them. */
const method = <T, A extends unknown[], R>(owner: string, key: string) =>
  uncurry((global(owner)?.prototype as Record<string, never> | undefined)?.[key] as unknown as (this: T, ...args: A) => R);
export const observe = method<PerformanceObserver, [PerformanceObserverInit], void>("PerformanceObserver", "observe");
export const unobserve = method<PerformanceObserver, [], void>("PerformanceObserver", "disconnect");
export const takeRecords = method<PerformanceObserver, [], PerformanceEntryList>("PerformanceObserver", "takeRecords");
export const entriesOf = method<PerformanceObserverEntryList, [], PerformanceEntryList>(
  "PerformanceObserverEntryList",
  "getEntries",
);
/** What a performance entry says. */
export const entry = {
  type: getter<string>(PerformanceEntry, "entryType") as (self: object) => string,
  name: getter<string>(PerformanceEntry, "name") as (self: object) => string,
  start: getter<number>(PerformanceEntry, "startTime") as (self: object) => number,
  duration: getter<number>(PerformanceEntry, "duration") as (self: object) => number,
  blocking: getter<number>(global("PerformanceLongAnimationFrameTiming"), "blockingDuration"),
  scripts: getter<object[]>(global("PerformanceLongAnimationFrameTiming"), "scripts"),
  invoker: getter<string>(global("PerformanceScriptTiming"), "invoker"),
};

/** The engine's own exports of an instance, whatever stands in front of them. */
export const exportsOf = getter<Record<string, unknown>>(wasm.Instance, "exports") as (
  instance: WebAssembly.Instance,
) => Record<string, unknown>;

export const NativeMap = Map;
export const NativeSet = Set;
export const NativeWeakMap = WeakMap;
export const NativeWeakSet = WeakSet;
export const NativeBlob = Blob;
export const NativeUrl = URL;
export const createUrl = URL.createObjectURL?.bind(URL) as (blob: Blob) => string;
export const revokeUrl = URL.revokeObjectURL?.bind(URL) as (url: string) => void;
export const NativeBroadcast = typeof BroadcastChannel === "function" ? BroadcastChannel : undefined;
export const cloneDeep = typeof structuredClone === "function" ? structuredClone.bind(root) : undefined;
export const onEvent = uncurry(EventTarget.prototype.addEventListener) as (
  self: EventTarget,
  type: string,
  call: (event: never) => void,
  capture?: boolean,
) => void;
export const offEvent = uncurry(EventTarget.prototype.removeEventListener) as typeof onEvent;
export const dispatch = uncurry(EventTarget.prototype.dispatchEvent);
/** A worker's, to its page. */
export const say = inWindow ? undefined : (root.postMessage?.bind(root) as (message: unknown, transfer: Transferable[]) => void);
export const NativeProxy = Proxy;
export const Ref = WeakRef;

const memoryOf = getter<object>(Performance, "memory");
/** Between two looks at the JS heap, ms: each takes the engine a third of a millisecond. */
const HEAP_EVERY_MS = 1000;
let heapBytes = NaN;
let heapAt = -Infinity;
/** The JS heap of the whole page as last looked at, bytes, as coarse as the engine tells it; NaN where it does not. */
export function jsHeapBytes(t: number): number {
  if (t - heapAt < HEAP_EVERY_MS) return heapBytes;
  heapAt = t;
  const memory = memoryOf(performance);
  const used = memory && describe(prototypeOf(memory)!, "usedJSHeapSize")?.get;
  return (heapBytes = used ? (apply(used, memory, []) as number) : NaN);
}

const port1 = getter<MessagePort>(MessageChannel, "port1") as (self: object) => MessagePort;
const port2 = getter<MessagePort>(MessageChannel, "port2") as (self: object) => MessagePort;
const port = MessagePort.prototype;
const hears = describe(port, "onmessage")?.set as (this: MessagePort, heard: (event: MessageEvent) => void) => void;
const on = uncurry(port.addEventListener) as (self: MessagePort, type: string, act: () => void) => void;
const data = getter<unknown>(MessageEvent, "data");

/** Posts to the other end of a port, however the page has patched ports since. */
export const postTo = uncurry(port.postMessage) as (from: MessagePort, message: unknown) => void;

/** A channel whose own end no page gets to see, however it has patched ports since; and the end to hand out. */
export function openChannel<T>(heard: (own: MessagePort, message: T) => void, closed: (own: MessagePort) => void): [MessagePort, MessagePort] {
  const channel = new NativeChannel();
  const own = port1(channel);
  for (const [key, value] of portMethods) define(own, key, { value: value.bind(own) });
  apply(hears, own, [(event: MessageEvent) => heard(own, data(event) as T)]);
  on(own, "close", () => closed(own));
  return [own, port2(channel)];
}
const portMethods = [
  ["postMessage", port.postMessage],
  ["close", port.close],
] as [string, () => void][];
