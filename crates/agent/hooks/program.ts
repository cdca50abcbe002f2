// One Go program: from its imports being linked to its exit. Stands between the page's glue and the engine's instance.

import { Bridge } from "./bridge";
import { costMs, LATE_MS } from "./cost";
import { takeCensus } from "./census";
import { askForTraces } from "./environment";
import { fault, guard } from "./faults";
import { standsFor } from "./functions";
import { type Go, OWN_VALUES } from "./glue";
import { onStack } from "./json";
import { Calls } from "./late/calls";
import { probe } from "./microtasks";
import {
  apply,
  createWith,
  define,
  describe,
  exportsOf,
  freeze,
  jsHeapBytes,
  keysOf,
  NativeProxy,
  now,
  queueMicro,
  setAfter,
  setPrototype,
} from "./pristine";
import { countGoroutines, findScheduler, findTables, peeking, post, postNumbers, recorder } from "./recorder";
import { attached, hold, own, register, shared, State, unregister } from "./state";
import { constants } from "./tinygo";

export const enum Cause {
  Run = 0,
  Timer = 1,
  Event = 2,
  Export = 3,
}

export const enum Phase {
  Fetch = 0,
  Download = 1,
  Compile = 2,
  Instantiate = 3,
  RuntimeInit = 4,
  Run = 7,
}

/** Called when a program's first `run` has returned: only then may anything of ours take its time. */
export const afterRun: (() => void)[] = [];
/** Called inside stays in Go and after them, with the time: what has to be flushed may be. */
export const flushing: { due: (t: number, inGo: boolean) => void } = { due: () => {} };

/** Share of wall for counting goroutines: a program may have very many. */
const COUNT_SHARE = 0.001;

type Fn = (...args: unknown[]) => unknown;

const show = (own: object, key: string, what: PropertyDescriptor): object => define(own, key, { ...what, enumerable: true });
/** What V8 has to see of an object as a prototype. */
const LOOKS = 200;

/** Makes it like the engine's exports: frozen, without a prototype. V8 would give it slow properties for that, and inline nothing
 *  of what the glue looks up there in most crossings; what has served as a prototype gets fast ones, as the engine's own have. */
function likeExports(own: object): object {
  freeze(setPrototype(own, null));
  const heir = createWith(own) as { noSuchExport?: unknown };
  for (let i = 0; i < LOOKS; i++) heir.noSuchExport;
  return own;
}

export class Program {
  readonly instance: number;
  readonly bridge: Bridge;
  private depth = 0;
  /** Of the outermost stay in Go: its begin and cause, and crossings counted before it. */
  private entered = 0;
  private cause = Cause.Run;
  private callsBefore = 0;
  /** Stays that wait for the crossings of start-up, and how many there were in all. */
  private readonly slices: { start: number; end: number; cause: Cause; calls: number }[] = [];
  private slicesTold = 0;
  private running = false;
  private settled = false;
  /** When `run` first returned. */
  private returned: number | undefined;
  private toldReturn = false;
  private schedulerFound = false;
  /** Timers that came due, runs of Go for those it had missed, and whether such a run may be next. */
  private fired = 0;
  private retries = 0;
  private again = false;
  private readonly notAgain = () => void (this.again = false);
  private dead = false;
  /** Goroutines as last counted, how much Go had run by then, and when they may be counted again. */
  private counted = NaN;
  private ranAtCount = -1;
  private countAfter = 0;
  exitCode: number | undefined;
  /** Of a program that ran before we came. */
  private calls: Calls | undefined;
  /** Takes away what was put onto an instance that ran before we came. */
  detach: () => void = () => {};

  /** `tiny`: TinyGo wrote it. */
  constructor(
    readonly module: number,
    readonly tiny = false,
  ) {
    this.instance = recorder.instance(module, shared.realm);
    this.bridge = new Bridge(this.instance, {
      wanted: () => {
        this.settle();
        if (!this.schedulerFound) this.findScheduler();
      },
      grown: (from, to, sp) => this.grown(from, to, sp),
      exited: (code) => (this.exitCode = code),
      crossed: (t, calm) => {
        this.bridge.renew();
        if (!calm) return;
        if (!this.schedulerFound && this.settled) this.findScheduler();
        flushing.due(t, true);
      },
    }, tiny);
    this.schedulerFound = tiny;
    if (shared.state === State.Recording) this.bridge.start();
    register(this);
  }

