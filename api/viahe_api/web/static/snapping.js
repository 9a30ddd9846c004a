/* Draws a point that comes near to lines that are there already onto them: a corner first, then
 * an edge, then the rim of the picture. All is in pixels, for it is the hand that is unsteady. */

const REACH_PX = 8;

function nearestOn([ax, ay], [bx, by], [x, y]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return [ax + part * dx, ay + part * dy];
}

function nearest(candidates, [x, y]) {
  let [found, least] = [null, REACH_PX];
  for (const place of candidates) {
    const distance = Math.hypot(place[0] - x, place[1] - y);
    if (distance < least) [found, least] = [place, distance];
  }
  return found;
}

function atRim(value, length) {
  if (Math.abs(value) < REACH_PX) return 0;
  return Math.abs(value - length) < REACH_PX ? length : value;
}

/** Where `place` belongs among `outlines`, closed polygons, in a picture of `size`. */
export function snapped(place, outlines, size) {
  const corner = nearest(outlines.flat(), place);
  if (corner) return corner;
  const edges = outlines.flatMap((points) => points.map((point, index) => (
    nearestOn(point, points[(index + 1) % points.length], place)
  )));
  return nearest(edges, place) ?? place.map((value, axis) => atRim(value, size[axis]));
}
