/* Presses the page's own buttons by single keys.
 *
 * A button says its key itself: data-key="c" presses it, data-key-focus="g" focuses it,
 * data-digit="3" presses it while the panel it stands in is open, or focuses it if it has
 * data-key-focus as well, data-decides makes it sleep until a person can have seen the case,
 * data-repeats lets a held key repeat.
 *
 * Vietnamese input methods rewrite keys and inject others even outside fields, hence the long
 * list of events that mean nothing here.
 */

import { attachTo } from "./attaching.js";

const SLEEP_MS = 700;
const CONTROL_KEYS = new Set([" ", "Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const NOT_TYPED_INTO = new Set(["range", "checkbox", "radio", "button", "submit"]);

let paintedAt = Infinity;

export function typesInto(element) {
  if (!(element instanceof Element)) return false;
  if (element instanceof HTMLInputElement) return !NOT_TYPED_INTO.has(element.type);
  return element.matches("textarea, select, [contenteditable], [contenteditable] *");
}

/** Whether the event cannot be a person pressing a key for the page. */
export function meansNothing(event) {
  return event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.code === ""
    || event.key === "Process" || event.key === "Dead" || event.key === "Backspace"
    || event.ctrlKey || event.altKey || event.metaKey;
}

function belongsToFocus(event) {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return false;
  if (typesInto(focused) || focused.closest("dialog[open]")) return true;
  return CONTROL_KEYS.has(event.key) && focused.matches("a[href], button, summary, input, [role], [tabindex='0']");
}

function digitOf(event) {
  if (/^[0-9]$/.test(event.key)) return event.key;
  const byCode = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  return byCode && !event.shiftKey ? byCode[1] : null;
}

function buttonFor(event) {
  const digit = digitOf(event);
  if (digit !== null) return document.querySelector(`details[open] [data-digit="${digit}"]`);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return document.querySelector(`[data-key="${CSS.escape(key)}"], [data-key-focus="${CSS.escape(key)}"]`);
}

function sleeps(button) {
  return button.hasAttribute("data-decides") && performance.now() - paintedAt < SLEEP_MS;
}

function closeAll() {
  for (const open of document.querySelectorAll("details[data-panel][open]")) open.open = false;
}

function leave(event) {
  if (typesInto(document.activeElement)) document.activeElement.blur();
  else closeAll();
  event.preventDefault();
}

function press(event) {
  if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) return leave(event);
  if (document.documentElement.dataset.singleKeys === "off") return undefined;
  if (meansNothing(event) || belongsToFocus(event)) return undefined;
  const button = buttonFor(event);
  if (!button || button.disabled || (event.repeat && !button.hasAttribute("data-repeats"))) return undefined;
  event.preventDefault();
  if (sleeps(button)) return undefined;
  if (button.hasAttribute("data-key-focus")) button.focus();
  else button.click();
  return undefined;
}

function markPainted() {
  paintedAt = Infinity;
  requestAnimationFrame(() => requestAnimationFrame(() => { paintedAt = performance.now(); }));
}

/* One panel at a time, and its first choice is where the eye is. */
function settlePanels(event) {
  const opened = event.target;
  if (!opened.matches?.("details[data-panel]") || !opened.open) return;
  for (const other of document.querySelectorAll("details[data-panel][open]")) {
    if (other !== opened) other.open = false;
  }
  // Where no digit chooses, what is typed does.
  if (!opened.querySelector("[data-digit]")) opened.querySelector("[data-key-focus]")?.focus();
}

document.addEventListener("keydown", press);
document.addEventListener("toggle", settlePanels, true);
document.addEventListener("visibilitychange", () => { if (!document.hidden) markPainted(); });
// A page taken back from the browser's history is painted anew; a new one is painted now,
// while its stills and clip may still be on their way.
window.addEventListener("pageshow", (event) => { if (event.persisted) markPainted(); });
attachTo("main", markPainted);
