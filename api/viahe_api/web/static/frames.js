/* Steps of one picture, by the list of the clip's frame times.
 *
 * A seek goes to the middle of a frame, since a browser may round a time at its edge to the
 * frame before; and one seek at a time, so that a held key never piles them up.
 */

/** Index of the frame shown at `t`; -1 before the first. `frames` ascend. */
export function frameAt(frames, t) {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle] <= t + 1e-4) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Second in the middle of frame `index`. */
export function middleOf(frames, index, duration) {
  const end = index + 1 < frames.length ? frames[index + 1] : Math.max(duration, frames[index] + 0.02);
  return (frames[index] + end) / 2;
}

/** Makes `step(+1 | -1)` for a video; without frame times a step is a twenty-fifth of a second. */
export function makeStepper(video, frames) {
  let seeking = false;
  video.addEventListener("seeked", () => { seeking = false; });
  return (direction) => {
    if (seeking || !Number.isFinite(video.duration)) return;
    video.pause();
    let target = video.currentTime + direction / 25;
    if (frames.length) {
      const index = Math.min(frames.length - 1, Math.max(0, frameAt(frames, video.currentTime) + direction));
      target = middleOf(frames, index, video.duration);
    }
    target = Math.min(video.duration, Math.max(0, target));
    if (Math.abs(target - video.currentTime) < 1e-4) return;
    seeking = true;
    video.currentTime = target;
  };
}
