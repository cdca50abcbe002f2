// Every way into WebAssembly, watched. The engine's own functions do the work, with the page's own arguments but for the
// imports of Go programs; so streaming, results, errors and their wording stay what they were.

import { guard } from "./faults";
import { compilerOf, ModuleRecord } from "./modules";
import { patch } from "./patch";
import {
  apply,
  construct,
  NativeInstance,
  NativeModule,
  NativeMap,
  NativePromise,
  NativeProxy,
  NativeResponse,
  now,
  then,
} from "./pristine";
import { Program } from "./program";
import { startRecorder } from "./recorder";
import { shared } from "./state";
import { tinyGlue } from "./tinygo";

type Imports = Record<string, Record<string, unknown> | undefined>;

/** One instantiation on its way. */
class Linking {
  private program: Program | undefined;
  /** When the engine first looked at the imports: compilation is over. */
  began: number | undefined;
  private glue: object | undefined;
  private readonly wrapped = new NativeMap<unknown, unknown>();

  constructor(
    private readonly imports: Imports | undefined,
    private readonly record: ModuleRecord,
  ) {}

  /** What the engine gets in place of the page's import object. */
  proxy(): object | undefined {
    const { imports } = this;
    if (!imports) return undefined;
    return new NativeProxy({}, {
      get: (_, key) => {
        this.began ??= now();
        // A throwing getter of the page's own is the page's affair: it reaches the engine as it would without us.
        const namespace = imports[key as string];
        return guard("imports", () => this.namespace(imports, key as string, namespace)) ?? namespace;
      },
    });
  }

  private namespace(imports: Imports, key: string, namespace: unknown): unknown {
    if (typeof namespace !== "object" || namespace === null) return namespace;
    if (!this.glue) {
      const go = (key === "gojs" || key === "go") && isGlue(namespace);
      this.glue = go ? namespace : tinyGlue(imports);
      if (this.glue) this.program = new Program(this.record.identify(), !go);
    }
    const { program } = this;
    // Go's linker names the runtime's own imports first: what comes before them belongs to no Go program.
    if (!program) return namespace;
    const before = this.wrapped.get(namespace);
    if (before) return before;
    const glue = namespace === this.glue;
    const functions = new NativeMap<string, unknown>();
    const proxy = new NativeProxy({}, {
      get: (_, name) => {
        const value = (namespace as Record<string, unknown>)[name as string];
        if (typeof value !== "function" || typeof name !== "string") return value;
        let wrapper = functions.get(name);
        if (!wrapper) {
          // TinyGo's `env` may hold the program's own, too.
          const full = glue && !(program.tiny && !/^(runtime|syscall\/js)\./.test(name)) ? name : `${key}.${name}`;
          wrapper = guard("wrap", () => program.bridge.wrap(full, glue, value as () => void)) ?? value;
          functions.set(name, wrapper);
        }
        return wrapper;
      },
    });
    this.wrapped.set(namespace, proxy);
    return proxy;
  }

  /** The engine has an instance: the page gets ours if it is a Go program. */
  done(instance: WebAssembly.Instance): WebAssembly.Instance {
    const t = now();
    const { compiler } = this.record;
    if (this.program && compiler !== (this.program.tiny ? "tinygo" : "go")) this.failed();
    // TinyGo may need nothing of the page, or nothing that we know.
    if (!this.program && compiler === "tinygo") this.program = new Program(this.record.identify(), true);
    const { program } = this;
    if (!program) return instance;
    this.record.instantiated(program.instance, t, this.began ?? t);
    return program.attach(instance);
  }

  /** No program has come of it. */
  failed(): void {
    this.program?.discard();
    this.program = undefined;
  }
}

/** Go's own glue. */
const isGlue = (namespace: object): boolean => "runtime.wasmExit" in namespace;

function link(imports: unknown, record: ModuleRecord, module: unknown): Linking | undefined {
  if (module instanceof NativeModule && compilerOf(module) === "other") return undefined;
  const any = (typeof imports === "object" || typeof imports === "function") && imports !== null;
  return new Linking(any ? (imports as Imports) : undefined, record);
}

