// Runs in the view's document before its own scripts. Notes when the port came, when there was a first useful picture,
// and each frame that was asked for; says so when there is a picture, and when the page asks.

{
  const now = () => performance.timeOrigin + performance.now();
  const said = { port: undefined, picture: undefined, frames: [] };
  const say = () => parent.postMessage({ bench: said }, "*");

  const request = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => {
    said.frames.push(now());
    return request(callback);
  };
  addEventListener("message", ({ data }) => {
    if (data?.gopherscope === "port") said.port ??= now();
    if (data === "bench") say();
  });

  // A sentence, charts, and a row with a figure in it.
  const useful = () =>
    document.querySelector(".headline h2")?.textContent &&
    document.querySelector(".timeline canvas") &&
    [...document.querySelectorAll("tbody tr")].some((row) => /\d/.test(row.textContent));
  const watch = new MutationObserver(() => {
    if (!useful()) return;
    watch.disconnect();
    // A message from within a frame is read once that frame is drawn.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      said.picture = now();
      say();
    };
    request(() => port2.postMessage(null));
  });
  watch.observe(document, { childList: true, characterData: true, subtree: true });
}
