// Twelve tracks over ten minutes, drawn by the page's `artist`: { advance(), look(start, end) }. First they follow now,
// ten updates a second, for `?minutes=` or 8 s; then they are zoomed and moved in every frame, too. Measured is what the
// thread does for them.

const UPDATE_MS = 100;
const FOLLOW_MS = 60_000 * new URLSearchParams(location.search).get("minutes") || 8000;
const LOOK_MS = 6000;

// A module that does not load leaves no outcome.
addEventListener("error", ({ message }) => (globalThis.outcome ??= Promise.reject(new Error(message))), true);

// All callbacks of a frame run in one of ours, and one more after it: between the two lies what they did, and what they
// left to microtasks. A message sent then is read once the frame's layout and paint are done.
let queue = [];
let latest = 0;
const request = requestAnimationFrame.bind(globalThis);
globalThis.requestAnimationFrame = (callback) => {
  queue.push({ id: ++latest, callback });
  return latest;
};
globalThis.cancelAnimationFrame = (id) => {
  queue = queue.filter((it) => it.id !== id);
};

/** Calls `step(ms so far)` in each frame for `ms`; gives the frames. `step` says whether it did anything. */
function frames(step, ms) {
  const seen = [];
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    let first;
    let frame;
    const begin = (t) => {
      first ??= t;
      if (t - first > ms) {
        resolve(seen);
        return;
      }
      request(begin);
      request(end);
      const due = queue;
      queue = [];
      frame = { t, began: performance.now(), worked: due.length > 0 };
      if (step(t - first)) frame.worked = true;
      for (const { callback } of due) callback(t);
    };
    const end = () => {
      frame.script = performance.now() - frame.began;
      seen.push(frame);
      port2.postMessage(null);
    };
    port1.onmessage = () => (frame.all = performance.now() - frame.began);
    request(begin);
    request(end);
  });
}

/** Figures of a pass, ms: work of the frames that drew, and how regularly frames came. */
function figures(seen) {
  const settled = seen.slice(30, -1);
  const at = (values, part) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
  const worked = settled.filter((frame) => frame.worked);
  const gaps = settled.slice(1).map((frame, i) => frame.t - settled[i].t);
  const of = (name) => {
    const values = worked.map((frame) => frame[name]);
    return { p50: at(values, 0.5), p95: at(values, 0.95), max: at(values, 1) };
  };
  return {
    frames: settled.length,
    worked: worked.length,
    script: of("script"),
    all: of("all"),
    gap: at(gaps, 0.5),
    late: (100 * gaps.filter((gap) => gap > 20).length) / gaps.length,
  };
}

async function passes(artist) {
  let updated = 0;
  const update = (ms) => {
    if (ms - updated < UPDATE_MS) return false;
    updated += UPDATE_MS;
    artist.advance();
    return true;
  };
  const follow = figures(await frames(update, FOLLOW_MS));
  updated = 0;
  const look = figures(
    await frames((ms) => {
      update(ms);
      // From all there is to a sixtieth of it and back, every 2 s; to and fro every 3 s.
      const length = 60 ** ((Math.cos((ms * Math.PI) / 1000) - 1) / 2);
      const start = (1 - length) * (0.5 + 0.5 * Math.sin((ms * Math.PI) / 1500));
      artist.look(start, start + length);
      return true;
    }, LOOK_MS),
  );
  return { follow, look };
}
