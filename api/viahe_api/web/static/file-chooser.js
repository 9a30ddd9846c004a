/* The button that chooses a file, in the page's language, and the names of what was chosen. The
 * browser's own control, which speaks the browser's language, stays where the keyboard and
 * screen readers find it, and is all there is without this module. */

import { attachTo } from "./attaching.js";

function follow(chooser) {
  const input = document.getElementById(chooser.dataset.fileChooser);
  const said = chooser.querySelector("[data-file-name]");
  const nothing = said.textContent;
  const show = () => {
    said.textContent = [...input.files].map((file) => file.name).join(", ") || nothing;
  };
  input.classList.add("seen-by-readers-only");
  chooser.hidden = false;
  input.addEventListener("change", show);
  show(); // a page taken back from the browser's history keeps its choice
}

attachTo("[data-file-chooser]", follow);