function withImports(args: unknown[], linking: Linking | undefined): unknown[] {
  const proxy = linking && guard("imports", () => linking.proxy());
  return proxy ? [args[0], proxy, ...args.slice(2)] : args;
}

/** Notes where a streaming call's bytes come from, without touching the response. */
function watchSource(source: unknown, record: ModuleRecord): void {
  if (!NativeResponse) return;
  const note = (response: unknown) =>
    void guard("response", () => response instanceof NativeResponse! && record.response(response));
  if (source instanceof NativePromise) then(source, note, () => {});
  else note(source);
}

function patchAsync(name: "instantiate" | "instantiateStreaming" | "compile" | "compileStreaming"): void {
  const streaming = name.endsWith("Streaming");
  patch(WebAssembly, name, {
    apply(native, self, args: unknown[]) {
      const begun = guard(name, () => begin(streaming, name.startsWith("instantiate"), args));
      const promise = apply(native, self, begun ? withImports(args, begun.linking) : args) as Promise<unknown>;
      if (!begun) return promise;
      const { record, linking } = begun;
      const watched = () =>
        then(
          promise,
          (result) => guard(name, () => finish(result, args[0], record, linking)) ?? result,
          (reason) => {
            guard(name, () => {
              linking?.failed();
              record.failed(reason);
            });
            throw reason;
          },
        );
      return guard(name, watched) ?? promise;
    },
  });
}

function begin(streaming: boolean, links: boolean, args: unknown[]) {
  if (shared.uninstalled || !startRecorder()) return undefined;
  const given = args[0] instanceof NativeModule ? ModuleRecord.of(args[0]) : undefined;
  const record = given ?? new ModuleRecord(streaming);
  if (streaming) watchSource(args[0], record);
  else if (!(args[0] instanceof NativeModule)) record.source(args[0]);
  return { record, linking: links ? link(args[1], record, args[0]) : undefined };
}

function finish(result: unknown, source: unknown, record: ModuleRecord, linking: Linking | undefined): unknown {
  if (result instanceof NativeModule) {
    record.isModule(result);
    return result;
  }
  if (result instanceof NativeInstance) {
    const module = source as WebAssembly.Module;
    if (!ModuleRecord.of(module)) record.isModule(module);
    return linking ? linking.done(result) : result;
  }
  const both = result as WebAssembly.WebAssemblyInstantiatedSource;
  if (linking?.began !== undefined) record.compiled = linking.began;
  record.isModule(both.module);
  if (linking) both.instance = linking.done(both.instance);
  return both;
}

function patchConstructors(): void {
  patch(WebAssembly, "Module", {
    construct(native, args: unknown[], newTarget) {
      const record = guard("Module", () => (!shared.uninstalled && startRecorder() ? new ModuleRecord(false) : undefined));
      guard("Module", () => record?.source(args[0]));
      try {
        const module = construct(native, args, newTarget) as WebAssembly.Module;
        guard("Module", () => record?.isModule(module));
        return module;
      } catch (reason) {
        guard("Module", () => record?.failed(reason));
        throw reason;
      }
    },
  });
  patch(WebAssembly, "Instance", {
    construct(native, args: unknown[], newTarget) {
      const linking = guard("Instance", () => {
        const module = args[0];
        if (shared.uninstalled || !(module instanceof NativeModule) || !startRecorder()) return undefined;
        let record = ModuleRecord.of(module);
        if (!record) {
          record = new ModuleRecord(false);
          record.isModule(module);
        }
        return link(args[1], record, module);
      });
      let instance: WebAssembly.Instance;
      try {
        instance = construct(native, withImports(args, linking), newTarget) as WebAssembly.Instance;
      } catch (reason) {
        guard("Instance", () => linking?.failed());
        throw reason;
      }
      if (!linking) return instance;
      return guard("Instance", () => linking.done(instance)) ?? instance;
    },
  });
}

/** Puts our functions in front of the engine's. */
export function patchWebAssembly(): void {
  for (const name of ["instantiate", "instantiateStreaming", "compile", "compileStreaming"] as const) {
    if (typeof WebAssembly[name] === "function") patchAsync(name);
  }
  patchConstructors();
}
