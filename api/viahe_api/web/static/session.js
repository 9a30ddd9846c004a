/* Says two minutes before a session ends, and lets its person sign in over the page afterwards:
 * the page stays as it is, with all that was typed, and nothing is sent by itself. */

const LOOK_MS = 10_000;
const ASK_EVERY_MS = 5 * 60_000;
const WARN_S = 120;

async function askSession() {
  const answer = await fetch("/session", { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function giveForms(csrf) {
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
  for (const area of document.querySelectorAll("[data-csrf]")) area.dataset.csrf = csrf;
}

function follow(dialog) {
  const warning = document.querySelector("[data-session-ends]");
  const form = dialog.querySelector("form");
  const refused = dialog.querySelector("[data-refused]");
  let askedAt = performance.now();
  let warned = false;

  function end() {
    warning.hidden = true;
    if (!dialog.open) dialog.showModal();
    form.elements.password.focus();
  }

  async function ask() {
    askedAt = performance.now();
    const session = await askSession();
    warned = session !== null && session.left <= WARN_S;
    warning.hidden = !warned;
    if (!session) end();
    return session;
  }

  async function enter() {
    const answer = await fetch("/sign-in", {
      method: "POST", credentials: "same-origin", redirect: "manual",
      body: new URLSearchParams(new FormData(form)),
    });
    if (answer.type !== "opaqueredirect") {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      refused.textContent = page.querySelector("#fault")?.textContent ?? "";
      refused.hidden = false;
      form.elements.password.focus();
      return;
    }
    const session = await ask();
    if (String(session?.person) !== dialog.dataset.person) return location.assign("/");
    giveForms(session.csrf);
    form.elements.password.value = "";
    refused.hidden = true;
    dialog.close();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter().catch(() => {
      refused.textContent = refused.dataset.unanswered;
      refused.hidden = false;
    });
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  warning.querySelector("button").addEventListener("click", async () => {
    await fetch("/session", { method: "POST", credentials: "same-origin", headers: { "X-CSRF-Token": dialog.dataset.csrf } });
    ask().catch(() => {});
  });
  const soon = () => {
    if (document.hidden || dialog.open) return;
    if (warned || performance.now() - askedAt > ASK_EVERY_MS) ask().catch(() => {});
  };
  setInterval(soon, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !dialog.open) ask().catch(() => {}); });
  document.addEventListener("sessionended", end);
}

for (const dialog of document.querySelectorAll("[data-session]")) follow(dialog);
