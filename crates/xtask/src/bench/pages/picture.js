// Runs in a demo before the agent: how long from the port to the first useful picture in its view, ms.

globalThis.outcome = new Promise((resolve) => {
  addEventListener("message", ({ data }) => {
    if (data?.bench?.picture) resolve({ value: data.bench.picture - data.bench.port });
  });
});
