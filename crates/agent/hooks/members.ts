// Which member a get, set, delete or call names, counted exactly by (pointer, length) of the name.

const START = 256;

/** Open addressing over (pointer, length). The arrays are read by the wrappers themselves: a call per crossing would
 *  cost more than the count. Slot 0 of a key is free; names that are no constants never get in. */
export class Members {
  ptrs = new Int32Array(START);
  lens = new Int32Array(START);
  counts = new Float64Array(START);
  /** Position of the member in the recorder's list. */
  ids = new Int32Array(START);
  /** Slot of a hash: its top bits. */
  shift = 32 - Math.log2(START);
  used = 0;
  /** Calls whose member has no constant name. */
  dynamic = 0;
  dynamicId = -1;

  /** The slot that holds this name, or the free one where it belongs. */
  find(ptr: number, len: number): number {
    const mask = this.ptrs.length - 1;
    let slot = Math.imul(ptr ^ (len << 7), 0x9e3779b1) >>> this.shift;
    while (this.ptrs[slot] !== 0 && !(this.ptrs[slot] === ptr && this.lens[slot] === len)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Adds a name that is not in yet; returns its slot. */
  add(ptr: number, len: number, id: number): number {
    if (2 * ++this.used > this.ptrs.length) this.grow();
    const slot = this.find(ptr, len);
    this.ptrs[slot] = ptr;
    this.lens[slot] = len;
    this.ids[slot] = id;
    return slot;
  }

  private grow(): void {
    const { ptrs, lens, counts, ids } = this;
    const size = ptrs.length * 2;
    this.ptrs = new Int32Array(size);
    this.lens = new Int32Array(size);
    this.counts = new Float64Array(size);
    this.ids = new Int32Array(size);
    this.shift--;
    for (let i = 0; i < ptrs.length; i++) {
      if (ptrs[i] === 0) continue;
      const slot = this.find(ptrs[i], lens[i]);
      this.ptrs[slot] = ptrs[i];
      this.lens[slot] = lens[i];
      this.counts[slot] = counts[i];
      this.ids[slot] = ids[i];
    }
  }

  /** Writes each member's exact count to `to[id]`. */
  tell(to: Float64Array): void {
    for (let i = 0; i < this.ptrs.length; i++) if (this.ptrs[i] !== 0) to[this.ids[i]] = this.counts[i];
    if (this.dynamicId >= 0) to[this.dynamicId] = this.dynamic;
  }

  /** Counts from zero again; names stay known. */
  reset(): void {
    this.counts.fill(0);
    this.dynamic = 0;
  }
}
