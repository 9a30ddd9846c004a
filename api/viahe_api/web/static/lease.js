/* Keeps an open case for the person who works on it: renewed while the page is seen and used,
 * offered half a minute before it would go back to the queue, and said to be over once it has.
 * A page that is left gives its case back. It says until when it had it: the same case opened
 * anew, by a reload perhaps, is lent for longer by then, and stays lent. */

import { attachTo } from "./attaching.js";

const LENT_S = 180;
const RENEW_AFTER_S = 60;
const WARN_BEFORE_S = 30;
const LOOK_EVERY_MS = 5000;

function follow(area, gone) {
  const word = area.querySelector("[data-held]");
  const more = area.querySelector("button");
  const { lease, leave, wordsTaken, wordsOver } = area.dataset;
  let renewedAt = performance.now();
  let usedAt = 0;
  let over = false;

  async function renew() {
    const answer = await fetch(lease, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRF-Token": area.dataset.csrf },
    });
    if (answer.status === 401) return document.dispatchEvent(new Event("sessionended"));
    more.hidden = true;
    over = !answer.ok;
    word.textContent = answer.ok ? await answer.text() : wordsTaken;
    if (answer.ok) area.dataset.until = answer.headers.get("X-Held-Until");
    renewedAt = performance.now();
    return undefined;
  }

  /* A beacon goes out although its page is taken down, in browsers that know no keepalive too. */
  function giveBack() {
    const { csrf, until } = area.dataset;
    navigator.sendBeacon(leave, new URLSearchParams({ csrf, until }));
  }

  const heldFor = () => (performance.now() - renewedAt) / 1000;

  function tellEnd() {
    if (heldFor() > LENT_S - WARN_BEFORE_S) more.hidden = false;
    if (heldFor() < LENT_S || over) return;
    over = true;
    word.textContent = wordsOver;
  }

  function look() {
    if (document.hidden) return;
    if (usedAt > renewedAt && heldFor() > RENEW_AFTER_S) renew().catch(tellEnd);
    else tellEnd();
  }

  const use = () => { usedAt = performance.now(); };
  for (const happening of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    addEventListener(happening, use, { passive: true, signal: gone });
  }
  more.addEventListener("click", () => renew().catch(tellEnd));
  const looking = setInterval(look, LOOK_EVERY_MS);
  addEventListener("pagehide", giveBack, { signal: gone });
  addEventListener("pageshow", (event) => { if (event.persisted) renew().catch(tellEnd); }, { signal: gone });
  gone.addEventListener("abort", () => {
    clearInterval(looking);
    giveBack();
  });
}

attachTo("[data-lease]", follow);
