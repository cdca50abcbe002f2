// What the pages of the Go programs share: it runs the variant that the URL names, and shows the frame rate. A page may
// bring a `load` of its own.

const variant = new URLSearchParams(location.search).get("variant") === "healthy" ? "healthy" : "sick";
for (const link of document.querySelectorAll(".switch a")) {
  if (link.search === `?variant=${variant}`) link.setAttribute("aria-current", "true");
}

let frames = 0;
let longest = 0;
let last = performance.now();
requestAnimationFrame(function count(now) {
  frames += 1;
  longest = Math.max(longest, now - last);
  last = now;
  requestAnimationFrame(count);
});
setInterval(() => {
  for (const [id, figure] of [["fps", `${frames}/s`], ["longest", `${Math.round(longest)} ms`]]) {
    const place = document.getElementById(id);
    if (place) place.textContent = figure;
  }
  frames = longest = 0;
}, 1000);

const go = new Go();
globalThis.go = go; // for a page's own figures, and for your console
const { exit } = go;
let code = 0;
go.exit = (given) => exit((code = given));

try {
  performance.mark("demo:fetch");
  const stream = (name, imports) => WebAssembly.instantiateStreaming(fetch(`${name}.wasm`), imports);
  const { instance } = await (globalThis.load ?? stream)(variant, go.importObject);
  performance.mark("demo:run");
  await go.run(instance);
  tell(`The Go program ended with code ${code}; its last words are in the console.`);
  globalThis.ended?.(code);
} catch (error) {
  tell(`The Go program did not run: ${error.message}`);
  throw error;
}

function tell(problem) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = problem;
  document.querySelector(".stage").before(line);
}
