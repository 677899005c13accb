// The whole of reading: pixels in, text out. Resizing, scaling, alphabet and decoding are in the file.

import * as ort from "./runtime/ort.wasm.min.mjs";

ort.env.wasm.wasmPaths = new URL("runtime/", import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need headers that not every static host sends

export async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const session = await ort.InferenceSession.create(await response.arrayBuffer(), { executionProviders: ["wasm"] });
  await session.run({ image: new ort.Tensor("uint8", new Uint8Array(100), [1, 10, 10, 1]) }); // the first call is slow
  return session;
}

// A picture's pixels as the model takes them, [1, height, width, 4].
async function pixels(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return new ort.Tensor("uint8", new Uint8Array(data.buffer), [1, height, width, 4]);
}

export async function read(session, blob) {
  const image = await pixels(blob);
  const started = performance.now();
  const found = await session.run({ image }, ["text", "confidence", "symbol_confidence"]);
  const milliseconds = performance.now() - started;
  const [text] = found.text.data;
  return {
    text,
    confidence: found.confidence.data[0],
    symbols: Array.from(text, (symbol, i) => ({ symbol, confidence: found.symbol_confidence.data[i] })),
    milliseconds,
  };
}
