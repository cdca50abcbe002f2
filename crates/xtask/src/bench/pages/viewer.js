// Runs in the view's document before its own scripts: notes when it drew, and says so when the page asks.

{
  const epoch = (ms) => performance.timeOrigin + ms;
  const said = { frames: [] };
  const request = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => {
    said.frames.push(epoch(performance.now()));
    return request(callback);
  };
  addEventListener("message", ({ data, source }) => {
    if (data === "bench") source.postMessage({ bench: said }, "*");
  });
}
