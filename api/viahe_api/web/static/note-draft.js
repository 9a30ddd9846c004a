/* Keeps a typed note through reloads and mishaps: in this tab's storage, by person and case, and
 * two seconds after the last key with the server, for the same person at another desk.
 * Forgotten once the case is decided, and all that lies in this tab at sign-out. */

import { attachTo } from "./attaching.js";

const PREFIX = "note:";
const WAIT_MS = 2000;

let forgetting = false; // leaving the page after sign-out must not keep the note again

function keyOf(person, code) {
  return `${PREFIX}${person}:${code}`;
}

function keep(field) {
  if (forgetting) return;
  const key = keyOf(field.dataset.person, field.dataset.noteOf);
  if (field.value) sessionStorage.setItem(key, field.value);
  else sessionStorage.removeItem(key);
}

/* The draft that is kept here is enough if the server cannot be reached. */
async function send(field) {
  const state = document.querySelector("[data-draft]");
  try {
    const answer = await fetch(`/cases/${field.dataset.noteOf}/note`, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRF-Token": field.dataset.csrf },
      body: new URLSearchParams({ note: field.value }),
    });
    if (answer.ok && state) state.textContent = await answer.text();
    if (answer.status === 401) document.dispatchEvent(new Event("sessionended"));
  } catch {
    // kept in this tab
  }
}

function follow(field, gone) {
  const kept = sessionStorage.getItem(keyOf(field.dataset.person, field.dataset.noteOf));
  if (kept && !field.value) field.value = kept;
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { keep(field); send(field); }, WAIT_MS);
  });
  addEventListener("pagehide", () => keep(field), { signal: gone });
  gone.addEventListener("abort", () => {
    clearTimeout(timer);
    keep(field);
  });
}

function forgetDecided(line) {
  sessionStorage.removeItem(keyOf(line.dataset.person, line.dataset.decided));
}

function forgetAll() {
  forgetting = true;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

attachTo("[data-decided]", forgetDecided);
attachTo("[data-note-of]", follow);
attachTo("form[data-signs-out]", (form) => form.addEventListener("submit", forgetAll));
