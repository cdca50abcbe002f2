// Types of `globalThis.gopherscope`, which agent.js defines. Times are ms since `meta.timeOrigin`, fractions allowed.
// What was not measured is absent or null, never 0.

/** A table as rows, or as columns of equal length. */
export type Table<Row> = Row[] | { [Column in keyof Row]: Row[Column][] };

export interface Session {
  format: "gopherscope-session";
  version: 1;
  meta: Meta;
  realms: Realm[];
  modules: Module[];
  frames: Table<Frame>;
  /** Prefix tree: a node is one frame and its caller; `parent` is null at the root. */
  stacks: Table<{ parent: number | null; frame: number }>;
  instances: Instance[];
  /** What the page itself did; the newest 60,000 rows of each table. */
  page?: Page;
  /** What is wrong, gravest first. */
  findings: Finding[];
}

export interface Meta {
  agent: string;
  url: string;
  userAgent: string;
  /** Ms since the Unix epoch. */
  timeOrigin: number;
  /** Of the first program. */
  attach: "early" | "late";
  /** Whether Go is in the page, whether or not a program of it was found; absent: no. */
  goSeen?: boolean;
  mode: "observe" | "sample";
  /** Smallest step of the page's clock. */
  clockStepMs: number;
  crossOriginIsolated: boolean;
  runtimeTraces: boolean;
  /** What Gopherscope itself has cost: an estimate. */
  overhead: { selfMs: number; wallMs: number; viewerMs: number };
  dropped: Record<string, number>;
  errors: { t: number; where: string; message: string }[];
}

export interface Realm {
  id: number;
  kind: "window" | "worker" | "iframe" | "shared-worker" | "service-worker";
  /** Of its document or script. */
  url: string;
  /** The name that a worker was given. */
  name?: string;
  /** Whether an agent in it told anything; of others only their existence is known. */
  watched: boolean;
  /** Already added to this realm's times here, ms. */
  offsetMs: number;
  /** Half-width of what the offset may be wrong by, ms; absent or null where it was not measured. */
  offsetErrorMs?: number | null;
  /** When it was known to be gone, ms. */
  ended?: number;
  /** What it may use; absent where nothing in it has told. */
  environment?: Environment;
}

/** Absent or null: the engine does not tell. */
export interface Environment {
  crossOriginIsolated: boolean;
  sharedArrayBuffer: boolean;
  /** Whether a shared `WebAssembly.Memory` can be made. */
  sharedMemory: boolean;
  /** Whether there is `Atomics.waitAsync`. */
  waitAsync: boolean;
  secureContext: boolean;
  originAgentCluster?: boolean | null;
  /** Whether it may start workers. */
  workers: boolean;
  /** Whether its permissions policy allows isolation. */
  isolationAllowed?: boolean | null;
  hardwareConcurrency?: number | null;
  /** Directives of its Content-Security-Policy that have refused something of the profiler's. */
  refused: string[];
}

export interface Module {
  id: number;
  url: string;
  bytes?: number | null;
  compiler: "go" | "tinygo" | "other";
  goVersion?: string | null;
  /** TinyGo's own version where the module tells it, e.g. `0.42.0`. */
  compilerVersion?: string;
  path?: string | null;
  functions?: number | null;
  stripped?: boolean | null;
  settings?: Record<string, string>;
  network?: Network | null;
  /** Why the module never became an instance, in the engine's words. */
  failure?: string | null;
}

export interface Network {
  ttfbMs?: number | null;
  downloadMs?: number | null;
  wireBytes?: number | null;
  contentType?: string | null;
  encoding?: string | null;
  cache?: string | null;
  status?: number | null;
  /** Compiled while it was loading. */
  streamed?: boolean | null;
  /** Why the page had to compile a copy of the bytes. */
  fallback?: string | null;
}

export interface Frame {
  kind: "go" | "js";
  /** As Go's `runtime.Frame.Function` prints it. */
  func: string;
  file: string;
  line: number;
  inlined: boolean;
}

export interface Instance {
  id: number;
  module: number;
  realm: number;
  /** Late: the agent came to a program that ran. Calls and bytes are exact from then on; `timeMs` is the page's part of a
   *  call alone, a lower bound. What leaves no trace (`finalizeRef`, `valueInstanceOf`, wasmimports) is absent, as are
   *  phases that nothing tells of, garbage collection and initialisations. */
  attach: "early" | "late";
  exitCode?: number | null;
  phases: Phase[];
  imports: Import[];
  members: Member[];
  series: Series;
  samples: Table<Sample>;
  slices: Table<Slice>;
  grows: Table<Grow>;
  /** From the runtime's own traces; absent where there were none. */
  gc?: Table<Gc>;
  inits?: Table<Init>;
  refs?: Refs | null;
  funcs?: Funcs | null;
  /** JavaScript's JSON while Go was on the stack; absent where there was none. Go's own encoding/json is none of it. */
  json?: Json[];
  /** Sampled calls of it. */
  jsonCalls?: Table<JsonCall>;
  /** Bytes and strings copied, by import and size; absent where there were none. */
  copies?: Copied[];
  /** Numbers that Go read from arrays, or wrote to them, one by one; absent where there were none. */
  elements?: Elements[];
  /** Sampled bursts of that. */
  bursts?: Table<Burst>;
  /** Timers of Go's scheduler; absent where not known. */
  timers?: Timers | null;
}

