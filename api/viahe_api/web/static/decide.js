/* What the decision form gains from script: reasons that need words ask for them before
 * anything is sent, Ctrl+Enter or the button beside the note sends, one press is one decision,
 * and the next case takes this one's place. Where nothing answers, the case stays as it is and
 * can be sent again: a form's id makes twice the same as once. Without script every button is a
 * plain form submit, and the server asks for what is missing. */

import { sendForm } from "./asking.js";
import { attachTo } from "./attaching.js";

function makeSender(form, gone) {
  const note = form.elements.note;
  const sendNote = form.querySelector("[data-send]");
  const needed = form.querySelector("[data-note-needed]");
  const offline = form.querySelector("[data-offline]");
  let wanted = null; // the button that waits: for the note to be written, or for an answer
  let sent = false;

  function askForNote(button) {
    wanted = button;
    if (!note.offsetParent) location.hash = "others"; // on a phone the note is in that sheet
    note.setAttribute("aria-invalid", "true");
    note.setAttribute("aria-describedby", needed.id);
    needed.hidden = false;
    sendNote.hidden = false;
    note.focus();
  }

  function sayUnanswered(unanswered) {
    offline.hidden = !unanswered;
    form.toggleAttribute("data-unanswered", unanswered); // makes room for it on a phone
  }

  async function decide(button) {
    try {
      sent = await sendForm(form, button);
    } catch {
      sent = false;
      wanted = button;
      sayUnanswered(true);
    }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    event.preventDefault();
    if (button?.hasAttribute("data-needs-note") && !note.value.trim()) {
      askForNote(button);
    } else if (!sent) {
      sent = true;
      sayUnanswered(false);
      decide(button);
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
  window.addEventListener("pageshow", () => { sent = false; }, { signal: gone });
}

attachTo("form[data-decision]", makeSender);
