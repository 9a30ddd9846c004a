/* Where media seconds of the camera's run fall in the clip, by the manifest's segments. */

/** Clip seconds that are played before and after the act. */
export const AROUND_S = 2;

/** The clip second from which an act that starts at clip second `start` is played. */
export function playedFrom(start) {
  return Math.max(0, start - AROUND_S);
}

/** Segments `{clip_start_s, start, end}` in order; none if the manifest cannot be had. */
export function segmentsOf(manifest) {
  return [...(manifest.clip?.segments ?? [])].sort((a, b) => a.start - b.start);
}

/** Clip second of media second `t`: in a gap or outside, the nearest that is in the clip. */
export function clipSecond(segments, t) {
  let nearest = 0;
  for (const { clip_start_s: clipStart, start, end } of segments) {
    if (t < start) return nearest || clipStart;
    nearest = clipStart + Math.min(t, end) - start;
    if (t <= end) return nearest;
  }
  return nearest;
}

/** Clip seconds at which pictures are missing between one segment and the next. */
export function gapsIn(segments) {
  return segments.slice(1).filter((segment, index) => segment.start - segments[index].end > 0.5)
    .map((segment) => segment.clip_start_s);
}

function addMark(bar, kind, from, until, duration) {
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const left = Math.max(0, Math.min(994, (from / duration) * 1000));
  mark.setAttribute("class", kind);
  mark.setAttribute("x", left);
  mark.setAttribute("width", Math.max(6, Math.min(1000 - left, ((until - from) / duration) * 1000)));
  mark.setAttribute("height", 10);
  bar.append(mark);
}

/** Marks the act and the gaps on the time line's bar, once the duration is known. */
export function drawActBar(bar, act, gaps, duration) {
  addMark(bar, "act", act.start, act.end, duration);
  for (const gap of gaps) addMark(bar, "gap", gap, gap, duration);
}
