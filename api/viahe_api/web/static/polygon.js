/* What makes a polygon unfit for a zone. Points are [x, y] in fractions of the picture. */

function turn([ax, ay], [bx, by], [cx, cy]) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function cross(a, b, c, d) {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Pairs of crossing edges, an edge by the index of its first vertex; neighbours only touch. */
export function crossings(points) {
  const found = [];
  const count = points.length;
  for (let first = 0; first < count; first += 1) {
    for (let second = first + 2; second < count; second += 1) {
      if (first === 0 && second === count - 1) continue;
      const edges = [first, first + 1, second, (second + 1) % count].map((index) => points[index]);
      if (cross(...edges)) found.push([first, second]);
    }
  }
  return found;
}

/** `points` with one vertex put at `place`, kept inside the picture. */
export function moved(points, index, [x, y]) {
  const inside = (value) => Math.min(1, Math.max(0, value));
  return points.map((point, at) => (at === index ? [inside(x), inside(y)] : point));
}

export function middleAfter(points, index) {
  const [ax, ay] = points[index];
  const [bx, by] = points[(index + 1) % points.length];
  return [(ax + bx) / 2, (ay + by) / 2];
}

export function inserted(points, index, place) {
  return [...points.slice(0, index + 1), place, ...points.slice(index + 1)];
}

export function removed(points, index) {
  return points.filter((_, at) => at !== index);
}
