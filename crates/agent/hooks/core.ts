// The core: the same session and symbols that the viewer runs, as WebAssembly inside this script, unpacked on first use.

import { guard } from "./faults";
import { base64, Compression, decode, Decompression, setBytes, sliceBytes, then } from "./pristine";
import { compileNative, instantiateNative, NativeResponse } from "./pristine";

declare const __CORE_WASM_LZMA_BASE64__: string;
declare const __UNPACK_WASM_GZ_BASE64__: string;

interface Exports {
  memory: WebAssembly.Memory;
  core_alloc(len: number): number;
  core_free(ptr: number, len: number): void;
  core_apply(ptr: number, len: number): number;
  core_session_json(): number;
  core_report(width: number): number;
  core_result_ptr(): number;
  core_result_len(): number;
}

/** A format that `export` does not know. */
export class Unsupported extends Error {
  readonly code = "unsupported";
}

interface Unpack {
  memory: WebAssembly.Memory;
  unpack_input(len: number): number;
  unpack_run(): number;
  unpack_len(): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const module = await compileNative(await through(Decompression, base64(__UNPACK_WASM_GZ_BASE64__)));
  const unpack = (await instantiateNative(module, {})).exports as unknown as Unpack;
  const packed = base64(__CORE_WASM_LZMA_BASE64__);
  const at = unpack.unpack_input(packed.length);
  setBytes(new Uint8Array(unpack.memory.buffer), packed, at);
  const from = unpack.unpack_run();
  return compileNative(sliceBytes(new Uint8Array(unpack.memory.buffer), from, from + unpack.unpack_len()));
}

/** `bytes` through gzip, one way or the other. */
function through(Stream: typeof Decompression | typeof Compression, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (!Stream || !NativeResponse) throw new Unsupported("this engine has neither CompressionStream nor DecompressionStream");
  const stream = new Stream("gzip");
  const writer = stream.writable.getWriter();
  // Not awaited: both wait for the reader, which a failure reaches too.
  then(writer.write(bytes), () => {}, () => {});
  then(writer.close(), () => {}, () => {});
  return new NativeResponse(stream.readable).arrayBuffer();
}

/** One use of the core, on one recording. */
export class Core {
  private constructor(private readonly core: Exports) {}

  /** Reads a recording: the first frame of a reader, and those of other realms. */
  static async read(frame: ArrayBuffer, others: ArrayBuffer[] = []): Promise<Core> {
    compiled ??= compile();
    const instance = await instantiateNative(await compiled, {});
    const core = new Core(instance.exports as unknown as Exports);
    const apply = (ptr: number, len: number) => core.core.core_apply(ptr, len);
    core.give(new Uint8Array(frame), apply);
    for (const other of others) guard("realms", () => core.give(new Uint8Array(other), apply));
    return core;
  }

  private give(bytes: Uint8Array, use: (ptr: number, len: number) => number): void {
    const ptr = this.core.core_alloc(bytes.length);
    setBytes(new Uint8Array(this.core.memory.buffer), bytes, ptr);
    const status = use(ptr, bytes.length);
    this.core.core_free(ptr, bytes.length);
    this.done(status);
  }

  private result(): Uint8Array<ArrayBuffer> {
    const at = this.core.core_result_ptr();
    return sliceBytes(new Uint8Array(this.core.memory.buffer), at, at + this.core.core_result_len());
  }

  private done(status: number): Uint8Array<ArrayBuffer> {
    const result = this.result();
    if (status !== 0) throw new Error(decode(result));
    return result;
  }

  sessionJson(): string {
    return decode(this.done(this.core.core_session_json()));
  }

  report(width: number): string {
    return decode(this.done(this.core.core_report(width)));
  }

  /** The bytes of a session file. */
  async file(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await through(Compression, this.done(this.core.core_session_json())));
  }
}
