// Which member a get, set, delete or call names, counted exactly by (pointer, length) of the name.

const START = 256;
/** Id of a member whose name has not been looked at yet. */
export const PENDING = -2;

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
    this.place(ptr, len, 0, id);
    return this.find(ptr, len);
  }

  private grow(): void {
    const { ptrs, lens, counts, ids } = this;
    this.shift--;
    this.allocate(ptrs.length * 2);
    for (let i = 0; i < ptrs.length; i++) if (ptrs[i] !== 0) this.place(ptrs[i], lens[i], counts[i], ids[i]);
  }

  private allocate(size: number): void {
    this.ptrs = new Int32Array(size);
    this.lens = new Int32Array(size);
    this.counts = new Float64Array(size);
    this.ids = new Int32Array(size);
  }

  private place(ptr: number, len: number, count: number, id: number): void {
    const slot = this.find(ptr, len);
    this.ptrs[slot] = ptr;
    this.lens[slot] = len;
    this.counts[slot] = count;
    this.ids[slot] = id;
  }

  /** Asks `name` for the id of every member still pending; those without one (-1) become dynamic. */
  resolve(name: (ptr: number, len: number) => number): void {
    const { ptrs, lens, counts, ids } = this;
    this.allocate(ptrs.length);
    for (let i = 0; i < ptrs.length; i++) {
      if (ptrs[i] === 0) continue;
      const id = ids[i] === PENDING ? name(ptrs[i], lens[i]) : ids[i];
      if (id < 0) this.dynamic += counts[i];
      else this.place(ptrs[i], lens[i], counts[i], id);
    }
  }

  /** Writes each member's exact count to `to[id]`. */
  tell(to: Float64Array): void {
    for (let i = 0; i < this.ptrs.length; i++) if (this.ptrs[i] !== 0 && this.ids[i] >= 0) to[this.ids[i]] = this.counts[i];
    if (this.dynamicId >= 0) to[this.dynamicId] = this.dynamic;
  }

  /** Counts from zero again; names stay known. */
  reset(): void {
    this.counts.fill(0);
    this.dynamic = 0;
  }
}
