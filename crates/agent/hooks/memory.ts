// A program's linear memory, as it is now, and its stack pointer.

const NONE = new Uint8Array(0);
const NO_WORDS = new Uint32Array(0);

export class GoMemory {
  u8 = NONE;
  u32 = NO_WORDS;
  /** As last seen, bytes: a view says 0 once its memory has grown. */
  size = 0;
  /** Whether Go's stacks can be read in it. */
  stacks = true;
  /** The stack pointer; none while the program is not running. */
  getsp: (() => number) | undefined;
  private memory: WebAssembly.Memory | undefined;

  bind(memory: WebAssembly.Memory, getsp: () => number): void {
    this.memory = memory;
    this.getsp = getsp;
    this.renew();
  }

  /** Memory has grown, the old views are dead. */
  renew(): void {
    if (!this.memory) return;
    this.u8 = new Uint8Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
    this.size = this.u8.length;
  }

  /** Lets go of the program. */
  release(): void {
    this.memory = this.getsp = undefined;
    this.u8 = NONE;
    this.u32 = NO_WORDS;
  }
}
