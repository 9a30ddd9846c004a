/* Fetches the files of the next case once this one's clip can play through, so that a decision
 * opens a case whose pictures are here already. The page itself is not fetched ahead: opening
 * it lends the case and logs that a person saw it, and nobody has. */

import { attachTo } from "./attaching.js";

async function readAll(address) {
  const answer = await fetch(address, {
    credentials: "same-origin", headers: { "X-Ahead": "1" }, priority: "low",
  });
  await answer.arrayBuffer();
}

async function fetchAhead(root, gone) {
  try {
    const answer = await fetch(root.dataset.following, { credentials: "same-origin", cache: "no-store" });
    const { files } = await answer.json();
    for (const address of files) {
      if (gone.aborted) return;
      await readAll(address);
    }
    root.dataset.ahead = "";
  } catch {
    // the next page fetches for itself what is missing
  }
}

attachTo("[data-following]", (root, gone) => {
  const video = root.querySelector("video");
  if (!video) fetchAhead(root, gone);
  else if (video.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA) fetchAhead(root, gone);
  else video.addEventListener("canplaythrough", () => fetchAhead(root, gone), { once: true });
});
