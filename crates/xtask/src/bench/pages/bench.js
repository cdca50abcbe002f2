// What the pages share. Each sets `outcome`, a promise of its figures, and measures itself: nothing is asked of it
// while it does.

/** Instantiates a Go program as pages do; resolves once main has parked. */
async function runGo(url) {
  const go = new Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url), go.importObject);
  go.run(instance);
  await pause(50);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats `work` for about `ms`, other tasks let in between; gives wall time per repetition, theirs included, ms. */
async function repeat(work, ms) {
  const channel = new MessageChannel();
  const others = () =>
    new Promise((resolve) => {
      channel.port1.onmessage = resolve;
      channel.port2.postMessage(null);
    });
  const begin = performance.now();
  let end = begin;
  let times = 0;
  while (end - begin < ms) {
    work();
    times++;
    await others();
    end = performance.now();
  }
  return (end - begin) / times;
}

/** What the agent says of itself, null in a page without it. */
async function agentSays() {
  if (typeof gopherscope === "undefined") return null;
  const { meta, instances } = await gopherscope.snapshot();
  const { selfMs, wallMs, viewerMs } = meta.overhead;
  const samples = instances[0].samples;
  return {
    state: gopherscope.state,
    errors: meta.errors,
    own: selfMs / wallMs,
    viewer: viewerMs / wallMs,
    samples: (samples.t ?? samples).length,
  };
}

/** What viewer.js noted in the view's frame, null in a page without one. */
function viewerSays() {
  if (typeof overlayRoot === "undefined") return null;
  return new Promise((resolve, reject) => {
    addEventListener("message", ({ data }) => data?.bench && resolve(data.bench));
    overlayRoot.querySelector("iframe").contentWindow.postMessage("bench", "*");
    setTimeout(() => reject(new Error("the view does not answer")), 5000);
  });
}
