/* The zone editor: one drawing, shown over the still and as a table, saved by the form.
 * Crossing edges, and fewer than three vertices, are said and block saving. */

import { makeDrawing } from "./drawing.js";
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

function faultsOfMask(points, number, words) {
  const whole = points.length === 0 || (points.length >= 3 && crossings(points).length === 0);
  return whole ? [] : [filled(words.mask, { n: number })];
}

function faultsOf(points, words) {
  if (points.length < 3) return [words.few];
  return crossings(points).map(([first, second]) => filled(words.crosses, {
    first: edgeName(first, points.length), second: edgeName(second, points.length),
  }));
}

function wireHistory(root, drawing) {
  root.querySelector("[data-undo]").addEventListener("click", () => drawing.undo());
  root.querySelector("[data-redo]").addEventListener("click", () => drawing.redo());
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) drawing.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) drawing.redo();
    else return;
    event.preventDefault();
  });
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

function attach(root) {
  const words = JSON.parse(root.dataset.words);
  const comma = document.documentElement.lang === "vi" ? "," : ".";
  reveal(root);
  const parts = [...root.querySelectorAll("[data-outline]")].map((part) => makePart(part, comma));
  const drawing = makeOutlines(parts);
  wireChoice(root, drawing);
  const svg = root.querySelector("svg[data-canvas]");
  if (svg) makeCanvas(svg, drawing, makeWords(words, drawing, comma), outlinesAround(root));
  wireHistory(root, drawing);
  const said = root.querySelector("[data-faults]");
  const save = root.querySelector("[data-save]");
  const check = () => {
    const faults = parts.flatMap((part, number) => (
      part.kind === "mask" ? faultsOfMask(part.drawing.points, number, words) : faultsOf(part.drawing.points, words)
    ));
    said.textContent = faults.join(" ");
    said.hidden = faults.length === 0;
    save.disabled = faults.length > 0;
  };
  drawing.onChange(check);
  check();
  const outdated = root.querySelector("[data-outdated]");
  const age = () => { if (outdated) outdated.hidden = false; };
  drawing.onChange(age);
  root.addEventListener("input", (event) => { if (!["", "accepted", "drawn"].includes(event.target.name)) age(); });
}

for (const root of document.querySelectorAll("[data-zone-editor]")) attach(root);
