/* Keeps an open case for the person who works on it: renewed while the page is seen and used,
 * and offered half a minute before it would go back to the queue. */

import { attachTo } from "./attaching.js";

const LENT_S = 180;
const RENEW_AFTER_S = 60;
const WARN_BEFORE_S = 30;
const LOOK_EVERY_MS = 5000;

function follow(area, gone) {
  const word = area.querySelector("[data-held]");
  const more = area.querySelector("button");
  let renewedAt = performance.now();
  let usedAt = 0;

  async function renew() {
    const answer = await fetch(area.dataset.lease, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRF-Token": area.dataset.csrf },
    });
    if (answer.status === 401) return document.dispatchEvent(new Event("sessionended"));
    more.hidden = true;
    word.textContent = answer.ok ? await answer.text() : area.dataset.wordsTaken;
    renewedAt = performance.now();
    return undefined;
  }

  function look() {
    const since = (performance.now() - renewedAt) / 1000;
    if (document.hidden) return;
    if (usedAt > renewedAt && since > RENEW_AFTER_S) renew().catch(() => {});
    else if (since > LENT_S - WARN_BEFORE_S) more.hidden = false;
  }

  const use = () => { usedAt = performance.now(); };
  for (const happening of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    addEventListener(happening, use, { passive: true, signal: gone });
  }
  more.addEventListener("click", () => renew().catch(() => {}));
  const looking = setInterval(look, LOOK_EVERY_MS);
  gone.addEventListener("abort", () => clearInterval(looking));
}

attachTo("[data-lease]", follow);
