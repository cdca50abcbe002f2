// Modules as they pass the WebAssembly entry points: what they are, where they came from, how they were loaded.

import { fault, guard } from "./faults";
import { moduleExports, moduleImports, moduleSections, NativeWeakMap, now, resources, setAfter } from "./pristine";
import { post, recorder } from "./recorder";
import { Phase } from "./program";
import { versionOf } from "./tinygo";

const enum Text {
  Url = 0,
  Compiler = 1,
  Failure = 2,
  ContentType = 3,
  Encoding = 4,
  Cache = 5,
  Fallback = 6,
  Version = 7,
}
const enum Num {
  Bytes = 0,
  Stripped = 1,
  Ttfb = 2,
  Download = 3,
  WireBytes = 4,
  Status = 5,
  Streamed = 6,
}

/** Most loads of Go programs told, and of modules that are none: a page may make thousands of those. */
const CAP_GO = 1000;
const CAP_OTHER = 50;
/** How long after a failed streaming call a module made of bytes is taken for its replacement, ms. */
const FALLBACK_MS = 30_000;
/** How long Resource Timing may take to tell of a finished request, in looks 100 ms apart. */
const LOOKS = 20;
/** Smallest body by whose length alone a request is recognised. */
const RECOGNISABLE = 4096;

let programs = 0;
let others = 0;
/** A streaming call that failed, for the call with bytes that pages make next. */
let failedStream: { url: string; message: string; t: number } | undefined;

const known = new NativeWeakMap<WebAssembly.Module, ModuleRecord>();

/** How a module came to be; its times. */
export class ModuleRecord {
  readonly began = now();
  url = "";
  compiled: number | undefined;
  /** Whose compiler wrote it, once the engine has it. */
  compiler: Compiler = "other";
  /** Id in the recording; none until it is known to be worth telling. */
  private id: number | undefined;
  /** Facts that wait for the id. */
  private waiting: (() => void)[] = [];
  /** The first instance: how the module was loaded is part of its start-up alone. */
  private instance: number | undefined;
  private bytes: number | undefined;
  private looks = 0;

  /** `streamed`: unknown of one that was compiled before us. */
  constructor(readonly streamed?: boolean) {}

  static of(module: WebAssembly.Module): ModuleRecord | undefined {
    return known.get(module);
  }

  /** The id, given out now if it was not. */
  identify(): number {
    if (this.id === undefined) {
      this.id = recorder.module();
      for (const tell of this.waiting.splice(0)) tell();
    }
    return this.id;
  }

  /** Tells of a Go program always, of others only of the first. */
  private admit(program: boolean): boolean {
    if (this.id !== undefined) return true;
    if (program ? programs++ < CAP_GO : others++ < CAP_OTHER) {
      this.identify();
      return true;
    }
    this.waiting = [];
    if (program && programs === CAP_GO + 1) fault("modules", `more than ${CAP_GO} loads of Go programs: the rest is not told`);
    return false;
  }

  private text(field: Text, value: string): void {
    if (this.id === undefined) this.waiting.push(() => this.text(field, value));
    else recorder.module_text(this.id, field, post(value));
  }

  private number(field: Num, value: number): void {
    if (this.id === undefined) this.waiting.push(() => this.number(field, value));
    else recorder.module_number(this.id, field, value);
  }

  /** The response a streaming call got. */
  response(response: Response): void {
    this.url = response.url;
    this.text(Text.Url, response.url);
    this.number(Num.Streamed, 1);
    if (response.status) this.number(Num.Status, response.status);
    const header = (name: string, field: Text) => {
      const value = response.headers.get(name);
      if (value !== null) this.text(field, value);
    };
    header("content-type", Text.ContentType);
    header("content-encoding", Text.Encoding);
    header("cache-control", Text.Cache);
  }

  /** The bytes a buffered call got. */
  source(source: unknown): void {
    const length = (source as { byteLength?: number } | undefined)?.byteLength;
    if (typeof length !== "number") return;
    this.bytes = length;
    this.number(Num.Bytes, length);
  }

  /** Bytes that stand in for a streaming call that failed shortly before. */
  private replaces(): void {
    if (this.streamed || !failedStream) return;
    const { url, message, t } = failedStream;
    failedStream = undefined;
    if (this.began - t > FALLBACK_MS) return;
    this.url = url;
    this.text(Text.Url, url);
    this.text(Text.Fallback, message);
  }

