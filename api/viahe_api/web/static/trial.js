/* While a trial runs, shows what it has found so far: its words, and the places on the drawing. */

const EVERY_MS = 2000;

function show(text) {
  const panel = document.querySelector("[data-trial]");
  const accepted = panel.querySelector("input[name=accepted]")?.checked;
  panel.outerHTML = text;
  const told = document.querySelector("[data-trial]");
  const box = told.querySelector("input[name=accepted]");
  if (box) box.checked = Boolean(accepted);
  const places = told.querySelector("template[data-found]").content.querySelector("svg");
  document.querySelector(".canvas .places")?.replaceWith(places.cloneNode(true));
  if (!("running" in told.dataset)) document.querySelector("[data-while-running]")?.remove();
}

async function follow() {
  const panel = document.querySelector("[data-trial][data-running]");
  if (!panel) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(`/trials/${panel.dataset.trial}`, { headers: { Accept: "text/html" } });
      if (answer.status === 404) return;
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // Away for a moment: the next asking tells.
    }
  }
  setTimeout(follow, EVERY_MS);
}

setTimeout(follow, EVERY_MS);
