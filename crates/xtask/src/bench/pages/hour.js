// Runs before the agent: an hour within a minute. Its clock runs ahead, its timer is ours to call, and the memory of
// the modules it starts is known.

const hour = { ahead: 0, tick: () => {}, memories: [] };
{
  const now = performance.now.bind(performance);
  performance.now = () => now() + hour.ahead;
  const every = setInterval;
  globalThis.setInterval = (run, ms) => {
    if (ms !== 100) return every(run, ms);
    hour.tick = run;
    return 0;
  };
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(instance, args) {
      const made = new instance(...args);
      hour.memories.push(made.exports.memory);
      return made;
    },
  });
}