  /** Puts frozen exports like the engine's, ours in front, onto the engine's own instance: whatever else is asked of it,
   *  it answers as ever. */
  attach(instance: WebAssembly.Instance): WebAssembly.Instance {
    const exports = exportsOf(instance);
    attached.add(instance);
    const { bridge, tiny } = this;
    bridge.memory.bind((tiny ? exports.memory : exports.mem) as WebAssembly.Memory, tiny ? () => 0 : (exports.getsp as () => number));
    if (tiny) {
      bridge.members.constant = guard("constants", () => constants(bridge.memory)) ?? (() => undefined);
      this.settle();
    }
    // Linked before we were uninstalled, done after it: nothing more of ours.
    if (shared.uninstalled) return instance;
    const own: object = {};
    for (const key of keysOf(exports)) show(own, key, { value: this.wrapExport(key, exports[key]) });
    return define(instance, "exports", { value: likeExports(own), configurable: true });
  }

  /** The same for a program that may run already: see `late/`. Its tables are read here and now, without running Go. */
  attachLate(instance: WebAssembly.Instance, go?: Go): void {
    const { bridge } = this;
    const real = exportsOf(instance);
    const getsp = real.getsp as () => number;
    bridge.memory.bind(real.mem as WebAssembly.Memory, getsp);
    if (go) bridge.glue.found(go);
    recorder.late(this.instance);
    this.running = this.toldReturn = true;
    bridge.sampler.starting = false;
    this.settle();
    this.findScheduler();
    const calls = new Calls(this.instance, bridge, getsp, {
      grown: (sp) => this.grew(sp),
      event: () => void (this.cause = Cause.Event),
    });
    this.calls = calls;
    const { mem } = real;
    const asks = () => {
      const sp = getsp();
      if (calls.inGo) calls.end(sp);
      return sp;
    };
    const reaches = () => {
      if (calls.inGo) calls.reaches();
      return mem;
    };
    const own: object = {};
    for (const key of keysOf(real)) {
      const value = this.wrapExport(key, real[key]);
      const enters = value !== real[key] && ((...args: unknown[]) => calls.within(() => (value as Fn)(...args)));
      show(own, key, key === "mem" ? { get: reaches } : { value: key === "getsp" ? asks : enters || value });
    }
    define(instance, "exports", { value: likeExports(own), configurable: true });
    this.detach = () => {
      if (describe(instance, "exports")?.value === own) delete (instance as { exports?: unknown }).exports;
    };
  }

  /** Memory has grown, as a view of it tells. */
  private grew(sp: number): void {
    const { memory } = this.bridge;
    const from = memory.size;
    memory.renew();
    if (memory.size !== from) guard("grow", () => this.grown(from, memory.size, sp));
  }

  private wrapExport(key: string, value: unknown): unknown {
    if (typeof value !== "function" || key === "getsp") return value;
    const real = value as Fn;
    const enter =
      (this.tiny ? key === "_start" || key === "_initialize" : key === "run")
        ? (args: unknown[]) => this.run(real, args)
        : key === "resume" || (this.tiny && key === "go_scheduler")
          ? () => this.enter(this.tiny ? (key === "resume" ? Cause.Event : Cause.Timer) : this.bridge.glue.hasEvent ? Cause.Event : Cause.Timer, real, [])
          : (args: unknown[]) => this.enter(Cause.Export, real, args);
    // A proxy: its name and length stay the native's.
    const proxy = new NativeProxy(real, { apply: (_, __, args: unknown[]) => enter(args) });
    standsFor(proxy, real);
    return proxy;
  }

  /** Reads Go's tables, and what waited for them. */
  private settle(): void {
    if (this.dead) return;
    if (!this.settled) {
      this.settled = true;
      own(() => {
        if (this.tiny) this.bridge.sampler.starting = false;
        else guard("tables", () => findTables(this.module, this.bridge.memory.u8));
        guard("start-up", () => this.bridge.crossings.settle((t) => this.tellSlices(t)));
        guard("inits", () => this.bridge.traces.settle());
        this.tellSlices(Infinity);
      });
    }
    if (this.returned !== undefined && !this.toldReturn) {
      this.toldReturn = true;
      this.bridge.sampler.starting = false;
      recorder.run_returned(this.instance, this.returned);
    }
  }

