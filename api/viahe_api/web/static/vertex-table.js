/* The vertices as rows of figures: all that the drawing does can be done here. The fields are
 * what the form sends. */

import { inserted, middleAfter, moved, removed } from "./polygon.js";

function percent(fraction, comma) {
  return String(Math.round(fraction * 1000) / 10).replace(".", comma);
}

/** A fraction from a percentage as typed, NaN if it is none. */
export function fractionOf(text) {
  const cleaned = text.trim().replace(",", ".");
  return cleaned === "" ? NaN : Number(cleaned) / 100;
}

export function readPoints(body) {
  return [...body.rows].map((row) => [...row.querySelectorAll("input")].map((field) => fractionOf(field.value)))
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
}

export function makeTable(body, template, drawing, comma) {
  function fill(row, [x, y], index) {
    const [across, down] = row.querySelectorAll("input");
    row.querySelector("[data-number]").textContent = index + 1;
    row.classList.toggle("chosen", index === drawing.chosen);
    for (const [field, value] of [[across, x], [down, y]]) {
      if (document.activeElement !== field) field.value = percent(value, comma);
    }
  }

  function draw() {
    while (body.rows.length > drawing.points.length) body.lastElementChild.remove();
    while (body.rows.length < drawing.points.length) body.append(template.content.cloneNode(true));
    [...body.rows].forEach((row, index) => fill(row, drawing.points[index], index));
  }

  function take(event) {
    const row = event.target.closest("tr");
    const place = [...row.querySelectorAll("input")].map((field) => fractionOf(field.value));
    if (place.every(Number.isFinite)) drawing.change(moved(drawing.points, row.sectionRowIndex, place));
  }

  function act(event) {
    const does = event.target.closest("[data-row-does]")?.dataset.rowDoes;
    if (!does) return;
    const index = event.target.closest("tr").sectionRowIndex;
    if (does === "remove") drawing.change(removed(drawing.points, index));
    else drawing.change(inserted(drawing.points, index, middleAfter(drawing.points, index)));
    body.rows[Math.min(index + (does === "insert" ? 1 : 0), body.rows.length - 1)]?.querySelector("input").focus();
  }

  body.addEventListener("change", take);
  body.addEventListener("click", act);
  drawing.onChange(draw);
  draw();
}