  /** The engine has a module. */
  isModule(module: WebAssembly.Module): void {
    known.set(module, this);
    this.compiled ??= now();
    const compiler = (this.compiler = compilerOf(module));
    const go = compiler !== "other";
    if (!this.admit(go)) return;
    this.text(Text.Compiler, compiler);
    if (go && this.instance === undefined) this.replaces();
    const version = go && versionOf(module, compiler === "go" ? /(go1\.[\w.]+)/ : undefined);
    if (version) this.text(Text.Version, version);
    // Copies the section: not before the page has its module.
    if (go) setAfter(() => void guard("sections", () => this.sections(module)), 0);
    this.findRequest();
  }

  private sections(module: WebAssembly.Module): void {
    this.number(Num.Stripped, moduleSections(module, "name").length === 0 ? 1 : 0);
  }

  /** The engine refused. */
  failed(reason: unknown): void {
    const message = String((reason as Error)?.message ?? reason);
    if (!this.admit(false)) return;
    this.replaces();
    this.text(Text.Failure, message);
    if (this.streamed && this.url) failedStream = { url: this.url, message, t: now() };
    this.findRequest();
  }

  /** The module has become instance `instance`, ready at `t`. */
  instantiated(instance: number, t: number, linkBegan: number): void {
    const compiled = this.compiled ?? linkBegan;
    recorder.phase(instance, Phase.Instantiate, linkBegan < compiled ? compiled : linkBegan, t, 1);
    if (this.instance !== undefined) return;
    this.instance = instance;
    recorder.phase(instance, Phase.Compile, this.began, compiled, this.streamed ? 0 : 1);
    this.network();
  }

  /** It has been running as `instance` since before we came: what is known is what Resource Timing tells. */
  late(instance: number): void {
    this.instance = instance;
    this.text(Text.Compiler, "go");
    const loads = resources().filter((entry) => /\.wasm(\.\w+)?$/.test(entry.name.split(/[?#]/)[0]));
    // Of several, nobody knows which.
    if (loads.length !== 1) return;
    this.url = loads[0].name;
    this.text(Text.Url, this.url);
    this.findRequest();
  }

  private request: PerformanceResourceTiming | undefined;

  /** Looks the request up in Resource Timing, which tells of it some time after it has ended. */
  private findRequest(): void {
    if (this.request || (!this.url && (this.bytes ?? 0) < RECOGNISABLE)) return;
    guard("network", () => {
      const found = this.url ? resources(this.url) : resources().filter((e) => e.decodedBodySize === this.bytes);
      this.request = found.filter((entry) => entry.responseEnd > 0).pop();
      if (this.request) this.network();
      else if (this.looks++ < LOOKS) setAfter(() => this.findRequest(), 100);
    });
  }

  private network(): void {
    const entry = this.request;
    if (!entry) return;
    if (!this.url) this.text(Text.Url, entry.name);
    // Cross-origin requests without Timing-Allow-Origin tell nothing but their begin and end.
    const open = entry.responseStart > 0;
    if (open) {
      this.number(Num.Ttfb, entry.responseStart - entry.startTime);
      this.number(Num.Download, entry.responseEnd - entry.responseStart);
      if (entry.encodedBodySize > 0) this.number(Num.WireBytes, entry.encodedBodySize);
      if (entry.decodedBodySize > 0) this.number(Num.Bytes, entry.decodedBodySize);
      if (entry.encodedBodySize > 0 && entry.transferSize === 0) this.text(Text.Cache, "served from the HTTP cache");
    }
    const more = entry as { contentType?: string; contentEncoding?: string; responseStatus?: number };
    if (more.contentType) this.text(Text.ContentType, more.contentType);
    if (more.contentEncoding) this.text(Text.Encoding, more.contentEncoding);
    if (more.responseStatus) this.number(Num.Status, more.responseStatus);
    if (this.streamed === false) this.number(Num.Streamed, 0);
    if (this.instance === undefined) return;
    const first = open ? entry.responseStart : entry.responseEnd;
    recorder.phase(this.instance, Phase.Fetch, entry.startTime, first, open ? 1 : 0);
    if (open) recorder.phase(this.instance, Phase.Download, entry.responseStart, entry.responseEnd, 1);
    // A streaming compilation begins with the first byte.
    if (this.streamed && open && this.compiled !== undefined) {
      recorder.phase(this.instance, Phase.Compile, entry.responseStart, this.compiled, 1);
    }
  }
}

export type Compiler = "go" | "tinygo" | "other";

/** Go's linker names the imports `gojs` (`go` before 1.21); TinyGo too, or `env`, if it has any; but says who it is. */
export function compilerOf(module: WebAssembly.Module): Compiler {
  const glue = moduleImports(module).some((entry) => entry.module === "gojs" || entry.module === "go");
  const names = moduleExports(module).map((entry) => entry.name);
  if (["run", "resume", "getsp", "mem"].every((name) => names.includes(name))) return "go";
  return glue || names.includes("go_scheduler") || versionOf(module) !== undefined ? "tinygo" : "other";
}
