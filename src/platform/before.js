// Runs in a frame's own global object before its page is there. Browsers keep that object, and what was put on it, when a
// page of the same origin comes, but neither timers nor listeners: so the agent itself starts when the page first reaches
// for WebAssembly, or has loaded. `source` is the agent, `src` where it is from.
(function (source, src) {
  const real = WebAssembly;
  // Compiled now: the page's own policy may forbid it.
  const install = (0, eval)("(function () {" + source + "\n})");
  let installed = false;
  const put = (value) =>
    Object.defineProperty(globalThis, "WebAssembly", { value, writable: true, configurable: true, enumerable: false });
  const start = () => {
    if (installed) return;
    installed = true;
    put(real);
    // The agent looks at its own script tag.
    const script = document.createElement("script");
    script.src = src;
    Object.defineProperty(document, "currentScript", { value: script, configurable: true });
    try {
      install();
    } finally {
      delete document.currentScript;
    }
  };
  Object.defineProperty(globalThis, "WebAssembly", {
    configurable: true,
    enumerable: false,
    get: () => (start(), real),
    set: (value) => (start(), put(value)),
  });
  return start;
});
