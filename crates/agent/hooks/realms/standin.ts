// A worker from its start to its agent's first word. A page's policy may refuse the blob that it was started from, which is
// told only then: another, untouched, does its work in that case, and what was said to the first meanwhile is said to it.

import { guard } from "../faults";
import { apply, cloneDeep, define, dispatch, NativeProxy, onEvent, offEvent } from "../pristine";

type Post = (data: unknown, transfer: Transferable[]) => void;

interface Events {
  /** Whether a message is the agent's hello. */
  hello(data: unknown, port: MessagePort | undefined): boolean;
  refused(): void;
}

const OURS = ["postMessage", "terminate"] as const;

export class StandIn {
  private readonly held: [unknown, Transferable[]][] = [];
  private readonly native = { postMessage: this.worker.postMessage, terminate: this.worker.terminate };
  /** The one that does the work. */
  private actual = this.worker;
  private over = false;

  constructor(
    private readonly worker: Worker,
    /** Starts the page's own script as it is. */
    private readonly again: () => Worker,
  ) {}

  watch(events: Events): void {
    const { worker } = this;
    // Before the page's own listeners: there are none yet, and later ones come after.
    const message = (event: MessageEvent): void => {
      if (!guard("Worker", () => events.hello(event.data, event.ports[0]))) return;
      event.stopImmediatePropagation();
      this.settle();
      stop();
    };
    const error = (event: Event): void => {
      // An `ErrorEvent` is a script's, which ran; the agent is before it.
      if ("message" in event) return;
      event.stopImmediatePropagation();
      stop();
      guard("Worker", () => this.refused(events));
    };
    const stop = () => {
      offEvent(worker, "message", message as EventListener, true);
      offEvent(worker, "error", error, true);
    };
    onEvent(worker, "message", message as EventListener, true);
    onEvent(worker, "error", error, true);
    if (cloneDeep) this.hold();
  }

  /** Keeps what the page says until it is known to whom. */
  private hold(): void {
    const { worker, native } = this;
    const put = (name: (typeof OURS)[number], act: (self: object, args: unknown[]) => unknown) => {
      const proxy = new NativeProxy(native[name] as () => void, { apply: (_, self: object, args: unknown[]) => act(self, args) });
      define(worker, name, { value: proxy, configurable: true, writable: true });
    };
    put("postMessage", (self, args) => {
      if (self !== worker || args.length === 0) return apply(native.postMessage, self, args);
      const second = args[1] as { transfer?: unknown } | undefined;
      const list = (Array.isArray(second) ? second : (second?.transfer ?? [])) as Transferable[];
      let copy: [unknown, Transferable[]];
      try {
        copy = cloneDeep!([args[0], list], { transfer: list }) as typeof copy;
      } catch {
        // In the engine's own words.
        return apply(native.postMessage, worker, args);
      }
      this.held[this.held.length] = copy;
    });
    put("terminate", (self, args) => {
      if (self === worker) this.end();
      return apply(native.terminate, self, args);
    });
  }

  private end(): void {
    this.held.length = 0;
    this.over = true;
    for (const name of OURS) delete (this.worker as Partial<Worker>)[name];
  }

  /** From now on the page speaks to the worker itself. */
  private settle(): void {
    const held = this.held.splice(0);
    if (!this.over) this.end();
    for (const [data, list] of held) guard("Worker", () => apply(this.native.postMessage, this.actual, [data, list]));
  }

  private refused(events: Events): void {
    if (this.over) return;
    events.refused();
    const { worker, native } = this;
    const held = this.held.splice(0);
    const other = (this.actual = this.again());
    for (const type of ["message", "messageerror", "error"]) {
      onEvent(other, type, (event: Event) => {
        // An error that the page takes care of is not told any further.
        const copy = new (event.constructor as new (type: string, init: unknown) => Event)(type, event);
        if (!dispatch(worker, copy)) event.preventDefault();
      });
    }
    for (const name of OURS) {
      const act = (_: unknown, self: object, args: unknown[]) => apply(native[name], self === worker ? other : self, args);
      const proxy = new NativeProxy(native[name] as () => void, { apply: act });
      define(worker, name, { value: proxy, configurable: true, writable: true });
    }
    for (const [data, list] of held) guard("Worker", () => (native.postMessage as unknown as Post).call(other, data, list));
  }
}
