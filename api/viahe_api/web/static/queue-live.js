/* News of the queue, without moving a row: what is new is counted on a button that shows it,
 * a row somebody else has decided turns grey where it stands, and one that is being looked at
 * says by whom. */

import { attachTo } from "./attaching.js";
import { listen } from "./listening.js";

function turnGrey(row, word) {
  row.classList.add("gone");
  row.querySelector("[data-watched]").textContent = "";
  row.querySelector("[data-state]").textContent = word;
}

function showNews(area, { waiting, watched, news }) {
  const button = area.querySelector("[data-show-new]");
  const words = JSON.parse(area.dataset.wordsNew);
  button.hidden = news === 0;
  button.textContent = news === 1 ? words.one : words.many.replace("{n}", String(news));
  const still = waiting && new Set(waiting);
  for (const row of document.querySelectorAll("[data-case]:not(.gone)")) {
    const place = row.querySelector("[data-watched]");
    if (still && !still.has(row.dataset.case)) turnGrey(row, area.dataset.wordsGone);
    else place.textContent = watched[row.dataset.case] ?? "";
  }
}

function clockNow() {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" })
    .format(new Date());
}

function follow(area, gone) {
  const lost = area.querySelector("[data-lost]");
  let last = clockNow();
  listen(area.dataset.live, area.dataset.poll, {
    tell: (news) => showNews(area, news),
    heard: () => {
      last = clockNow();
      lost.hidden = true;
    },
    silent: () => {
      lost.textContent = area.dataset.wordsLost.replace("{at}", last);
      lost.hidden = false;
    },
  }, gone);
}

attachTo("[data-live]", follow);
