// The bridge mix: programs/mix between two objects of the page.

globalThis.mixObject = { alpha: 1, beta: 2, gamma: 3, tick: (i) => i };
globalThis.mixArray = [1, 2, 3, 4, 5, 6, 7, 8];
const ROUNDS = 10_000;
const CROSSINGS = 5 * ROUNDS;

/** Wall time of a crossing over `ms` of mix, ns. */
async function mix(ms) {
  return ((await repeat(() => work(ROUNDS), ms)) * 1e6) / CROSSINGS;
}
