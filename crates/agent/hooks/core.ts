// The core: the same session and symbols that the viewer runs, as WebAssembly inside this script, unpacked on first use.

import { base64, decode, Decompression, encode, setBytes, sliceBytes, then } from "./pristine";
import { compileNative, instantiateNative, NativeResponse } from "./pristine";

declare const __CORE_WASM_GZ_BASE64__: string;

interface Exports {
  memory: WebAssembly.Memory;
  core_alloc(len: number): number;
  core_free(ptr: number, len: number): void;
  core_apply(ptr: number, len: number): number;
  core_session_json(): number;
  core_report(width: number): number;
  core_export(format: number, len: number): number;
  core_result_ptr(): number;
  core_result_len(): number;
}

/** A format that `export` does not know. */
export class Unsupported extends Error {
  readonly code = "unsupported";
}

let compiled: Promise<WebAssembly.Module> | undefined;

function compile(): Promise<WebAssembly.Module> {
  const text = base64(__CORE_WASM_GZ_BASE64__);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  if (!Decompression || !NativeResponse) throw new Unsupported("this engine has no DecompressionStream");
  const unpack = new Decompression("gzip");
  const writer = unpack.writable.getWriter();
  // Not awaited: both wait for the reader, which a failure reaches too.
  then(writer.write(packed), () => {}, () => {});
  then(writer.close(), () => {}, () => {});
  const bytes = new NativeResponse(unpack.readable).arrayBuffer();
  return then(bytes, (bytes) => compileNative(bytes)) as unknown as Promise<WebAssembly.Module>;
}

/** One use of the core, on one recording. */
export class Core {
  private constructor(private readonly core: Exports) {}

  /** Reads a recording: the first frame of a reader. */
  static async read(frame: ArrayBuffer): Promise<Core> {
    compiled ??= compile();
    const instance = await instantiateNative(await compiled, {});
    const core = new Core(instance.exports as unknown as Exports);
    core.give(new Uint8Array(frame), (ptr, len) => core.core.core_apply(ptr, len));
    return core;
  }

  private give(bytes: Uint8Array, use: (ptr: number, len: number) => number): void {
    const ptr = this.core.core_alloc(bytes.length);
    setBytes(new Uint8Array(this.core.memory.buffer), bytes, ptr);
    const status = use(ptr, bytes.length);
    this.core.core_free(ptr, bytes.length);
    if (status !== 0) throw new Error(decode(this.result()));
  }

  private result(): Uint8Array<ArrayBuffer> {
    const at = this.core.core_result_ptr();
    return sliceBytes(new Uint8Array(this.core.memory.buffer), at, at + this.core.core_result_len());
  }

  private text(status: number): string {
    const text = decode(this.result());
    if (status !== 0) throw new Error(text);
    return text;
  }

  sessionJson(): string {
    return this.text(this.core.core_session_json());
  }

  report(width: number): string {
    return this.text(this.core.core_report(width));
  }

  export(format: string): Uint8Array<ArrayBuffer> {
    this.give(encode(format), (ptr, len) => this.core.core_export(ptr, len));
    return this.result();
  }
}
