/* Up and down choose a row of the queue, Enter opens it. */

import { meansNothing, typesInto } from "./keys.js";

function visibleLinks() {
  return [...document.querySelectorAll("[data-case] a")].filter((link) => link.offsetParent);
}

function move(direction) {
  const links = visibleLinks();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (direction > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + direction));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.singleKeys === "off") return;
  if (meansNothing(event) || typesInto(document.activeElement)) return;
  const focused = document.activeElement;
  const free = focused === document.body || focused?.closest("[data-case]") || focused?.matches("main");
  const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!free || !direction) return;
  event.preventDefault();
  move(direction);
});