/** One function of JSON. */
export interface Json {
  op: "parse" | "stringify";
  /** Exact. */
  calls: number;
  /** Characters (UTF-16 code units) of text in or out, exact. */
  bytes: number;
  /** Of all calls, estimated; a call inside another (toJSON, a reviver) is part of that. */
  timeMs?: number | null;
  /** Half-width of its 95 % interval. */
  timeErrorMs?: number | null;
  timedCalls: number;
}

/** A sampled call of JSON. */
export interface JsonCall {
  t: number;
  op: "parse" | "stringify";
  /** The Go function that crossed into what called it. */
  stack?: number | null;
  /** How many calls it stands for. */
  weight: number;
  timeMs?: number | null;
  /** Characters of text in or out. */
  chars?: number | null;
  /** Whether the text's middle is numbers and nothing else. */
  numbers: boolean;
}

/** Copies of one size by one import, exact. */
export interface Copied {
  import: string;
  to: "go" | "js";
  /** None is larger, in bytes: a power of 4 from 64 on. */
  sizeClass: number;
  calls: number;
  bytes: number;
}

/** Bursts: 32 or more neighbours of one array in a row, all numbers. Exact. */
export interface Elements {
  op: "get" | "set";
  /** Elements in bursts. */
  calls: number;
  bursts: number;
  /** Elements of the longest. */
  longest: number;
}

/** A sampled burst. */
export interface Burst {
  t: number;
  op: "get" | "set";
  stack?: number | null;
  /** How many bursts it stands for. */
  weight: number;
  /** Its elements. */
  length: number;
}

/** Timers of Go's scheduler, exact. */
export interface Timers {
  scheduled: number;
  /** Came due and ran Go. */
  fired: number;
  /** Given up before they came due. */
  cleared: number;
  /** Further runs of Go for a timer it had missed. */
  retries: number;
}

/** One cycle of Go's garbage collector. */
export interface Gc {
  /** Counts the program's cycles from 1. */
  number: number;
  t: number;
  /** By the runtime's clock: both pauses and what is between them. */
  durationMs: number;
  /** Sweep termination and mark termination. */
  pauseMs: number[];
  /** The heap when it began and when it ended; not known of forced ones. */
  heapTriggerBytes?: number | null;
  heapEndBytes?: number | null;
  heapLiveMB?: number | null;
  goalMB?: number | null;
  /** Asked for by `runtime.GC`. */
  forced: boolean;
  /** What allocated when it began. */
  stack?: number | null;
}

/** Initialisation of one package. */
export interface Init {
  package: string;
  start: number;
  durationMs: number;
  bytes: number;
  allocs: number;
}

export interface Phase {
  name: "fetch" | "download" | "compile" | "instantiate" | "runtime-init" | "package-init" | "main" | "run";
  start: number;
  /** Null while it runs. */
  end: number | null;
  /** False for a bound. */
  exact: boolean;
}

export interface Tally {
  /** Exact. */
  calls: number;
  /** Estimate for all calls; absent where none was timed. */
  timeMs?: number | null;
  /** Half-width of its 95 % interval. */
  timeErrorMs?: number | null;
  timedCalls: number;
}

export interface Import extends Tally {
  name: string;
  /** Exact; absent for imports that copy none we can know. */
  bytes?: number | null;
}

export interface Member extends Tally {
  import: string;
  /** `(dynamic)` for names that are no constants of the program. */
  name: string;
}

/** `t[i]` ends bucket i: calls, time and bytes are sums within it, the rest are values at `t[i]`. */
export interface Series {
  t: number[];
  calls: Record<string, number[]>;
  timeMs: Record<string, number[]>;
  bytesToGo: number[];
  bytesToJs: number[];
  memoryBytes: number[];
  /** JS values that Go holds, exact. */
  jsRefs?: (number | null)[];
  /** `js.Func` made and not released, exact. */
  funcs?: (number | null)[];
  /** The JS heap of the whole page as the engine tells it (`performance.memory`): coarse, nothing of Go's. */
  jsHeapBytes?: (number | null)[];
  goroutines?: (number | null)[];
}

export interface Sample {
  t: number;
  stack: number | null;
  import: string | number;
  member: string | number | null;
  /** How many crossings it stands for. */
  weight: number;
  timeMs: number | null;
  bytes: number | null;
  goid: number | null;
}

