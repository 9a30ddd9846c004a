/* The polygon over the still: vertices to drag, to tap and then tap where they belong, or to
 * move by arrows; a plus in the middle of every edge; a tap on free ground adds a vertex. */

import { makeLoupe } from "./loupe.js";
import { crossings, inserted, middleAfter, moved, removed } from "./polygon.js";
import { snapped } from "./snapping.js";

const DRAG_PX = 4;
const STEP = 0.002;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function element(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function handle(kind, index, [x, y], label, extra = "") {
  const number = kind === "vertex" ? index + 1 : "+";
  return element("g", {
    class: `${kind}${extra}`, tabindex: 0, role: "button", "aria-label": label, "data-index": index, "data-kind": kind,
  },
  element("circle", { class: "hit", cx: x, cy: y, r: 22 }),
  element("circle", { class: "dot", cx: x, cy: y, r: kind === "vertex" ? 8 : 6 }),
  element("text", { class: "number", x: x + 11, y: y - 9 }, kind === "vertex" ? String(number) : ""));
}

/** Draws `drawing`, one of several outlines, into `svg` and changes it; `words` says a vertex and
 * a plus; `around` are outlines that are only shown, as those of other zones. */
export function makeCanvas(svg, drawing, words, around) {
  const size = () => [svg.clientWidth, svg.clientHeight];
  const inPixels = ([x, y]) => [x * size()[0], y * size()[1]];
  const fractionAt = (event) => {
    const bounds = svg.getBoundingClientRect();
    const place = [event.clientX - bounds.left, event.clientY - bounds.top];
    const lines = () => [...around, ...drawing.others.map(({ drawing: other }) => other.points)];
    const put = event.altKey ? place : snapped(place, lines().map((points) => points.map(inPixels)), size());
    return put.map((value, axis) => value / size()[axis]);
  };
  const loupe = makeLoupe(svg.parentElement, inPixels);

  function focusedHandle() {
    const { kind, index } = document.activeElement?.dataset ?? {};
    return svg.contains(document.activeElement) ? { kind, index: Number(index) } : null;
  }

  function focusHandle(kind, index) {
    svg.querySelector(`[data-kind="${kind}"][data-index="${index}"]`)?.focus({ preventScroll: true });
  }

  function draw() {
    const focused = focusedHandle();
    const points = drawing.points.map(inPixels);
    const list = points.map((point) => point.join(",")).join(" ");
    const parts = drawing.others.map(({ kind, drawing: other }) => element("polygon", {
      class: `other ${kind}`, points: other.points.map((point) => inPixels(point).join(",")).join(" "),
    }));
    svg.classList.toggle("draws-mask", drawing.kind === "mask");
    for (const kind of ["area", "casing", "edge"]) parts.push(element("polygon", { class: kind, points: list }));
    for (const pair of crossings(drawing.points)) {
      for (const first of pair) parts.push(wrongEdge(points, first));
    }
    if (points.length > 1) {
      drawing.points.forEach((_, index) => {
        parts.push(handle("middle", index, inPixels(middleAfter(drawing.points, index)), words.plus(index)));
      });
    }
    points.forEach((point, index) => {
      parts.push(handle("vertex", index, point, words.vertex(index), index === drawing.chosen ? " chosen" : ""));
    });
    svg.replaceChildren(...parts);
    if (focused) focusHandle(focused.kind, focused.index);
  }

  function wrongEdge(points, first) {
    const [a, b] = [points[first], points[(first + 1) % points.length]];
    return element("line", { class: "wrong", x1: a[0], y1: a[1], x2: b[0], y2: b[1] });
  }

  let drag = null;

  function insertAfter(index, place) {
    drawing.change(inserted(drawing.points, index, place));
    focusHandle("vertex", index + 1);
  }

  function grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const grip = event.target.closest("[data-kind]");
    if (!grip) return placeAt(event);
    let index = Number(grip.dataset.index);
    drawing.mark();
    if (grip.dataset.kind === "middle") {
      drawing.put(inserted(drawing.points, index, middleAfter(drawing.points, index)));
      index += 1;
    }
    svg.setPointerCapture(event.pointerId);
    focusHandle("vertex", index);
    drag = { index, from: [event.clientX, event.clientY], far: false };
    enlarge(event);
    return undefined;
  }

  function enlarge(event) {
    if (event.pointerType === "mouse") return;
    loupe.show(drawing.points[drag.index], [
      ...around.map((points) => ({ points, colour: "#FFF" })),
      ...drawing.others.map(({ drawing: { points } }) => ({ points, colour: "#FFF" })),
      { points: drawing.points, colour: "#FF8CF5" },
    ]);
  }

  function placeAt(event) {
    const place = fractionAt(event);
    if (drawing.chosen >= 0) {
      drawing.change(moved(drawing.points, drawing.chosen, place));
      drawing.choose(-1);
    } else {
      insertAfter(drawing.points.length - 1, place);
    }
  }

  function pull(event) {
    if (!drag) return;
    drag.far ||= Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) > DRAG_PX;
    if (!drag.far) return;
    drawing.put(moved(drawing.points, drag.index, fractionAt(event)));
    enlarge(event);
  }

  function release() {
    if (drag) drawing.choose(drag.far || drawing.chosen === drag.index ? -1 : drag.index);
    drag = null;
    loupe.hide();
  }

  function press(event) {
    const focused = focusedHandle();
    if (!focused || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { kind, index } = focused;
    const arrow = ARROWS[event.key];
    if (event.key === "Enter" && kind === "middle") insertAfter(index, middleAfter(drawing.points, index));
    else if (event.key === "Enter" || event.key === " ") drawing.choose(drawing.chosen === index ? -1 : index);
    else if (event.key === "Delete" && kind === "vertex") drawing.change(removed(drawing.points, index));
    else if (event.key === "Escape") drawing.choose(-1);
    else if (arrow && kind === "vertex") nudge(index, arrow, event.shiftKey ? STEP * 10 : STEP);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function nudge(index, [dx, dy], step) {
    const [x, y] = drawing.points[index];
    drawing.change(moved(drawing.points, index, [x + dx * step, y + dy * step]));
  }

  svg.addEventListener("pointerdown", grab);
  svg.addEventListener("pointermove", pull);
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);
  svg.addEventListener("keydown", press);
  drawing.onChange(draw);
  new ResizeObserver(draw).observe(svg);
  draw();
}
