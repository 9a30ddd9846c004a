/* The button beside a password field that shows what was typed. */

import { attachTo } from "./attaching.js";

attachTo("[data-shows-password]", (button) => {
  const field = document.getElementById(button.dataset.showsPassword);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
});