export interface Slice {
  start: number;
  end: number;
  cause: "run" | "timer" | "event" | "export";
  bridgeMs: number;
  calls: number;
}

export interface Grow {
  t: number;
  fromBytes: number;
  toBytes: number;
  stack: number | null;
}

/** JS values that Go holds. */
export interface Refs {
  /** Taken by `snapshot()`, `stop()` and where a viewer asks. */
  census: Census | null;
  /** Stacks that made Go hold values: estimates from sampled crossings, with the half-widths of their 95 % intervals. */
  made: Table<{ stack: number | null; made: number; madeError: number; live: number; liveError: number }>;
}

export interface Census {
  t: number;
  /** Exact. */
  values: number;
  /** False where not every value was looked at: the counts are scaled up. */
  exact: boolean;
  /** By name of the constructor, or by type. */
  byConstructor: { name: string; count: number }[];
  /** The live `js.Func` by the Go function they call, a stack of one frame; null where Go's table of them was not found. */
  callbacks: { stack: number | null; count: number }[] | null;
}

/** `js.Func`, exact since the recording began. */
export interface Funcs {
  made: number;
  /** Null where Go's own table of them was not found. */
  released: number | null;
  /** Made and not released, those from before the recording included. */
  live: number | null;
}

export interface Page {
  microtasks: Table<Microtask>;
  /** Absent where the engine tells none. */
  longtasks?: Table<LongTask> | null;
  /** `performance.mark`, names cut to 200 bytes. */
  marks: Table<{ t: number; realm: number; name: string }>;
  /** `performance.measure`, names cut to 200 bytes. */
  measures: Table<{ start: number; durationMs: number; realm: number; name: string }>;
}

/** A probe of the microtask queue, posted where a stay in Go ended: at most one at a time and 50 a second. */
export interface Microtask {
  /** When the stay ended. */
  t: number;
  realm: number;
  /** Length of that stay. */
  syncMs: number;
  /** Until what had been queued by then had run; the rest of the task that Go was called from counts too. */
  queuedMs: number;
  /** Until the queue was empty. */
  drainMs: number;
  /** False where other tasks may have run before that was noticed: `drainMs` is an upper bound. */
  exact: boolean;
}

/** A task or an animation frame of more than 50 ms. */
export interface LongTask {
  start: number;
  durationMs: number;
  realm: number;
  kind: "task" | "frame";
  /** Of a frame: how long input could not be handled. */
  blockingMs?: number | null;
  /** Of a frame: what called its longest script, as the engine puts it. */
  script?: string | null;
  /** How long that script ran. */
  scriptMs?: number | null;
}

export interface Finding {
  id: string;
  severity: "high" | "medium" | "low";
  /** What it is of, where one kind can be found several times: a module's URL or a JS member. */
  subject: string | null;
  title: string;
  detail: string;
  costMs: number | null;
  where: string | null;
  fix: string;
}

export interface StartOptions {
  /** Only "observe" so far. */
  mode?: "observe";
  /** Most samples kept; at most 200,000. */
  maxSamples?: number;
  /** Whether programs that run from now on are asked to trace themselves (GODEBUG); as the script tag's
   *  `data-runtime-traces` says where it is left out. */
  runtimeTraces?: boolean;
}

export interface Gopherscope {
  readonly version: string;
  readonly attach: "early" | "late";
  readonly state: "idle" | "recording" | "stopped";
  /** What `export` can do. */
  readonly formats: readonly string[];
  /** How many Go programs have begun to run: cheap, for scripts that wait. */
  readonly programs: number;
  /** Faults inside Gopherscope: swallowed, never passed to the page. */
  readonly faults: number;
  /** Starts recording. After `stop()`, what was recorded before is forgotten. */
  start(options?: StartOptions): void;
  /** Ends the recording. */
  stop(): Promise<Session>;
  /** Forgets what was recorded so far; recording goes on. */
  clear(): void;
  /** The recording so far; it goes on undisturbed. */
  snapshot(): Promise<Session>;
  /** Rejects with `code: "unsupported"` for a format not in `formats`. `session` is gzipped JSON. */
  export(format: string): Promise<Uint8Array>;
  /** Headline and tables, readable in a terminal. `cargo xtask record` prints more of them, from the session. */
  report(): Promise<string>;
  /** Shows the viewer, also after it was closed or collapsed; a mini view in the page where a policy keeps it out, or where
   *  the agent came without a URL of its own. */
  show(): void;
  /** Hides the viewer, or shows it; recording goes on. `site`: where one is served, should the agent have come without. */
  toggle(site?: string): void;
  /** Restores every patched global that is still ours. */
  uninstall(): void;
}

declare global {
  var gopherscope: Gopherscope | undefined;
}
