// Bundles preact's sources with esbuild-wasm on the page's own thread. Without `worker: false` esbuild would run
// its Go program in a worker made from a blob.

import * as esbuild from "./npm/esbuild-wasm/esm/browser.min.js";

const show = (id, text) => (document.getElementById(id).textContent = text);
const sources = new URL("npm/preact/", document.baseURI);
const packages = { preact: "src/index.js", "preact/hooks": "hooks/src/index.js" };
const cache = new Map();

async function read(url) {
  if (!cache.has(url)) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: status ${response.status}`);
    cache.set(url, await response.text());
  }
  return cache.get(url);
}

/** Lets esbuild, which has no file system here, read preact's sources from the server. */
const overHttp = {
  name: "over-http",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const inside = packages[path];
      const url = inside ? new URL(inside, sources) : new URL(path, importer || sources);
      return { path: url.pathname.endsWith(".js") ? url.href : `${url.href}.js`, namespace: "http" };
    });
    build.onLoad({ filter: /.*/, namespace: "http" }, async ({ path }) => ({ contents: await read(path) }));
  },
};

async function bundle() {
  const start = performance.now();
  const options = { bundle: true, minify: true, format: "esm", write: false, metafile: true, plugins: [overHttp] };
  const result = await esbuild.build({ ...options, entryPoints: ["compat/src/index.js"] });
  show("last", `${Math.round(performance.now() - start)} ms`);
  show("files", Object.keys(result.metafile.inputs).length);
  show("size", `${(result.outputFiles[0].contents.length / 1000).toFixed(1)} kB`);
  show("output", result.outputFiles[0].text);
}

try {
  await esbuild.initialize({ wasmURL: "./npm/esbuild-wasm/esbuild.wasm", worker: false });
  show("ready", `${Math.round(performance.now())} ms`);
  await bundle();
} catch (error) {
  show("output", `esbuild did not run: ${error.message}`);
  throw error;
}

const button = document.getElementById("bundle");
button.disabled = false;
button.addEventListener("click", bundle);
setInterval(() => document.getElementById("keep").checked && bundle(), 500);
