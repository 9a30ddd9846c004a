/* The zone editor: one drawing, shown over the still and as a table, saved by the form.
 * Crossing edges are said and block saving. Fewer than three vertices block it as well, and are
 * said where somebody means to be done with them: who has just begun to draw is not told so.
 * Undoing is of the drawing, but while a name or another text is typed, of that text. */

import { attachTo } from "./attaching.js";
import { makeDrawing } from "./drawing.js";
import { typesInto } from "./keys.js";
import { makeOutlines } from "./outlines.js";
import { crossings, inserted } from "./polygon.js";
import { makeTable, readPoints } from "./vertex-table.js";
import { makeCanvas } from "./zone-canvas.js";

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function makeWords(words, drawing, comma) {
  const say = (value) => String(Math.round(value * 1000) / 10).replace(".", comma);
  return {
    plus: (index) => filled(words.plus, { edge: edgeName(index, drawing.points.length) }),
    vertex: (index) => filled(words.vertex, {
      n: index + 1, all: drawing.points.length, x: say(drawing.points[index][0]), y: say(drawing.points[index][1]),
    }),
  };
}

function edgeName(first, count) {
  return `${first + 1}-${((first + 1) % count) + 1}`;
}

function crossingsOf({ kind, drawing: { points } }, number, words) {
  const found = crossings(points);
  if (kind === "mask") return found.length ? [filled(words.mask, { n: number })] : [];
  return found.map(([first, second]) => filled(words.crosses, {
    first: edgeName(first, points.length), second: edgeName(second, points.length),
  }));
}

function isUnfinished({ kind, drawing: { points } }) {
  return points.length < 3 && (kind !== "mask" || points.length > 0);
}

function unfinishedSaid({ kind }, number, words) {
  return kind === "mask" ? filled(words.mask, { n: number }) : words.few;
}

/** Says what is wrong with the drawing; `parts` are its outlines. */
function wireFaults(root, parts, words) {
  const said = root.querySelector("[data-faults]");
  const save = root.querySelector("[data-save]");
  const finished = new Set(); // outlines that were whole once, or were to be sent

  function check() {
    for (const part of parts) if (part.drawing.points.length >= 3) finished.add(part);
    const crossing = parts.flatMap((part, number) => crossingsOf(part, number, words));
    const few = parts.flatMap((part, number) => (
      finished.has(part) && isUnfinished(part) ? [unfinishedSaid(part, number, words)] : []
    ));
    said.textContent = [...few, ...crossing].join(" ");
    said.hidden = said.textContent === "";
    save.disabled = crossing.length > 0;
  }

  root.addEventListener("click", (event) => {
    if (event.target.closest("button")?.type !== "submit" || !parts.some(isUnfinished)) return;
    event.preventDefault();
    for (const part of parts) finished.add(part);
    check();
    said.scrollIntoView({ block: "nearest" });
  });
  for (const { drawing } of parts) drawing.onChange(check);
  check();
}

function wireHistory(root, drawing, gone) {
  root.querySelector("[data-undo]").addEventListener("click", () => drawing.undo());
  root.querySelector("[data-redo]").addEventListener("click", () => drawing.redo());
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.isComposing) return;
    if (typesInto(event.target) && !event.target.closest("[data-vertices]")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) drawing.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) drawing.redo();
    else return;
    event.preventDefault();
  }, { signal: gone });
}

function reveal(part) {
  for (const shown of part.querySelectorAll("[data-with-script]")) shown.hidden = false;
  for (const spare of part.querySelectorAll("[data-without-script]")) spare.remove();
}

/** A zone's or a mask's vertices: its table, wired to a drawing of its own. */
function makePart(part, comma) {
  const body = part.querySelector("[data-vertices]");
  const template = part.querySelector("template");
  const drawing = makeDrawing(readPoints(body));
  reveal(template.content);
  makeTable(body, template, drawing, comma);
  part.querySelector("[data-add]").addEventListener("click", () => {
    drawing.change(inserted(drawing.points, drawing.points.length - 1, [0.5, 0.5]));
  });
  return { kind: part.dataset.outline, drawing };
}

function wireChoice(root, outlines) {
  for (const choice of root.querySelectorAll("input[name=drawn]")) {
    choice.addEventListener("change", () => outlines.use(Number(choice.value)));
  }
}

/* The outlines of other zones, as the page has them, in fractions of the picture. */
function outlinesAround(root) {
  return [...root.querySelectorAll("[data-around]")].map((polygon) => (
    [...polygon.points].map(({ x, y }) => [x / 100, y / 100])
  ));
}

function attach(root, gone) {
  const words = JSON.parse(root.dataset.words);
  const comma = document.documentElement.lang === "vi" ? "," : ".";
  reveal(root);
  const parts = [...root.querySelectorAll("[data-outline]")].map((part) => makePart(part, comma));
  const drawing = makeOutlines(parts);
  wireChoice(root, drawing);
  const svg = root.querySelector("svg[data-canvas]");
  if (svg) makeCanvas(svg, drawing, makeWords(words, drawing, comma), outlinesAround(root));
  wireHistory(root, drawing, gone);
  wireFaults(root, parts, words);
  const outdated = root.querySelector("[data-outdated]");
  const age = () => { if (outdated) outdated.hidden = false; };
  drawing.onChange(age);
  root.addEventListener("input", (event) => { if (!["", "accepted", "drawn"].includes(event.target.name)) age(); });
}

attachTo("[data-zone-editor]", attach);
