/* Draws what the detector saw over the clip, from data: the file itself is never touched.
 *
 * Times are clip seconds, places fractions of the picture. A box between two looks is
 * interpolated and finely dashed, for one interval at most: further on it would be a guess.
 * What no network named in a look, and is known by how its place looks, is finely dashed too,
 * and says so.
 */

import { LABEL_HEIGHT, placeLabels, wordsOf } from "./label-places.js";

const STROKES = {
  thing: { colour: "#FFD400", dash: [] },
  leaver: { colour: "#00E5FF", dash: [10, 6] },
  zone: { colour: "#FF8CF5", dash: [2, 5] },
  other: { colour: "#FFFFFF", dash: [] },
};
const BETWEEN = [4, 4];
const LABEL_FONT = "600 14px 'Segoe UI', Roboto, system-ui, 'Noto Sans', Arial, sans-serif";
const LABEL_PADDING = 5;
const SAME_PICTURE_S = 0.05;
const LONGEST_INTERVAL_S = 2.5; // looks are at key frames at the rarest, mostly 2 s apart

/** The picture's rectangle inside the video element, in CSS pixels. */
export function pictureIn(width, height, pictureWidth, pictureHeight) {
  const scale = Math.min(width / pictureWidth, height / pictureHeight);
  return {
    left: (width - pictureWidth * scale) / 2,
    top: (height - pictureHeight * scale) / 2,
    width: pictureWidth * scale,
    height: pictureHeight * scale,
  };
}

function usualInterval(looks) {
  const gaps = looks.slice(1).map((look, index) => look.clip_s - looks[index].clip_s).sort((a, b) => a - b);
  return gaps.length ? gaps[gaps.length >> 1] : 1;
}

function between(first, second, part) {
  return first.map((value, index) => value + (second[index] - value) * part);
}

function centreDistance(a, b) {
  return Math.hypot(a[0] + a[2] - b[0] - b[2], a[1] + a[3] - b[1] - b[3]) / 2;
}

/* The same thing in the next look: same role and label, nearest. */
function continued(box, next) {
  const alike = next.boxes.filter((other) => other.role === box.role && other.label === box.label);
  alike.sort((a, b) => centreDistance(a.box, box.box) - centreDistance(b.box, box.box));
  return alike[0];
}

/** Boxes to draw at `t`: `[{role, label, box, exact}]`. */
export function boxesAt(looks, t, interval = usualInterval(looks)) {
  let index = -1;
  while (index + 1 < looks.length && looks[index + 1].clip_s <= t + 1e-3) index += 1;
  if (index < 0) return [];
  const look = looks[index];
  const next = looks[index + 1];
  const since = t - look.clip_s;
  if (since <= SAME_PICTURE_S) return look.boxes.map((box) => ({ ...box, exact: true }));
  const untilNext = next ? next.clip_s - look.clip_s : Infinity;
  const near = untilNext <= LONGEST_INTERVAL_S;
  if (!near && since > interval) return [];
  return look.boxes.map((box) => {
    const later = near && continued(box, next);
    const place = later ? between(box.box, later.box, since / untilNext) : box.box;
    return { ...box, box: place, exact: false };
  });
}

function strokeTwice(context, path, colour, dash) {
  context.setLineDash(dash);
  context.lineWidth = 4;
  context.strokeStyle = "#000";
  context.stroke(path);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke(path);
}

/* What stands still is written first, so that what moves gives way to it and not the other way
 * round; of two boxes of one thing the one that names it. */
function inOrder(labels) {
  const rank = ({ kind, tells }) => (kind === "zone" ? 0 : kind === "leaver" ? 3 : tells ? 1 : 2);
  return [...labels].sort((a, b) => rank(a) - rank(b));
}

function writeLabels(context, labels, picture) {
  context.font = LABEL_FONT;
  const measured = inOrder(labels).map((label) => (
    { ...label, width: context.measureText(label.text).width + 2 * LABEL_PADDING }));
  for (const { kind, text, left, top, width } of placeLabels(measured, picture)) {
    context.fillStyle = "#000";
    context.fillRect(left, top, width, LABEL_HEIGHT);
    context.fillStyle = STROKES[kind].colour;
    context.fillText(text, left + LABEL_PADDING, top + 16, width - 2 * LABEL_PADDING);
  }
}

function inPixels([left, top, right, bottom], picture) {
  return [picture.left + left * picture.width, picture.top + top * picture.height,
    picture.left + right * picture.width, picture.top + bottom * picture.height];
}

function boxPath([left, top, right, bottom]) {
  const path = new Path2D();
  path.rect(left, top, right - left, bottom - top);
  return path;
}

function polygonPath(points, picture) {
  const path = new Path2D();
  points.forEach(([x, y], index) => {
    path[index ? "lineTo" : "moveTo"](picture.left + x * picture.width, picture.top + y * picture.height);
  });
  path.closePath();
  return path;
}

/* Draws it; its label, or none. */
function drawZone(context, zone, picture, word) {
  if (zone.length < 3) return [];
  strokeTwice(context, polygonPath(zone, picture), STROKES.zone.colour, STROKES.zone.dash);
  const highest = zone.reduce((high, point) => (point[1] < high[1] ? point : high));
  return [{ kind: "zone", text: word, tells: true, box: inPixels([...highest, ...highest], picture) }];
}

function drawBox(context, { role, label, box, exact, named = true }, picture, words) {
  const { colour, dash } = STROKES[role] ?? STROKES.other;
  const drawn = inPixels(box, picture);
  strokeTwice(context, boxPath(drawn), colour, (exact && named) || dash.length ? dash : BETWEEN);
  if (!words[role]) return [];
  const text = wordsOf(words[role], words.labels[label] ?? label, named ? "" : words.byPlace);
  return [{ kind: role, text, tells: named && text !== words[role], box: drawn }];
}

function fitCanvas(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}

/**
 * Makes `draw(t)` for one clip.
 * `overlay` is overlay.json; `shown` says which of boxes, zone and leaver are on; `words` the
 * roles and labels in the page's language; `actFrom` the clip second the thing is there from.
 */
export function makeOverlay(canvas, video, overlay, shown, words, actFrom) {
  const looks = overlay.looks ?? [];
  const interval = usualInterval(looks);
  return (t) => {
    const context = fitCanvas(canvas);
    if (!video.videoWidth) return;
    const picture = pictureIn(canvas.clientWidth, canvas.clientHeight, video.videoWidth, video.videoHeight);
    const labels = shown.zone ? drawZone(context, overlay.zone ?? [], picture, words.zone) : [];
    const boxes = boxesAt(looks, t, interval);
    const seen = boxes.some((box) => box.role === "thing");
    if (shown.boxes && overlay.place && !seen && t >= actFrom) {
      boxes.push({ role: "thing", label: words.thingLabel, box: overlay.place, exact: false });
    }
    for (const box of boxes) {
      if (box.role === "leaver" ? shown.leaver : shown.boxes) labels.push(...drawBox(context, box, picture, words));
    }
    writeLabels(context, labels, picture);
  };
}
