/* What the decision form gains from script: reasons that need words ask for them before
 * anything is sent, Ctrl+Enter or the button beside the note sends, and one press is one
 * decision. Nothing is sent while the server does not answer: the browser would show an error
 * page of its own in the place of the case. Without script every button is a plain form submit,
 * and the server asks for what is missing. */

const ALIVE = "/healthz";
const PATIENCE_MS = 3_000;

async function answers() {
  if (!navigator.onLine) return false;
  try {
    await fetch(ALIVE, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}

function makeSender(form) {
  const note = form.elements.note;
  const send = form.querySelector("[data-send]");
  const offline = form.querySelector("[data-offline]");
  let wanted = null; // the button that waits for the note to be written
  let sent = false;
  let asked = null; // the button whose decision the server has just been found ready for

  function askForNote(button) {
    wanted = button;
    if (!note.offsetParent) location.hash = "others"; // on a phone the note is in that sheet
    note.setAttribute("aria-invalid", "true");
    send.hidden = false;
    note.focus();
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.hasAttribute("data-needs-note") && !note.value.trim()) {
      event.preventDefault();
      askForNote(button);
    } else if (asked === button) {
      asked = null;
    } else {
      event.preventDefault();
      if (!sent) sendTo(button);
    }
  });

  async function sendTo(button) {
    sent = true;
    offline.hidden = true;
    if (await answers()) {
      asked = button;
      form.requestSubmit(button);
    } else {
      sent = false;
      wanted = button;
      offline.hidden = false;
    }
  }
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (wanted) wanted.click();
    else note.blur();
  });
  send.addEventListener("click", () => wanted.click());
  offline.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    offline.hidden = true;
    wanted.click();
  });
  window.addEventListener("pageshow", () => { sent = false; });
}

for (const form of document.querySelectorAll("form[data-decision]")) makeSender(form);
