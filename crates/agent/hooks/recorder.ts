// The recorder's raw exports, and the buffers the hooks share with it.

import { fault } from "./faults";
import { base64, encode, NativeInstance, NativeModule, now, setBytes, sliceBytes, subBytes } from "./pristine";
import { own as ownWork } from "./state";
import { shared, State } from "./state";

declare const __RECORDER_WASM_TEXT__: string;
declare const __UNPACKER_WASM_BASE64__: string;

/** See `crates/agent/recorder/src/abi`, where each export is described. */
export interface Exports {
  memory: WebAssembly.Memory;
  window(): number;
  inbox(len: number): number;
  hello(len: number, timeOrigin: number, clockStepMs: number, flags: number): void;
  environment(features: number, cores: number, len: number): void;
  realm(kind: number, len: number): number;
  realm_state(realm: number, watched: number, ended: number): void;
  source(id: number, offsetMs: number, errorMs: number): void;
  module(): number;
  module_text(module: number, field: number, len: number): void;
  module_number(module: number, field: number, value: number): void;
  tables_room(module: number, len: number): number;
  tables_next(module: number): number;
  tables_scan(module: number, t: number): number;
  tables_known(module: number): number;
  scheduler_bounds(module: number): bigint;
  scheduler(module: number, addr: number, len: number): number;
  instance(module: number, realm: number): number;
  late(instance: number): void;
  call_site(instance: number, low: number, high: number): number;
  import(instance: number, len: number): number;
  member(instance: number, imported: number, ptr: number, len: number): number;
  member_named(instance: number, imported: number, len: number): number;
  dynamic_member(instance: number, imported: number): number;
  cross(
    instance: number,
    imported: number,
    member: number,
    t: number,
    ms: number,
    weight: number,
    bytes: number,
    sp: number,
    len: number,
  ): number;
  held(instance: number, node: number, made: number, before: number, after: number): void;
  census_name(instance: number, count: number, len: number): void;
  census(instance: number, t: number, values: number, counted: number): void;
  marks(instance: number, t: number, sp: number, len: number): number;
  grow(instance: number, t: number, from: number, to: number, sp: number, len: number): void;
  slice(instance: number, start: number, end: number, cause: number, calls: number): void;
  inside(instance: number, start: number, cause: number): void;
  phase(instance: number, kind: number, start: number, end: number, exact: number): void;
  run_returned(instance: number, t: number): void;
  exit(instance: number, t: number, code: number): void;
  gc_trigger(instance: number, t: number, sp: number, len: number): void;
  trace(instance: number, t: number, len: number, keep: number): number;
  stack(instance: number, t: number, sp: number, len: number): number;
  sampled(
    instance: number,
    row: number,
    node: number,
    t: number,
    ms: number,
    weight: number,
    amount: number,
    numbers: number,
  ): void;
  patterns(instance: number, copies: number): void;
  goroutines(instance: number): number;
  totals(
    instance: number,
    t: number,
    imports: number,
    members: number,
    memoryBytes: number,
    jsRefs: number,
    jsHeapBytes: number,
    goroutines: number,
    bytesToGo: number,
    bytesToJs: number,
  ): void;
  status(
    state: number,
    selfMs: number,
    wallMs: number,
    viewerMs: number,
    droppedFrames: number,
    clockCostMs: number,
    clockCostErrorMs: number,
  ): void;
  gone(instance: number, t: number): void;
  discard(instance: number): void;
  error(t: number, len: number): void;
  microtasks(t: number, syncMs: number, queuedMs: number, drainMs: number, exact: number): void;
  sees_longtasks(): void;
  longtask(start: number, durationMs: number): void;
  longframe(start: number, durationMs: number, blockingMs: number, scriptMs: number, len: number): void;
  mark(t: number, len: number): void;
  measure(start: number, durationMs: number, len: number): void;
  reader(): number;
  reader_drop(reader: number): void;
  frame(reader: number, t: number): number;
  frame_ptr(): number;
  frame_drop(): void;
  max_samples(most: number): void;
  programs(): number;
  protocol(): number;
  clear(): void;
}

/** Bytes of Go's stack copied for each walk; what lies deeper is fetched when the walk gets there. */
const TOP = 2048;
/** Where the unpacker has its input and output. */
const UNPACKED = 512;
/** Size of the recorder's window. */
const WINDOW = 16_384;
const CHUNK = 1 << 20;
const EMPTY = new Uint8Array(0);

const NO_WORDS = new Uint32Array(0);

/** Linear memory of the program whose stack is being read; nothing in between, so that we hold no program's memory. */
let target: Uint8Array = EMPTY;
let targetWords: Uint32Array = NO_WORDS;

let own: Uint8Array = EMPTY;
let windowBytes: Uint8Array = EMPTY;
let windowAt = 0;

export let recorder: Exports;

/** Called once the recorder runs, to say who and where we are; and when more is known of the clock. */
export const onRecorder: { started: () => void; greet: () => void } = { started: () => {}, greet: () => {} };
let started: boolean | undefined;
/** Why it does not run, in the engine's words. */
export let recorderFailure = "";

/** Starts the recorder, unless it has been. At install it would cost a millisecond of the page's; at the page's first call
 *  into WebAssembly the request for the module is on its way. False where the page's CSP forbids WebAssembly, and so
 *  any Go program. */
