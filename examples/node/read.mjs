// Reads PNG files with an exported model:  node read.mjs MODEL PICTURE…
// Resizing, scaling, alphabet and decoding are in the file; all that is left to do here is to decode the PNG.

import { readFile } from "node:fs/promises";
import { convertIndexedToRgb, decode } from "fast-png";

// From 1.29 on, ONNX Runtime uploads usage events unless this is set before it is loaded. A value of the user's stays.
process.env.ORT_DISABLE_TELEMETRY ??= "1";
const { InferenceSession, Tensor } = await import("onnxruntime-node");

const [model, ...pictures] = process.argv.slice(2);
if (!model || !pictures.length) {
  console.error("usage: node read.mjs MODEL PICTURE…");
  process.exit(2);
}

const session = await InferenceSession.create(model);
for (const path of pictures) {
  const png = decode(await readFile(path)); // of 8 bits; other depths and formats are for other decoders
  const pixels = png.palette ? convertIndexedToRgb(png) : png.data;
  const shape = [1, png.height, png.width, pixels.length / (png.height * png.width)];
  const image = new Tensor("uint8", new Uint8Array(pixels), shape);
  const { text, confidence } = await session.run({ image }, ["text", "confidence"]);
  console.log(`${path}\t${text.data[0]}\t${confidence.data[0].toFixed(4)}`);
}
