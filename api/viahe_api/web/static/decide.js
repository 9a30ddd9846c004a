/* What the decision form gains from script: reasons that need words ask for them before
 * anything is sent, Ctrl+Enter or the button beside the note sends, one press is one decision,
 * and the next case takes this one's place. Where nothing answers, the case stays as it is and
 * can be sent again: a form's id makes twice the same as once. Without script every button is a
 * plain form submit, and the server asks for what is missing. */

import { attachTo, showInstead } from "./attaching.js";

const PATIENCE_MS = 10_000;

function send(address, how) {
  const patience = new AbortController(); // AbortSignal.timeout is younger than some browsers
  setTimeout(() => patience.abort(), PATIENCE_MS);
  return fetch(address, { credentials: "same-origin", cache: "no-store", signal: patience.signal, ...how });
}
const isJson = (answer) => answer.headers.get("content-type")?.startsWith("application/json");
const kindOf = (address) => new URL(address, location).pathname.split("/")[1];

async function pageIn(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.className === document.body.className ? page : null;
}

/** Goes on to where the answer of a decision says. */
async function goOn(next) {
  if (kindOf(next) !== kindOf(location)) return location.assign(next);
  const answer = await send(next, { headers: { Accept: "text/html" } });
  const page = answer.ok && await pageIn(answer);
  return page ? showInstead(page, answer.url) : location.assign(next);
}

function decisionOf(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.append(button.name, button.value);
  return fields;
}

function makeSender(form, gone) {
  const note = form.elements.note;
  const sendNote = form.querySelector("[data-send]");
  const needed = form.querySelector("[data-note-needed]");
  const offline = form.querySelector("[data-offline]");
  let wanted = null; // the button that waits: for the note to be written, or for an answer
  let sent = false;
  let plainly = false; // the browser itself shows what was answered, which no module can

  function askForNote(button) {
    wanted = button;
    if (!note.offsetParent) location.hash = "others"; // on a phone the note is in that sheet
    note.setAttribute("aria-invalid", "true");
    note.setAttribute("aria-describedby", needed.id);
    needed.hidden = false;
    sendNote.hidden = false;
    note.focus();
  }

  async function decide(button) {
    const answer = await send(button?.getAttribute("formaction") ?? form.action, {
      method: "POST", headers: { Accept: "application/json" }, body: decisionOf(form, button),
    });
    if (answer.ok && isJson(answer)) {
      const { next } = await answer.json();
      return goOn(next).catch(() => location.assign(next)); // it is decided, whatever comes now
    }
    const refused = isJson(answer) ? null : await pageIn(answer);
    if (refused) return showInstead(refused);
    if (answer.status === 401) {
      sent = false;
      return document.dispatchEvent(new Event("sessionended"));
    }
    plainly = true;
    return form.requestSubmit(button);
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (plainly) return;
    event.preventDefault();
    if (button?.hasAttribute("data-needs-note") && !note.value.trim()) {
      askForNote(button);
    } else if (!sent) {
      sent = true;
      offline.hidden = true;
      decide(button).catch(() => {
        sent = false;
        wanted = button;
        offline.hidden = false;
      });
    }
  });
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (wanted) wanted.click();
    else note.blur();
  });
  sendNote.addEventListener("click", () => wanted.click());
  offline.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    wanted.click();
  });
  window.addEventListener("pageshow", () => { sent = plainly = false; }, { signal: gone });
}

attachTo("form[data-decision]", makeSender);
