/* The clip of a case: plays the act and two seconds around it, muted, over and over; steps,
 * speeds, and shows or hides what overlay.js draws. Without this module the browser's own
 * controls are there. */

import { attachTo } from "./attaching.js";
import { AROUND_S, clipSecond, drawActBar, gapsIn, playedFrom, segmentsOf } from "./clip-times.js";
import { makeStepper } from "./frames.js";
import { makeOverlay } from "./overlay.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];

async function readJson(address) {
  if (!address) return {};
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

/** Calls `paint(t)` for every picture shown, with its own time where the browser tells it. */
function followPictures(video, gone, paint) {
  if ("requestVideoFrameCallback" in HTMLVideoElement.prototype) {
    const next = (_now, picture) => { paint(picture.mediaTime); video.requestVideoFrameCallback(next); };
    video.requestVideoFrameCallback(next);
  } else {
    const next = () => {
      if (gone.aborted) return;
      if (!video.paused) paint(video.currentTime);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    video.addEventListener("seeked", () => paint(video.currentTime));
  }
}

function makeClock(root, video, slider, words) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: 1, maximumFractionDigits: 1,
  });
  const clock = root.querySelector("[data-clock]");
  return () => {
    if (!Number.isFinite(video.duration)) return;
    const at = numbers.format(video.currentTime);
    const of = numbers.format(video.duration);
    slider.max = video.duration;
    slider.value = video.currentTime;
    slider.setAttribute("aria-valuetext", words.at.replace("{at}", at).replace("{of}", of));
    clock.textContent = `${at} / ${of}`;
  };
}

function wireToggles(root, shown, redraw) {
  for (const button of root.querySelectorAll("[data-shows]")) {
    button.addEventListener("click", () => {
      const what = button.dataset.shows;
      shown[what] = !shown[what];
      button.setAttribute("aria-pressed", String(shown[what]));
      redraw();
    });
  }
}

function wireButtons(root, actions) {
  for (const button of root.querySelectorAll("[data-does]")) {
    button.addEventListener("click", () => actions[button.dataset.does](button));
  }
}

function makeSpeed(root, video) {
  const shownOn = root.querySelector("[data-speed]");
  return (direction) => {
    const index = SPEEDS.indexOf(video.playbackRate) + direction;
    if (direction === 0) video.playbackRate = 1;
    else if (index >= 0 && index < SPEEDS.length) video.playbackRate = SPEEDS[index];
    shownOn.textContent = `${video.playbackRate}x`.replace(".", document.documentElement.lang === "vi" ? "," : ".");
  };
}

function makeLoop(video, from, until) {
  const loop = { on: true };
  loop.check = (t) => {
    if (loop.on && !video.paused && t >= until) video.currentTime = from;
  };
  loop.flip = (button) => {
    loop.on = !loop.on;
    button.setAttribute("aria-pressed", String(loop.on));
  };
  video.addEventListener("ended", () => {
    if (!loop.on) return;
    video.currentTime = from;
    play(video);
  });
  return loop;
}

/* A browser may refuse to start by itself; the button is there for that. */
function play(video) {
  video.play().catch(() => {});
}

function showPlaying(root, video, words) {
  const word = root.querySelector("[data-does='play'] [data-word]");
  const icon = root.querySelector("[data-does='play'] use");
  const show = () => {
    word.textContent = video.paused ? words.play : words.pause;
    icon.setAttribute("href", video.paused ? "#play" : "#pause");
  };
  video.addEventListener("play", show);
  video.addEventListener("pause", show);
  show();
}

function wireFailure(root, video) {
  const failed = root.querySelector("[data-failed]");
  const show = () => { failed.hidden = false; };
  video.addEventListener("error", show);
  if (video.error) show();
  failed.querySelector("button").addEventListener("click", () => {
    failed.hidden = true;
    video.load();
  });
}

function whenKnown(video, then) {
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) then();
  else video.addEventListener("loadedmetadata", then, { once: true });
}

function startAt(video, from, automatically) {
  whenKnown(video, () => {
    if (video.currentTime !== from) video.currentTime = from; // one that was read before it was shown stands there
    if (automatically) play(video);
  });
}

/** The act in clip seconds; the whole clip where the manifest does not say. */
async function readAct(root, video) {
  const segments = segmentsOf(await readJson(root.dataset.manifest));
  if (!segments.length) return { start: 0, end: Infinity, gaps: [] };
  const [start, end] = [root.dataset.actStart, root.dataset.actEnd].map((t) => clipSecond(segments, Number(t)));
  const act = { start, end, gaps: gapsIn(segments) };
  whenKnown(video, () => drawActBar(root.querySelector("[data-act-bar]"), act, act.gaps, video.duration));
  return act;
}

function wireTimeLine(root, video, words) {
  const slider = root.querySelector("input[type=range]");
  const tick = makeClock(root, video, slider, words);
  for (const happening of ["timeupdate", "loadedmetadata", "seeked", "durationchange"]) {
    video.addEventListener(happening, tick);
  }
  slider.disabled = false;
  slider.addEventListener("input", () => { video.currentTime = Number(slider.value); });
  tick();
}

function makeActions(root, video, { from, loop, step }) {
  const speed = makeSpeed(root, video);
  const jump = (seconds) => {
    video.currentTime = Math.min(video.duration, Math.max(0, video.currentTime + seconds));
  };
  return {
    play: () => (video.paused ? play(video) : video.pause()),
    previous: () => step(-1),
    next: () => step(1),
    back: () => jump(-1),
    on: () => jump(1),
    slower: () => speed(-1),
    faster: () => speed(1),
    usual: () => speed(0),
    loop: loop.flip,
    replay: () => { video.currentTime = from; play(video); },
  };
}

/* A clip that has left the page would else go on being fetched and played. */
function letGo(video) {
  video.pause();
  URL.revokeObjectURL(video.src); // of one that was read before it was shown
  video.removeAttribute("src");
  video.load();
}

async function attach(root, gone) {
  const video = root.querySelector("video");
  if (!video) return;
  gone.addEventListener("abort", () => letGo(video));
  const words = JSON.parse(root.dataset.words);
  const shown = { boxes: true, zone: true, leaver: true };
  video.controls = false;
  root.querySelector("[data-with-script]").hidden = false;
  wireFailure(root, video);
  showPlaying(root, video, words);
  wireTimeLine(root, video, words);
  const [act, overlay] = await Promise.all([readAct(root, video), readJson(root.dataset.overlay)]);
  const from = playedFrom(act.start);
  const loop = makeLoop(video, from, act.end + AROUND_S);
  const step = makeStepper(video, overlay.frames ?? []);
  const draw = makeOverlay(root.querySelector("canvas"), video, overlay, shown, words, act.start);
  const redraw = () => draw(video.currentTime);
  if (gone.aborted) return;
  followPictures(video, gone, (t) => { draw(t); loop.check(t); });
  wireToggles(root, shown, redraw);
  new ResizeObserver(redraw).observe(video);
  wireButtons(root, makeActions(root, video, { from, loop, step }));
  startAt(video, from, !matchMedia("(prefers-reduced-motion: reduce)").matches);
  root.dataset.ready = "";
}

attachTo("[data-player]", attach);
