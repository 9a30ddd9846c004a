/* News of the queue, without moving a row: what is new is counted on a button that shows it,
 * and a row somebody else has decided turns grey where it stands. */

const EVERY_MS = 20_000;

function turnGrey(row, word) {
  row.classList.add("gone");
  row.querySelector("[data-state]").textContent = word;
}

function showNews(area, news, gone) {
  const button = area.querySelector("[data-show-new]");
  const words = JSON.parse(area.dataset.wordsNew);
  button.hidden = news === 0;
  button.textContent = news === 1 ? words.one : words.many.replace("{n}", String(news));
  for (const row of document.querySelectorAll("[data-case]:not(.gone)")) {
    if (gone.has(row.dataset.case)) turnGrey(row, area.dataset.wordsGone);
  }
}

function shownCases() {
  return new Set([...document.querySelectorAll("[data-case]")].map((row) => row.dataset.case));
}

async function look(area) {
  const answer = await fetch(area.dataset.live, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { waiting, news } = await answer.json();
  const still = new Set(waiting ?? shownCases());
  showNews(area, news, new Set([...shownCases()].filter((code) => !still.has(code))));
}

function clockNow() {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" })
    .format(new Date());
}

function follow(area) {
  const lost = area.querySelector("[data-lost]");
  let last = clockNow();
  const turn = async () => {
    if (document.hidden) return;
    try {
      await look(area);
      lost.hidden = true;
      last = clockNow();
    } catch {
      lost.textContent = area.dataset.wordsLost.replace("{at}", last);
      lost.hidden = false;
    }
  };
  setInterval(turn, EVERY_MS);
  document.addEventListener("visibilitychange", turn);
}

for (const area of document.querySelectorAll("[data-live]")) follow(area);
