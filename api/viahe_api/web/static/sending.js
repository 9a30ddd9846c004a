/* Sends every form from its page. Where nothing answers, the form stays with all that was typed,
 * says so and can be sent again: the browser's own page of errors would take its place. One press
 * sends a form once. Without this module every form is a plain one.
 *
 * Decisions and the session's dialog say for themselves what was not sent. The browser itself
 * sends who signs in, which it may remember, and who signs out, whose work this tab forgets. */

import { sendForm } from "./asking.js";
import { attachTo } from "./attaching.js";

const LONG_MS = 1000;
const SENT_OTHERWISE = "[data-decision], [data-session] *, [data-signs-out], [action='/sign-in']";

const underWay = new WeakSet();

function makeSender(note, sending) {
  let unsent = null; // the form that was not answered, with the button that was pressed

  /* Nothing outside an open dialog is seen. */
  function say(said, form) {
    for (const other of [note, sending]) other.hidden = other !== said;
    (form?.closest("dialog") ?? document.body).append(note, sending);
  }

  async function send(form, button) {
    underWay.add(form);
    form.setAttribute("aria-busy", "true");
    say(null);
    const long = setTimeout(() => say(sending, form), LONG_MS);
    try {
      if (!await sendForm(form, button)) underWay.delete(form);
    } catch {
      underWay.delete(form);
      unsent = [form, button];
      clearTimeout(long);
      say(note, form);
      return;
    } finally {
      clearTimeout(long);
      form.removeAttribute("aria-busy");
    }
  }

  note.querySelector("button").addEventListener("click", () => {
    const [form, button] = unsent;
    form.requestSubmit(button);
  });
  attachTo("main", () => say(null));
  return send;
}

function follow(note, sending) {
  const send = makeSender(note, sending);
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
    if (method !== "post" || form.matches(SENT_OTHERWISE)) return;
    event.preventDefault();
    if (!underWay.has(form)) send(form, submitter);
  }, { capture: true });
}

follow(document.querySelector("[data-unsent]"), document.querySelector("[data-sending]"));
