/* What a finger hides while it drags a vertex: the ground under it, enlarged, above the finger,
 * or beside it where there is no room above. A mouse hides nothing. */

const ENLARGED = 2.5;
const ABOVE_PX = 60; // from the finger's middle to the rim of the glass

function room(at, canvas, side) {
  const bounds = canvas.getBoundingClientRect();
  const above = at[1] - ABOVE_PX - side;
  if (bounds.top + above >= 0) return [at[0] - side / 2, above];
  const toTheLeft = at[0] - ABOVE_PX - side;
  const fits = bounds.left + toTheLeft >= 0;
  return [fits ? toTheLeft : at[0] + ABOVE_PX, at[1] - side / 2];
}

function within([left, top], canvas, side) {
  const bounds = canvas.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - side;
  return [Math.min(widest, Math.max(0, bounds.left + left)) - bounds.left, top];
}

function strokeTwice(context, path, colour) {
  for (const [width, shade] of [[4, "#000"], [2, colour]]) {
    context.lineWidth = width;
    context.strokeStyle = shade;
    context.stroke(path);
  }
}

function outline(points, place, [cx, cy], middle) {
  const path = new Path2D();
  points.forEach((point, index) => {
    const [x, y] = place(point);
    path[index ? "lineTo" : "moveTo"]((x - cx) * ENLARGED + middle, (y - cy) * ENLARGED + middle);
  });
  path.closePath();
  return path;
}

function cross(middle) {
  const path = new Path2D();
  for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    path.moveTo(middle + x * 6, middle + y * 6);
    path.lineTo(middle + x * 16, middle + y * 16);
  }
  return path;
}

/** Makes a loupe over the still within `canvas`; `place` turns fractions into pixels. */
export function makeLoupe(canvas, place) {
  const picture = canvas.querySelector("img");
  const glass = document.createElement("canvas");
  glass.className = "loupe";
  glass.hidden = true;
  glass.setAttribute("aria-hidden", "true");
  canvas.append(glass);

  /** Shows what lies at `at`, a fraction of the picture, with the `outlines` over it. */
  function show(at, outlines) {
    glass.hidden = false;
    const side = glass.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(glass, { width: side * ratio, height: side * ratio });
    const centre = place(at);
    const [left, top] = within(room(centre, canvas, side), canvas, side);
    Object.assign(glass.style, { left: `${left}px`, top: `${top}px` });
    const context = glass.getContext("2d");
    context.scale(ratio, ratio);
    context.fillRect(0, 0, side, side);
    const [middle, [width, height]] = [side / 2, place([1, 1])];
    context.drawImage(picture, middle - centre[0] * ENLARGED, middle - centre[1] * ENLARGED,
      width * ENLARGED, height * ENLARGED);
    for (const { points, colour } of outlines) strokeTwice(context, outline(points, place, centre, middle), colour);
    strokeTwice(context, cross(middle), "#FFF");
  }

  return { show, hide: () => { glass.hidden = true; } };
}
