/* While a trial runs, shows what it has found so far: its words, and the places on the drawing. */

import { attachTo } from "./attaching.js";

const EVERY_MS = 2000;

function show(text) {
  const panel = document.querySelector("[data-trial]");
  const open = Boolean(panel.querySelector("details")?.open);
  const accepted = panel.querySelector("input[name=accepted]")?.checked;
  panel.outerHTML = text;
  const told = document.querySelector("[data-trial]");
  const box = told.querySelector("input[name=accepted]");
  if (box) box.checked = Boolean(accepted);
  const kept = told.querySelector("details");
  if (kept) kept.open = open;
  const places = told.querySelector("template[data-found]").content.querySelector("svg");
  document.querySelector(".canvas .places")?.replaceWith(places.cloneNode(true));
  if (!("running" in told.dataset)) document.querySelector("[data-while-running]")?.remove();
}

async function follow(gone) {
  const panel = document.querySelector("[data-trial][data-running]");
  if (gone.aborted || !panel) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(`/trials/${panel.dataset.trial}`, { headers: { Accept: "text/html" } });
      if (answer.status === 404) return;
      const told = answer.ok && !answer.redirected && await answer.text();
      if (told && !gone.aborted) show(told);
    } catch {
      // Away for a moment: the next asking tells.
    }
  }
  setTimeout(() => follow(gone), EVERY_MS);
}

attachTo("[data-trial][data-running]", (_, gone) => setTimeout(() => follow(gone), EVERY_MS));