  private run(real: Fn, args: unknown[]): unknown {
    const first = !this.running;
    this.running = true;
    if (first) {
      if (shared.runtimeTraces && !shared.uninstalled && !this.tiny && !this.calls) args = guard("GODEBUG", () => this.ask(args)) ?? args;
      guard("run", () => recorder.phase(this.instance, this.tiny ? Phase.Run : Phase.RuntimeInit, now(), NaN, 1));
    }
    try {
      return this.enter(Cause.Run, real, args);
    } finally {
      if (first) {
        guard("run", () => {
          this.returned = now();
          setAfter(() => this.settle(), 0);
          for (const call of afterRun) call();
        });
      }
    }
  }

  /** Asks the runtime to trace itself; gives what `run` gets then. */
  private ask(args: unknown[]): unknown[] {
    const asked = askForTraces(this.bridge.memory, args[0] as number, args[1] as number);
    this.bridge.traces.expect(asked);
    return [args[0], asked.argv];
  }

  /** Runs Go; outermost stays of the thread are the slices. */
  private enter(cause: Cause, real: Fn, args: unknown[]): unknown {
    if (this.depth > 0) {
      let result: unknown;
      this.bridge.crossings.reenter(() => void (result = apply(real, undefined, args)));
      return result;
    }
    this.callsBefore = this.bridge.calls;
    this.entered = now();
    this.cause = cause;
    this.depth = 1;
    const { json } = onStack;
    onStack.json = this.bridge.json;
    if (cause === Cause.Timer) this.fires();
    try {
      return apply(real, undefined, args);
    } finally {
      onStack.json = json;
      this.depth = 0;
      try {
        this.bridge.traces.release();
        this.left(this.cause);
      } catch (reason) {
        fault("slice", reason);
      }
    }
  }

  /** A timer has come due; or Go missed it, and the glue tries again at once, before any microtask. */
  private fires(): void {
    if (this.again) this.retries++;
    else this.fired++;
  }

  private left(cause: Cause): void {
    const end = now();
    this.bridge.renew();
    if (this.calls) this.leftLate();
    if (cause === Cause.Timer && this.bridge.glue.known) {
      this.again = true;
      queueMicro(this.notAgain);
    }
    if (shared.state === State.Recording) {
      this.slices.push({ start: this.entered, end, cause, calls: this.bridge.calls - this.callsBefore });
      this.slicesTold++;
      hold(this, true);
      if (this.settled) this.tellSlices(Infinity);
    }
    if (this.exitCode !== undefined) this.end(end, this.exitCode);
    else {
      flushing.due(end, false);
      // Last: what we do ourselves after it would be measured, too.
      if (shared.state === State.Recording) probe(this.entered, end);
    }
  }

  private leftLate(): void {
    const { glue, memory } = this.bridge;
    if (memory.u8.length === 0) this.grew(memory.getsp!());
    // The runtime has unwound `exit(code)`, and what called it has given up the place of `code`.
    if (glue.exited) this.exitCode = memory.u32[((memory.getsp!() >>> 0) >>> 2) - 2] | 0;
  }

  /** Tells the stays in Go that ended before `t`: in turn with their crossings, of which they take their share. */
  private tellSlices(t: number): void {
    while (this.slices.length > 0 && this.slices[0].end <= t) {
      const { start, end, cause, calls } = this.slices[0];
      this.slices.shift();
      recorder.slice(this.instance, start, end, cause, calls);
    }
  }

  /** The page's link has come to nothing: there is no program. */
  discard(): void {
    this.dead = true;
    this.bridge.release();
    unregister(this);
    recorder.discard(this.instance);
  }

  /** The program is over: its figures are taken, and nothing of it is held. */
  private end(t: number, code: number): void {
    if (this.dead) return;
    this.settle();
    if (!this.toldReturn) recorder.run_returned(this.instance, t);
    recorder.exit(this.instance, t, code);
    if (shared.state === State.Recording) this.tell(t);
    shared.endedMs += this.costMs;
    this.dead = true;
    guard("detach", this.detach);
    this.bridge.release();
    unregister(this);
    flushing.due(t, false);
  }

