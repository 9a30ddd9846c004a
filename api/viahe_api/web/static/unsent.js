/* A form that is sent without a connection stays on its page with all that was typed, and says
 * so: the browser's own page of errors would take its place. Forms that modules send themselves
 * are left to them. Whether the program answers is not asked: whoever goes on to another page
 * meanwhile would take the form away with it. */

/* Nothing outside an open dialog is seen. */
function say(note, form) {
  (form.closest("dialog") ?? document.body).append(note);
  note.hidden = false;
}

function follow(note) {
  addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
    if (navigator.onLine || method !== "post") return;
    if (form.matches("[data-decision], [data-session] *")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(note, form);
  }, { capture: true });
  addEventListener("online", () => { note.hidden = true; });
}

follow(document.querySelector("[data-unsent]"));
