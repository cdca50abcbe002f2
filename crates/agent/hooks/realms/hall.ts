// Where the agent of a worker that its own script brought in, and the agent of its page, come to know of each other: neither
// may send the other's realm a message that a page or a worker without an agent would see. Documents and workers of one
// origin hear this; a page takes up a worker whose script it has loaded, and both go on where nobody else listens.

import { guard } from "../faults";
import { listen, NativeBroadcast, NativeMap, resources, root, unlisten } from "../pristine";
import { shared } from "../state";
import { type Child, type Known, meet, speaks } from "./children";
import { join, ourselves } from "./parent";

interface Said {
  /** A page has an agent, and wants to know of workers. */
  page?: true;
  /** A worker has one. */
  worker?: Known & { room: string };
}

const HALL = "gopherscope";
let hall: BroadcastChannel | undefined;
/** Workers that were started untouched, by their URL. */
const unknown = new NativeMap<string, Child[]>();

export function awaitUnknown(url: string, child: Child): void {
  const those = unknown.get(url) ?? [];
  those[those.length] = child;
  unknown.set(url, those);
  open();
}

/** A page's end. It must not be open while the page is kept aside: browsers would not keep it. */
function open(): void {
  if (hall || !NativeBroadcast || shared.uninstalled) return;
  const mine = (hall = new NativeBroadcast(HALL));
  mine.onmessage = (event: MessageEvent<Said>) => void guard("hall", () => event.data.worker && take(event.data.worker));
  mine.postMessage({ page: true } satisfies Said);
}

function close(): void {
  hall?.close();
  hall = undefined;
}

const reopen = (event: PageTransitionEvent) => void guard("hall", () => event.persisted && open());

export function openHall(): void {
  if (!NativeBroadcast) return;
  listen("pagehide", closeHall);
  listen("pageshow", reopen);
  open();
}

export function closeHall(): void {
  guard("hall", close);
}

export function leaveHall(): void {
  closeHall();
  if (!listen) return;
  unlisten("pagehide", closeHall);
  unlisten("pageshow", reopen as EventListener);
}

function take(worker: Known & { room: string }): void {
  const { url, room } = worker;
  const child = unknown.get(url)?.shift();
  if (!child && resources(url).length === 0) return;
  const port = new NativeBroadcast!(room);
  if (!child) meet(worker, port);
  else if (speaks(worker)) child.connect(port);
}

/** A worker's end: says that it is here, now and to pages that come to ask. */
export function waitInHall(kind: number): void {
  if (!NativeBroadcast) return;
  const rooms = root.crypto.getRandomValues(new Uint32Array(4)).join("-");
  const room = `${HALL}-${rooms}`;
  const port = new NativeBroadcast(room);
  const mine = new NativeBroadcast(HALL);
  const say = () =>
    guard("hall", () => {
      if (!shared.uninstalled) mine.postMessage({ worker: { ...ourselves(kind), room } } satisfies Said);
    });
  mine.onmessage = (event: MessageEvent<Said>) => void (event.data?.page && say());
  join(port, () => mine.close());
  say();
}
