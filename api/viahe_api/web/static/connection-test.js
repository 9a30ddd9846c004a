/* While a connection test waits for its detector, asks how far it has come and shows it. */

import { attachTo } from "./attaching.js";

const EVERY_MS = 2000;

async function ask(panel, gone) {
  if (gone.aborted || !panel.querySelector("[data-waiting]")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(panel.dataset.address, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        panel.querySelector("[data-connection-test]").outerHTML = await answer.text();
        tidy(panel);
      }
    } catch {
      // Away for a moment: the next asking tells.
    }
  }
  setTimeout(() => ask(panel, gone), EVERY_MS);
}

function tidy(panel) {
  panel.querySelector("[data-without-script]")?.remove();
}

attachTo("[data-tests-connection]", (panel, gone) => {
  tidy(panel);
  setTimeout(() => ask(panel, gone), EVERY_MS);
});
