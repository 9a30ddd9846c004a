/* News of the queue, without moving a row: what is new is counted on a button that shows it,
 * a row somebody else has decided turns grey where it stands, and one that is being looked at
 * says by whom. Where nothing waits there is no row to move: the first news is shown at once,
 * unless somebody is at work with the page. */

import { askUnasked } from "./asking.js";
import { attachTo, showAnew } from "./attaching.js";
import { listen } from "./listening.js";

const CONTROLS = "a, button, summary, label, input, select";
const IN_USE = `details[open], dialog[open], main :is(${CONTROLS}):hover`;
const SAID_AFTER_MS = 250; // readers tell what changes in a region they know, not what it came with

let heardAt = clockNow(); // of any page in this one's place: the line is the same

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
  if (news > 0) area.querySelector("[data-shown]").textContent = "";
  const still = waiting && new Set(waiting);
  for (const row of document.querySelectorAll("[data-case]:not(.gone)")) {
    const place = row.querySelector("[data-watched]");
    if (still && !still.has(row.dataset.case)) turnGrey(row, area.dataset.wordsGone);
    else place.textContent = watched[row.dataset.case] ?? "";
  }
}

function isTyped(field) {
  const asCame = field.matches("select") ? (field.querySelector("[selected]") ?? field.options[0])?.value : field.defaultValue;
  return field.value !== asCame;
}

/* Whether it can be shown anew without taking anything from under a hand. */
function isAtRest() {
  const main = document.querySelector("main");
  return main.querySelector("[data-nothing-waits]") !== null
    && [null, document.body, main].includes(document.activeElement)
    && document.querySelector(IN_USE) === null
    && ![...main.querySelectorAll("#filters :is(input, select)")].some(isTyped);
}

/* Whether the page is shown with its first rows: not where they were taken meanwhile, or another
 * window has chosen another language. */
async function showFirst(area, gone) {
  const page = await askUnasked(area.querySelector("[data-show-new]").href);
  const fits = page.querySelector("[data-case]") && page.documentElement.lang === document.documentElement.lang;
  if (!fits || gone.aborted || !isAtRest()) return false;
  const { hidden, textContent } = area.querySelector("[data-lost]");
  await showAnew(page);
  const shown = document.querySelector("[data-live]");
  Object.assign(shown.querySelector("[data-lost]"), { hidden, textContent });
  setTimeout(() => { shown.querySelector("[data-shown]").textContent = shown.dataset.wordsShown; }, SAID_AFTER_MS);
  return true;
}

function clockNow() {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" })
    .format(new Date());
}

function follow(area, gone) {
  const lost = area.querySelector("[data-lost]");
  let newest = null;
  let asking = false;

  async function tell(news) {
    newest = news;
    if (asking) return; // what is asked for is newer
    if (news.news > 0 && isAtRest()) {
      asking = true;
      const shown = await showFirst(area, gone).catch(() => false);
      asking = false;
      if (shown) return;
    }
    showNews(area, newest);
  }

  listen(area.dataset.live, area.dataset.poll, {
    tell,
    heard: () => {
      heardAt = clockNow();
      lost.hidden = true;
    },
    silent: () => {
      lost.textContent = area.dataset.wordsLost.replace("{at}", heardAt);
      lost.hidden = false;
    },
  }, gone);
}

attachTo("[data-live]", follow);
