// What is at each position, loaded a few positions ahead, so that the next picture is there when a key is pressed.
import { ask } from "./server.js";

const AHEAD = 3;
const KEPT = 50; // positions whose pictures stay loaded behind the present one

async function load(position) {
  const item = await ask(`items/${position}`);
  if (item.kind === "picture") {
    item.image = new Image();
    item.image.alt = "The picture to label";
    item.image.src = `pictures/${item.number}`;
    await item.image.decode().catch(() => (item.kind = "missing"));
  }
  return item;
}

export class Pictures {
  #entries = new Map(); // promises by position
  #loaded = new Map(); // the fulfilled ones

  // What is at a position. A picture is loaded and decoded.
  at(position) {
    if (!this.#entries.has(position)) {
      const entry = load(position);
      this.#entries.set(position, entry);
      entry.then(
        (item) => (item.kind === "picture" ? this.#loaded.set(position, item) : this.#entries.delete(position)),
        () => this.#entries.delete(position),
      );
    }
    return this.#entries.get(position);
  }

  loadAhead(position) {
    for (let next = position + 1; next <= position + AHEAD; next++) {
      this.at(next).catch(() => undefined); // it is asked for again, and the error shown, when its turn comes
    }
    for (const kept of [this.#entries, this.#loaded]) {
      kept.delete(position - KEPT);
    }
  }

  setLabel(number, label) {
    for (const item of this.#loaded.values()) {
      if (item.number === number) {
        item.label = label;
      }
    }
  }

  // The first position behind `position` that has no label, as far as it is known.
  nextWithoutLabel(position) {
    let next = position + 1;
    while (this.#loaded.get(next)?.label) {
      next++;
    }
    return next;
  }
}
