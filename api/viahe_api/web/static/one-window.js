/* One person's case in one window: opened in a second one it rests in the first, where nothing
 * can be decided until that window is told to go on. What was typed stays in both. Without this
 * module the server refuses the second decision. */

import { attachTo } from "./attaching.js";

function follow(decide, gone) {
  const notice = document.querySelector("[data-elsewhere]");
  const channel = new BroadcastChannel(`case ${decide.dataset.person} ${decide.dataset.ref}`);
  const me = String(performance.timeOrigin + Math.random());

  function rest(resting) {
    notice.hidden = !resting;
    decide.hidden = resting;
    for (const control of decide.querySelectorAll("button, textarea")) control.disabled = resting;
  }

  channel.addEventListener("message", ({ data }) => rest(data !== me));
  notice.querySelector("button").addEventListener("click", () => {
    rest(false);
    channel.postMessage(me);
  });
  channel.postMessage(me);
  // A page that comes back from the browser's history is as good as newly opened.
  addEventListener("pageshow", (event) => { if (event.persisted) channel.postMessage(me); }, { signal: gone });
  gone.addEventListener("abort", () => channel.close());
}

if ("BroadcastChannel" in window) {
  attachTo(".decide[data-ref]", follow);
}
