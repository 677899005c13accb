// What the scripts of this folder share: seeded randomness, and a folder of pictures with labels.csv.
//
//   cd ENVIRONMENT && node SCRIPT FOLDER COUNT SEED [FONT]
//
// Packages are taken from node_modules in the working folder, not from beside the script.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const load = createRequire(join(process.cwd(), "here.js"));
export const [folder, count, seed, font] = process.argv.slice(2);

let drawn = 0;

// Bytes from a hash of the seed and a counter, in place of those of the operating system.
function bytes(size) {
  const blocks = [];
  for (let made = 0; made < size; made += 32) {
    blocks.push(createHash("sha256").update(`${seed} ${drawn++}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, size);
}

Math.random = () => bytes(4).readUInt32BE() / 2 ** 32;
load("crypto").randomBytes = bytes;

export const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1));
export const choice = (items) => items[between(0, items.length - 1)];
export const text = (symbols, length) => Array.from({ length }, () => choice(symbols)).join("");

// `draw` returns the bytes of a picture and its text, or a promise of both.
export async function write(draw, ending) {
  const rows = ["file,text"];
  for (let number = 0; number < Number(count); number++) {
    const { picture, label } = await draw();
    const name = `${String(number).padStart(5, "0")}${ending}`;
    writeFileSync(join(folder, name), picture);
    rows.push(`${name},${label}`);
  }
  writeFileSync(join(folder, "labels.csv"), rows.join("\n") + "\n");
}
