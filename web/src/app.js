import { load, read } from "./recognizer.js";

const SURE = 0.9; // symbols below are marked
const status = document.getElementById("status");
const drop = document.getElementById("drop");
const input = document.getElementById("files");
const rows = document.getElementById("readings");
const format = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1 });

// Rounded down: nothing short of certain is shown as 100 %.
function percent(share) {
  return format.format(Math.floor(share * 1000) / 1000);
}

function say(message, isError = false) {
  status.textContent = message;
  status.classList.toggle("error", isError);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function symbolView({ symbol, confidence }) {
  const meter = element("meter", { min: 0, max: 1, low: SURE, optimum: 1, value: confidence });
  meter.setAttribute("aria-label", `${symbol}: ${percent(confidence)}`);
  const className = confidence < SURE ? "symbol doubtful" : "symbol";
  return element("span", { className, title: percent(confidence) }, symbol, meter);
}

function readingCells({ text, confidence, symbols, milliseconds }) {
  return [
    element("td", { className: "text" }, text || "∅"),
    element("td", {}, percent(confidence)),
    element("td", {}, element("span", { className: "symbols" }, ...symbols.map(symbolView))),
    element("td", {}, `${milliseconds.toFixed(1)} ms`),
  ];
}

// One after the other, so that rows keep the order of the files.
let queue;

async function show(session, file) {
  const picture = element("img", { src: URL.createObjectURL(file), alt: file.name });
  const row = element("tr", {}, element("td", {}, picture));
  try {
    row.append(...readingCells(await read(session, file)));
  } catch (error) {
    row.append(element("td", { className: "failed", colSpan: 4 }, `${file.name} cannot be read: ${error.message}`));
  }
  rows.append(row);
  rows.closest("table").hidden = false;
}

function take(files) {
  queue = queue.then(async (session) => {
    for (const file of files) await show(session, file);
    const failed = rows.querySelectorAll(".failed").length;
    const read = `${rows.children.length - failed} read`;
    if (files.length) say(failed ? `${read}, ${failed} could not be` : read);
    return session;
  });
}

queue = load("model.onnx").then(
  (session) => {
    input.disabled = false;
    say("Ready");
    return session;
  },
  (error) => {
    say(`The model cannot be loaded: ${error.message}`, true);
    throw error;
  },
);

input.addEventListener("change", () => {
  take([...input.files]);
  input.value = "";
});
for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", over);
  });
}
document.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
document.addEventListener("paste", (event) => take([...event.clipboardData.files]));

// Without a network the page works from what the service worker has kept.
if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("worker.js");
