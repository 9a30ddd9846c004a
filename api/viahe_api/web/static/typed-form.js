/* Keeps what is typed into a long form in this tab, by person and form, so that a reload, a lost
 * line or an ended session costs nothing; forgotten once the form was kept, and at sign-out. */

import { attachTo } from "./attaching.js";

const PREFIX = "typed:";
const NOT_KEPT = new Set(["hidden", "file", "password"]);

let forgetting = false; // leaving the page after sign-out must not keep the form again

function keyOf(form) {
  return `${PREFIX}${form.dataset.person}:${form.dataset.typedForm}`;
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.type));
}

function isSet(field) {
  return field.type === "radio" || field.type === "checkbox" ? field.checked : field.value;
}

function keep(form) {
  if (forgetting) return;
  const typed = fieldsOf(form).filter(isSet).map((field) => [field.name, field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
}

/* What the server has put into a field stands: it is what was typed last. */
function fill(form) {
  const kept = new Map(JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]"));
  for (const field of fieldsOf(form)) {
    if (!kept.has(field.name)) continue;
    if (field.type === "radio") field.checked = field.value === kept.get(field.name);
    else if (!field.value) field.value = kept.get(field.name);
  }
}

function follow(form) {
  if (!document.querySelector("#fault")) fill(form);
  form.addEventListener("input", () => keep(form));
}

function forgetAll() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

attachTo("[data-kept-form]", forgetAll);
attachTo("form[data-typed-form]", follow);
attachTo("form[data-signs-out]", (form) => {
  form.addEventListener("submit", () => { forgetting = true; forgetAll(); });
});