export function startRecorder(): boolean {
  if (started !== undefined) return started;
  started = false;
  ownWork(start);
  return started;
}

/** The recorder's module: see `crates/agent/unpack.wat`. */
function unpacked(): Uint8Array<ArrayBuffer> {
  const unpacker = new NativeInstance(new NativeModule(base64(__UNPACKER_WASM_BASE64__)));
  const { memory, unpack } = unpacker.exports as { memory: WebAssembly.Memory; unpack: (length: number) => number };
  const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  const text = __RECORDER_WASM_TEXT__;
  try {
    setBytes(bytes, encode(text), UNPACKED);
  } catch {
    // Broken by the page; a loop takes longer.
    for (let i = 0; i < text.length; i++) bytes[UNPACKED + i] = text.charCodeAt(i);
  }
  return new Uint8Array(bytes.buffer, UNPACKED, unpack(text.length));
}

function start(): void {
  try {
    const instance = new NativeInstance(new NativeModule(unpacked()), { env: { fill, peek } });
    recorder = instance.exports as unknown as Exports;
    windowAt = recorder.window();
    started = true;
    onRecorder.started();
  } catch (reason) {
    recorderFailure = String((reason as Error)?.message ?? reason);
    fault("recorder", reason);
  }
}

/** Whether the recorder runs. */
export const recording = (): boolean => started === true;

/** The recorder's memory; views are renewed when it has grown. */
function ownBytes(): Uint8Array {
  if (own.length === 0 || own.buffer !== recorder.memory.buffer) {
    own = new Uint8Array(recorder.memory.buffer);
    windowBytes = new Uint8Array(recorder.memory.buffer, windowAt, WINDOW);
  }
  return own;
}

function fill(addr: number, len: number): number {
  addr >>>= 0;
  const end = addr + len;
  const piece = subBytes(target, addr, end < target.length ? end : target.length);
  ownBytes();
  setBytes(windowBytes, piece);
  return piece.length;
}

function peek(addr: number): number {
  return targetWords[addr >>> 2] | 0;
}

/** Copies the top of the stack at `sp` for the next walk; returns how many bytes. */
export function showStack(bytes: Uint8Array, words: Uint32Array, sp: number): number {
  target = bytes;
  targetWords = words;
  return fill(sp, TOP);
}

/** Shows a stack's top that was kept: nothing else of that stack exists any more. Returns how many bytes. */
export function showKept(top: Uint8Array): number {
  hideStack();
  ownBytes();
  setBytes(windowBytes, top);
  return top.length;
}

/** The stack shown last has been read. */
export function hideStack(): void {
  target = EMPTY;
  targetWords = NO_WORDS;
}

/** Puts text into the inbox; returns its length in bytes. */
export function post(text: string): number {
  const bytes = encode(text);
  const at = recorder.inbox(bytes.length);
  setBytes(ownBytes(), bytes, at);
  return bytes.length;
}

/** Room for `count` f64 in the inbox. The address may be odd: fill an array, then `postNumbers`. */
export function postNumbers(numbers: Float64Array, count: number): void {
  const at = recorder.inbox(count * 8);
  setBytes(ownBytes(), new Uint8Array(numbers.buffer, 0, count * 8), at);
}

/** Searches a program's memory for Go's tables. True when stacks can be read. */
export function findTables(module: number, memory: Uint8Array): boolean {
  if (recorder.tables_known(module)) return true;
  for (let at = recorder.tables_next(module); at < memory.length; at = recorder.tables_next(module)) {
    const len = memory.length - at < CHUNK ? memory.length - at : CHUNK;
    const room = recorder.tables_room(module, len);
    if (!room) return false;
    setBytes(ownBytes(), subBytes(memory, at, at + len), room);
    const step = recorder.tables_scan(module, now());
    if (step !== 0) return step === 1;
  }
  return false;
}

/** Searches a running program's memory for m0, g0 and the list of goroutines. */
export function findScheduler(module: number, memory: Uint8Array, words: Uint32Array): boolean {
  const bounds = recorder.scheduler_bounds(module);
  if (bounds === 0n) return true;
  const lo = Number(bounds & 0xffffffffn);
  const hi = Number(bounds >> 32n);
  if (!(lo < hi && hi <= memory.length)) return false;
  const at = recorder.inbox(hi - lo);
  setBytes(ownBytes(), subBytes(memory, lo, hi), at);
  targetWords = words;
  try {
    return recorder.scheduler(module, lo, hi - lo) === 1;
  } finally {
    hideStack();
  }
}

/** Runs `work`, which may peek at a program's memory. */
export function peeking<T>(words: Uint32Array, work: () => T): T {
  targetWords = words;
  try {
    return work();
  } finally {
    hideStack();
  }
}

/** Counts a program's goroutines; NaN where that is not known. */
export function countGoroutines(instance: number, words: Uint32Array): number {
  return peeking(words, () => recorder.goroutines(instance));
}

/** Cuts the next frame for a reader: a buffer of its own, or null when there is none. */
export function cutFrame(reader: number, t: number): ArrayBuffer | null {
  // Shares are shares of the time recorded: a stopped recording grows no older.
  const len = recorder.frame(reader, shared.state === State.Stopped ? shared.ended : t);
  if (!len) return null;
  const at = recorder.frame_ptr();
  const bytes = sliceBytes(ownBytes(), at, at + len);
  recorder.frame_drop();
  return bytes.buffer;
}