  private grown(from: number, to: number, sp: number): void {
    if (!this.running || shared.state !== State.Recording) return;
    // Its stack is the scheduler's: it says nothing until that is known. Main has had its turn before our timer came.
    if (this.returned !== undefined) this.settle();
    if (this.settled && !this.schedulerFound) this.findScheduler();
    own(() => this.bridge.crossings.grew(now(), from, to, sp));
  }

  /** m0 and g0 are blank until the runtime has started. */
  private findScheduler(): void {
    this.schedulerFound = true;
    own(() => guard("scheduler", () => findScheduler(this.module, this.bridge.memory.u8, this.bridge.memory.u32)));
  }

  /** What watching this program has cost it so far, ms. */
  get costMs(): number {
    const { bridge } = this;
    const { timedCalls, keptCalls } = bridge.sampler;
    const { json } = bridge;
    const timed = timedCalls + json.sampler.timedCalls;
    const kept = keptCalls + json.sampler.keptCalls;
    const texts = json.calls(0) + json.calls(1);
    const late = this.calls ? bridge.calls * LATE_MS : 0;
    return late + costMs(bridge.calls, bridge.memberCalls, timed, kept, this.slicesTold, bridge.traces.taken, texts);
  }

  /** Hands the counters to the recorder. A program that is still starting is left alone, unless a script `asked` for them. */
  tell(t: number, asked = false): void {
    hold(this, false);
    if (this.dead) return;
    if (asked && this.running) this.settle();
    this.bridge.renew();
    recorder.inside(this.instance, this.depth > 0 ? this.entered : NaN, this.cause);
    if (!this.settled) return;
    const { numbers, imports, members, toGo, toJs } = this.bridge.tell();
    postNumbers(numbers, numbers.length);
    const { glue, memory } = this.bridge;
    // The glue lets go of all when a program exits.
    const refs = this.exitCode !== undefined ? 0 : (guard("references", () => glue.jsRefs) ?? NaN);
    const heap = guard("heap", () => jsHeapBytes(t)) ?? NaN;
    const goroutines = guard("goroutines", () => this.goroutines(t, asked)) ?? NaN;
    peeking(memory.u32, () =>
      recorder.totals(this.instance, t, imports, members, memory.size, refs, heap, goroutines, toGo, toJs),
    );
    guard("references", () => this.bridge.crossings.held.look(asked));
    if (asked) this.takeCensus(t);
    const patterns = this.bridge.patterns([this.fired, glue.known ? this.retries : NaN]);
    postNumbers(patterns.numbers, patterns.numbers.length);
    recorder.patterns(this.instance, patterns.copies);
  }

  /** Counts the JS values that Go holds by what they are. */
  takeCensus(t: number): void {
    if (this.dead || !this.settled) return;
    guard("census", () => {
      const { glue, memory } = this.bridge;
      if (!glue.values) return;
      const { counted, names } = takeCensus(glue.values, OWN_VALUES);
      names.forEach((count, name) => recorder.census_name(this.instance, count, post(name)));
      peeking(memory.u32, () => recorder.census(this.instance, t, glue.jsRefs, counted));
    });
  }

  /** How many goroutines there are, NaN where it is not known or would cost too much to know. */
  private goroutines(t: number, anyway: boolean): number {
    const ran = this.bridge.calls + this.slicesTold;
    // Without Go having run they are as many as before.
    if (ran === this.ranAtCount) return this.counted;
    if (t < this.countAfter && !anyway) return NaN;
    const begun = now();
    this.counted = countGoroutines(this.instance, this.bridge.memory.u32);
    this.countAfter = t + (now() - begun) / COUNT_SHARE;
    this.ranAtCount = ran;
    return this.counted;
  }

  /** Counts from zero again. */
  restart(): void {
    this.bridge.reset();
    this.callsBefore = this.slicesTold = this.slices.length = this.fired = this.retries = 0;
    this.entered = now();
  }

  stop(): void {
    this.bridge.stop();
  }
}
