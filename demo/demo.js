// What the pages of the Go programs share: it runs the variant that the URL names, and shows the frame rate.

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
  document.getElementById("fps").textContent = `${frames}/s`;
  document.getElementById("longest").textContent = `${Math.round(longest)} ms`;
  frames = longest = 0;
}, 1000);

try {
  const go = new Go();
  performance.mark("demo:fetch");
  const { instance } = await WebAssembly.instantiateStreaming(fetch(`${variant}.wasm`), go.importObject);
  performance.mark("demo:run");
  await go.run(instance);
} catch (error) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = `The Go program did not run: ${error.message}`;
  document.querySelector(".stage").before(line);
  throw error;
}
