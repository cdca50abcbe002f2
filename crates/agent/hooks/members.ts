// Which member a get, set, delete or call names, counted exactly by (pointer, length) of the name.

import { fault } from "./faults";
import { post, recorder } from "./recorder";

/** Multiplies what is to be spread. */
export const HASH = 0x9e3779b1;
const START = 256;
/** Id of a member whose name has not been looked at yet. */
const PENDING = -2;

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
    let slot = Math.imul(ptr ^ (len << 7), HASH) >>> this.shift;
    while (this.ptrs[slot] !== 0 && !(this.ptrs[slot] === ptr && this.lens[slot] === len)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Adds a name that is not in yet; returns its slot. */
  add(ptr: number, len: number, id: number): number {
    if (2 * ++this.used > this.ptrs.length) this.grow();
    this.place(ptr, len, 0, id);
    return this.find(ptr, len);
  }

  /** Moves a name to the first slot of its hash, where the wrappers look, if more calls have it than the one that is there. */
  first(slot: number): number {
    const { ptrs, lens, counts, ids } = this;
    const home = Math.imul(ptrs[slot] ^ (lens[slot] << 7), HASH) >>> this.shift;
    if (home === slot || counts[slot] <= counts[home]) return slot;
    // Nothing between the two is free: either is found from where its search begins.
    for (const list of [ptrs, lens, counts, ids]) [list[home], list[slot]] = [list[slot], list[home]];
    return home;
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

  /** Adds each member's exact count to `to[id]`. */
  tell(to: Float64Array): void {
    for (let i = 0; i < this.ptrs.length; i++) if (this.ptrs[i] !== 0 && this.ids[i] >= 0) to[this.ids[i]] += this.counts[i];
    if (this.dynamicId >= 0) to[this.dynamicId] = this.dynamic;
  }

  /** Counts from zero again; names stay known. */
  reset(): void {
    this.counts.fill(0);
    this.dynamic = 0;
  }
}

/** Members of all imports of one program that name some. */
export class MemberLists {
  private readonly lists: (Members | undefined)[] = [];
  /** Whether names can be looked at: Go's tables have been read. */
  private known = false;
  /** Ids given out. */
  count = 0;
  /** Names of a program without Go's tables. */
  constant: ((ptr: number, len: number) => string | undefined) | undefined;

  constructor(private readonly instance: number) {}

  /** A list for import `i`. */
  add(i: number): Members {
    return (this.lists[i] = new Members());
  }

  /** The list of import `i`, if it has one. */
  of(i: number): Members | undefined {
    return this.lists[i];
  }

  /** Counts a member that is not in its first slot. Returns its slot, -1 for one without a constant name. */
  missed(i: number, members: Members, ptr: number, len: number): number {
    try {
      let slot = members.find(ptr, len);
      if (ptr === 0 || members.ptrs[slot] === 0) {
        const id = ptr === 0 ? -1 : this.known ? this.ask(i, ptr, len) : PENDING;
        if (id === -1) {
          members.dynamic++;
          this.ensureDynamic(i, members);
          return -1;
        }
        slot = members.add(ptr, len, id);
      }
      members.counts[slot]++;
      return members.first(slot);
    } catch (reason) {
      fault("member", reason);
      return -1;
    }
  }

  /** The id of a member by the name there, -1 for one without a constant name. */
  private ask(i: number, ptr: number, len: number): number {
    const { instance, constant } = this;
    const name = constant?.(ptr, len);
    const id = name ? recorder.member_named(instance, i, post(name)) : constant ? -1 : recorder.member(instance, i, ptr, len);
    if (id >= this.count) this.count = id + 1;
    return id;
  }

  private ensureDynamic(i: number, members: Members): void {
    if (members.dynamicId >= 0) return;
    members.dynamicId = recorder.dynamic_member(this.instance, i);
    if (members.dynamicId >= this.count) this.count = members.dynamicId + 1;
  }

  /** Go's tables have been read: all names are looked at. */
  settle(): void {
    this.known = true;
    this.lists.forEach((members, i) => {
      members?.resolve((ptr, len) => {
        const id = this.ask(i, ptr, len);
        if (id < 0) this.ensureDynamic(i, members);
        return id;
      });
    });
  }

  /** Id of a member of import `i`, -1 where the import names none. */
  id(i: number, ptr: number, len: number): number {
    const members = this.lists[i];
    if (!members) return -1;
    const slot = members.find(ptr, len);
    return members.ptrs[slot] === 0 ? members.dynamicId : members.ids[slot];
  }

  /** Exact counts by id. */
  counts(): Float64Array {
    const counts = new Float64Array(this.count);
    for (const members of this.lists) members?.tell(counts);
    return counts;
  }

  /** Counts from zero again. */
  reset(): void {
    for (const members of this.lists) members?.reset();
  }
}
