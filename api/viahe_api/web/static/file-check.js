/* Says before anything is sent that a file is too large, or that there are too many: sending
 * them only to have them refused takes minutes on a telephone. The server checks all the same. */

import { attachTo } from "./attaching.js";

function faultOf(box, files) {
  if (files.length > Number(box.dataset.most)) return box.dataset.wordsMany;
  const tooLarge = [...files].some((file) => file.size > Number(box.dataset.largest));
  return tooLarge ? box.dataset.wordsLarge : "";
}

function follow(box) {
  const input = box.querySelector("input[type=file]");
  const said = box.querySelector("[data-file-fault]");
  input.addEventListener("change", () => {
    const fault = faultOf(box, input.files);
    input.setCustomValidity(fault);
    input.toggleAttribute("aria-invalid", false);
    if (fault) input.setAttribute("aria-invalid", "true");
    said.textContent = fault;
    said.hidden = !fault;
  });
}

attachTo("[data-file-check]", follow);
