/* Draws what the detector saw over the clip, from data: the file itself is never touched.
 *
 * Times are clip seconds, places fractions of the picture. A box between two looks is
 * interpolated and finely dashed, for one interval at most: further on it would be a guess.
 * What no network named in a look, and is known by how its place looks, is finely dashed too,
 * and says so.
 */

const STROKES = {
  thing: { colour: "#FFD400", dash: [] },
  leaver: { colour: "#00E5FF", dash: [10, 6] },
  zone: { colour: "#FF8CF5", dash: [2, 5] },
  other: { colour: "#FFFFFF", dash: [] },
};
const BETWEEN = [4, 4];
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

function writeLabel(context, text, x, y, colour) {
  context.font = "600 14px 'Segoe UI', Roboto, system-ui, 'Noto Sans', Arial, sans-serif";
  const width = context.measureText(text).width + 10;
  const left = Math.max(0, Math.min(x, context.canvas.clientWidth - width));
  const top = Math.max(0, y - 22);
  context.fillStyle = "#000";
  context.fillRect(left, top, width, 22);
  context.fillStyle = colour;
  context.fillText(text, left + 5, top + 16);
}

function boxPath([left, top, right, bottom], picture) {
  const path = new Path2D();
  path.rect(picture.left + left * picture.width, picture.top + top * picture.height,
    (right - left) * picture.width, (bottom - top) * picture.height);
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

function drawZone(context, zone, picture, word) {
  if (zone.length < 3) return;
  strokeTwice(context, polygonPath(zone, picture), STROKES.zone.colour, STROKES.zone.dash);
  const [x, y] = zone.reduce((highest, point) => (point[1] < highest[1] ? point : highest));
  writeLabel(context, word, picture.left + x * picture.width, picture.top + y * picture.height, STROKES.zone.colour);
}

function drawBox(context, { role, label, box, exact, named = true }, picture, words) {
  const { colour, dash } = STROKES[role] ?? STROKES.other;
  strokeTwice(context, boxPath(box, picture), colour, (exact && named) || dash.length ? dash : BETWEEN);
  if (role === "other") return;
  const said = (words.labels[label] ?? label) + (named ? "" : ` (${words.byPlace})`);
  writeLabel(context, `${words[role]}: ${said}`, picture.left + box[0] * picture.width,
    picture.top + box[1] * picture.height, colour);
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
    if (shown.zone) drawZone(context, overlay.zone ?? [], picture, words.zone);
    const boxes = boxesAt(looks, t, interval);
    const seen = boxes.some((box) => box.role === "thing");
    if (shown.boxes && overlay.place && !seen && t >= actFrom) {
      boxes.push({ role: "thing", label: words.thingLabel, box: overlay.place, exact: false });
    }
    for (const box of boxes) {
      if (box.role === "leaver" ? shown.leaver : shown.boxes) drawBox(context, box, picture, words);
    }
  };
}
