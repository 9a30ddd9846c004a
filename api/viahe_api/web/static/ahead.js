/* Fetches the next case once this one's clip can play through, so that a decision opens a case
 * that is here already: its page, its pictures, its clip in a player that has read it. Nobody has
 * seen it: it is lent and logged as viewed when the decision is answered, which says so of the page
 * that was named with it. */

import { keepFetched } from "./asking.js";
import { attachTo, completeWith } from "./attaching.js";
import { clipSecond, playedFrom, segmentsOf } from "./clip-times.js";

let ready = null; // the next clip's address, and the player that has read it

/* From memory: a player asks for a clip anew, and not as one that nobody has seen yet. It stands
 * where it will be played from. */
function makeReady(address, clip, from) {
  const video = document.createElement("video");
  video.addEventListener("loadedmetadata", () => { video.currentTime = from; }, { once: true });
  Object.assign(video, { muted: true, playsInline: true, preload: "auto", src: URL.createObjectURL(clip) });
  ready = { address, video };
}

function letGo() {
  if (ready) URL.revokeObjectURL(ready.video.src);
  ready = null;
}

async function readAll(address) {
  const answer = await fetch(address, {
    credentials: "same-origin", headers: { "X-Ahead": "1" }, priority: "low",
  });
  const file = await answer.blob();
  return answer.ok ? file : null;
}

async function fromOf(clip, manifest) {
  const segments = segmentsOf(manifest ? JSON.parse(await manifest.text()) : {});
  return playedFrom(segments.length ? clipSecond(segments, clip.act_begins_t) : 0);
}

function keepPage({ address, fetched, html }) {
  keepFetched(address, html);
  document.querySelector("form[data-decision]").elements.fetched.value = fetched;
}

async function fetchAhead(root, gone) {
  try {
    const answer = await fetch(root.dataset.following, { credentials: "same-origin", cache: "no-store" });
    const { files, clip, page } = await answer.json();
    if (page && !gone.aborted) keepPage(page);
    const read = new Map();
    for (const address of files) {
      if (gone.aborted) return;
      read.set(address, await readAll(address));
    }
    const played = read.get(clip?.address);
    const from = played && await fromOf(clip, read.get(clip.manifest));
    if (gone.aborted) return; // what is ready by now is of the page that is shown
    if (played) makeReady(clip.address, played, from);
    root.dataset.ahead = "";
  } catch {
    // the next page fetches for itself what is missing
  }
}

/* The page's own player would ask for the clip as soon as it is one with this document. */
function useReady(page) {
  const { address, video } = ready ?? {};
  const own = page.querySelector("[data-player] video");
  if (!video || own?.getAttribute("src") !== address) {
    letGo();
    return null;
  }
  ready = null;
  for (const { name, value } of own.attributes) if (name !== "src") video.setAttribute(name, value);
  const place = page.createComment("");
  own.replaceWith(place);
  return () => place.replaceWith(video);
}

completeWith(useReady);

attachTo("[data-following]", (root, gone) => {
  const video = root.querySelector("video");
  if (!video) fetchAhead(root, gone);
  else if (video.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA) fetchAhead(root, gone);
  else video.addEventListener("canplaythrough", () => fetchAhead(root, gone), { once: true });
});
