/* Two pictures of one street: the newer lies over the older, as opaque as the slider says.
 * Without this they stand beside each other. */

import { attachTo } from "./attaching.js";

attachTo("[data-compared]", (pair) => {
  const newer = pair.querySelector("[data-newer]");
  const field = pair.parentElement.querySelector("[data-with-script]");
  const slider = field.querySelector("input");
  const show = () => { newer.style.opacity = String(Number(slider.value) / 100); };
  pair.classList.add("overlaid");
  field.hidden = false;
  slider.addEventListener("input", show);
  show();
});
