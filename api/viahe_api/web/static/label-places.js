/* Where labels are written over a picture, so that each can be read: by its box, inside the
 * picture, and never on another label. Places are in CSS pixels. */

export const LABEL_HEIGHT = 22;
const GAP = 2; // else two black grounds run together into one
const SAME_THING = 0.7; // boxes that share this much of their union are read as one

/** The label's words; a name that only says the kind again is told once. */
export function wordsOf(kind, name, addition = "") {
  const again = name.localeCompare(kind, undefined, { sensitivity: "accent" }) === 0;
  return (again ? kind : `${kind}: ${name}`) + (addition && ` (${addition})`);
}

function sharedPart(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (across <= 0 || down <= 0) return 0;
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  return (across * down) / (area(a) + area(b) - across * down);
}

function isFree({ left, top }, width, taken) {
  return taken.every((other) => left >= other.left + other.width + GAP || left + width + GAP <= other.left
    || top >= other.top + LABEL_HEIGHT + GAP || top + LABEL_HEIGHT + GAP <= other.top);
}

/* By the box, the places that cover nothing of it first. */
function placesByBox([left, top, right, bottom], width) {
  const [above, below] = [top - LABEL_HEIGHT, bottom];
  return [
    { left, top: above }, { left: right - width, top: above },
    { left, top: below }, { left: right - width, top: below },
    { left: right, top }, { left: left - width, top },
    { left, top }, { left, top: below - LABEL_HEIGHT },
  ];
}

/* Beside the labels that are in the way, nearest to where it would have been first. */
function placesByLabels(home, width, taken) {
  const across = [home.left, ...taken.flatMap((other) => [other.left - width - GAP, other.left + other.width + GAP])];
  const down = [home.top, ...taken.flatMap(({ top }) => [top - LABEL_HEIGHT - GAP, top + LABEL_HEIGHT + GAP])];
  const far = (place) => Math.hypot(place.left - home.left, place.top - home.top);
  return across.flatMap((left) => down.map((top) => ({ left, top }))).sort((a, b) => far(a) - far(b));
}

/** The labels that are written, each with its `left` and `top`, and no wider than the picture.
 *
 * `labels` are `{kind, box, width}`, the most telling first: of two of one kind whose boxes are
 * nearly the same only the first is written, and what finds no room in `picture` is not.
 */
export function placeLabels(labels, picture) {
  const written = [];
  const lowest = picture.top + picture.height - LABEL_HEIGHT;
  for (const label of labels) {
    const { kind, box } = label;
    if (written.some((other) => other.kind === kind && sharedPart(other.box, box) > SAME_THING)) continue;
    const width = Math.min(label.width, picture.width);
    const furthest = picture.left + picture.width - width;
    const inside = ({ left, top }) => left >= picture.left && left <= furthest && top >= picture.top && top <= lowest;
    const movedIn = ({ left, top }) => ({
      left: Math.max(picture.left, Math.min(left, furthest)),
      top: Math.max(picture.top, Math.min(top, lowest)),
    });
    const near = placesByBox(box, width).map((place) => ({ ...place, left: movedIn(place).left }));
    const place = [...near, ...placesByLabels(movedIn(near[0]), width, written)]
      .find((one) => inside(one) && isFree(one, width, written));
    if (place) written.push({ ...label, ...place, width });
  }
  return written;
}
