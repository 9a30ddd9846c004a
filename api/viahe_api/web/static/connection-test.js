/* While a connection test waits for its detector, asks how far it has come and shows it. */

const EVERY_MS = 2000;

async function ask(panel) {
  if (!panel.querySelector("[data-waiting]")) return;
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
  setTimeout(() => ask(panel), EVERY_MS);
}

function tidy(panel) {
  panel.querySelector("[data-without-script]")?.remove();
}

for (const panel of document.querySelectorAll("[data-tests-connection]")) {
  tidy(panel);
  setTimeout(() => ask(panel), EVERY_MS);
}
