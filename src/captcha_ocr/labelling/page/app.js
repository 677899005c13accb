// Shows one picture after another. The server keeps the order, and stores each answer before this page goes on.
import { ask, store } from "./server.js";
import { Pictures } from "./pictures.js";

const WAIT = 150; // milliseconds until the server is asked again for a picture that is not read yet
const element = (id) => document.getElementById(id);
const input = element("text");
const pictures = new Pictures();
const answers = []; // times of the last answers, in milliseconds
let about, position, shown; // shown: what is at the position, with its picture as an <img>
let busy = true; // while an answer is on its way, so that no key is taken for the next picture

function say(message) {
  element("message").textContent = message;
}

function showProgress(progress) {
  const { pictures: all, labelled, read, failed } = progress;
  element("bar").max = all;
  element("bar").value = labelled;
  element("done").textContent = `${labelled.toLocaleString("en")} of ${all.toLocaleString("en")} labelled`;
  element("reading").textContent = read < all ? `${read.toLocaleString("en")} read, reading on` : "";
  document.title = `${labelled} of ${all} labelled`;
  const minutes = (answers.at(-1) - answers[0]) / 60000;
  element("rate").textContent = answers.length > 2 ? `, ${Math.round((answers.length - 1) / minutes)} a minute` : "";
  const failures = element("failures");
  failures.hidden = failed.length === 0;
  failures.querySelector("summary").textContent =
    failed.length === 1 ? "1 picture cannot be decoded" : `${failed.length} pictures cannot be decoded`;
  failures.querySelector("ul").replaceChildren(
    ...failed.map((message) => Object.assign(document.createElement("li"), { textContent: message })),
  );
}

function warnOfSymbols() {
  const unknown = [...new Set(input.value.normalize("NFC").trim())].filter((symbol) => !about.alphabet.includes(symbol));
  element("warning").textContent =
    about.alphabet && unknown.length ? `The model does not know ${unknown.join(" ")}. It is stored all the same.` : "";
}

function fill(text) {
  input.value = text;
  input.focus();
  input.select();
  warnOfSymbols();
}

function code(text) {
  return Object.assign(document.createElement("code"), { textContent: text || "nothing" });
}

function describe(item) {
  const { text, confidence = null, given = null } = item.guess ?? {};
  const parts = [];
  if (given !== null) {
    parts.push("In the data: ", code(given), ". ");
  }
  if (confidence !== null) {
    parts.push("The model reads ", code(text), `, ${(100 * confidence).toFixed(1)} % sure. `);
  }
  if (item.label !== null) {
    parts.push("Stored.");
  }
  element("guess").replaceChildren(...parts);
  element("keep").hidden = given === null;
}

function showPicture(entry) {
  element("picture").replaceChildren(entry.image);
  element("file").textContent = entry.file;
  input.disabled = false;
  describe(entry);
  fill(entry.label ?? entry.guess?.text ?? "");
  pictures.loadAhead(position);
}

function showNothing(text) {
  element("picture").textContent = text;
  for (const id of ["file", "guess", "warning"]) {
    element(id).textContent = "";
  }
  input.value = "";
  input.disabled = true;
}

async function showEnd() {
  const { progress } = await ask("state");
  showProgress(progress);
  const left = progress.pictures - progress.labelled - progress.failed.length;
  showNothing(
    left
      ? `All pictures have been shown. ${left} without a label: press Enter to see them again.`
      : "All pictures have a label. End captcha-ocr label with Ctrl-C in its terminal.",
  );
}

async function show(wanted) {
  const entry = await pictures.at(wanted);
  [position, shown] = [wanted, entry];
  if (shown.kind === "picture") {
    showPicture(shown);
  } else if (shown.kind === "end") {
    await showEnd();
  } else if (shown.kind === "missing") {
    showNothing(`${shown.file} has been changed or removed, and cannot be shown. Press ↓ for the next picture.`);
  } else {
    showNothing("The model is reading …");
    setTimeout(() => position === wanted && guarded(() => show(wanted)), WAIT);
  }
}

// Runs an action, one at a time; what goes wrong is said on the page.
async function guarded(action) {
  busy = true;
  try {
    await action();
  } catch (error) {
    say(error.message);
  } finally {
    busy = false;
  }
}

function act(action) {
  if (!busy) {
    say("");
    guarded(action);
  }
}

async function accept(text) {
  if (shown.kind === "picture") {
    const { change, progress } = await store(position, text);
    pictures.setLabel(change.number, change.label);
    answers.push(performance.now());
    answers.splice(0, answers.length - 20);
    showProgress(progress);
    await show(pictures.nextWithoutLabel(position));
  } else if (shown.kind === "end") {
    await show(await ask("again", "POST"));
  }
}

async function undo() {
  const { change, progress } = await ask("undo", "POST");
  pictures.setLabel(change.number, change.label);
  showProgress(progress);
  await show(change.position);
  fill(change.text);
}

function reset() {
  if (shown.kind === "picture") {
    fill(shown.guess?.text ?? "");
  }
}

const back = () => act(() => show(Math.max(position - 1, 0)));
const onward = () => act(() => (shown.kind === "picture" || shown.kind === "missing") && show(position + 1));
const takeBack = () => act(undo);
const enter = () => act(() => accept(input.value));
const keep = () => act(() => accept(shown.guess?.given ?? input.value));
const edited = () => input.value !== (shown?.label ?? shown?.guess?.text ?? "");
const keys = { ArrowUp: back, ArrowDown: onward, Escape: reset };

function actionOf(event) {
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl && event.key === "z") {
    return edited() ? undefined : takeBack; // in an edited text the browser undoes the edit
  }
  if (withControl && event.key === "Enter") {
    return keep;
  }
  if (withControl || event.altKey || event.shiftKey || event.isComposing) {
    return undefined;
  }
  // With a picture, Enter submits the form.
  return event.key === "Enter" && event.target === document.body ? enter : keys[event.key];
}

document.addEventListener("keydown", (event) => {
  const action = shown && actionOf(event);
  if (action) {
    event.preventDefault();
    action();
  }
});
element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  enter();
});
input.addEventListener("input", warnOfSymbols);
element("back").addEventListener("click", back);
element("onward").addEventListener("click", onward);
element("reset").addEventListener("click", reset);
element("keep").addEventListener("click", keep);
element("undo").addEventListener("click", takeBack);

guarded(async () => {
  const state = await ask("state");
  about = state.about;
  element("about").textContent = `Pictures: ${about.folder}. Labels: ${about.table}. Model: ${about.model}.`;
  showProgress(state.progress);
  await show(state.position);
});
