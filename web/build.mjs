// Puts everything that the page needs into one folder, `dist/`, for any static host: nothing is loaded from elsewhere.
//   node build.mjs [path of the exported model]

import { cp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const model = process.argv[2] ?? join(here, "..", "models", "model.onnx");
const dist = join(here, "dist");
const runtime = join(here, "node_modules", "onnxruntime-web", "dist");
// The WebAssembly build for CPUs, without WebGPU: a third of the size.
const RUNTIME_FILES = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

for (const [path, remedy] of [
  [model, "run `dvc repro`, or name an exported model"],
  [runtime, "run `npm ci` in web/"],
]) {
  await stat(path).catch(() => {
    console.error(`error: ${path} does not exist: ${remedy}`);
    process.exit(1);
  });
}

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "runtime"), { recursive: true });
await cp(join(here, "src"), dist, { recursive: true });
await cp(model, join(dist, "model.onnx"));
for (const file of RUNTIME_FILES) await cp(join(runtime, file), join(dist, "runtime", file));

// What the service worker keeps for use without a network; the version changes with every build.
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
  .sort();
const sizes = await Promise.all(files.map(async (file) => (await stat(join(dist, file))).size));
await writeFile(
  join(dist, "files.js"),
  `const VERSION = "${Date.now().toString(36)}";\nconst FILES = ${JSON.stringify(["./", "files.js", ...files])};\n`,
);
console.log(`${dist}: ${files.length + 1} files, ${(sizes.reduce((a, b) => a + b) / 1e6).toFixed(1)} MB`);
