/* Asks the program from the page, so that one that does not answer takes nothing away: forms are
 * sent here, and what is answered is gone on to, or shown in this page's place. */

import { showInstead } from "./attaching.js";

const PATIENCE_MS = 10_000;
const PATIENCE_WITH_FORMS_MS = 120_000; // a month to lock, a photo over a telephone's line
const STANDS_BEFORE = new Set([502, 503, 504]); // a proxy says that the program does not answer

async function ask(address, how, patienceMs = PATIENCE_MS) {
  const patience = new AbortController(); // AbortSignal.timeout is younger than some browsers
  setTimeout(() => patience.abort(), patienceMs);
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: patience.signal, ...how });
  if (STANDS_BEFORE.has(answer.status)) throw new Error(String(answer.status));
  return answer;
}

const isJson = (answer) => answer.headers.get("content-type")?.startsWith("application/json");
const kindOf = ({ pathname }) => pathname.split("/")[1];
const whereOf = ({ pathname, search }) => pathname + search;
const isCase = (page) => page.body.classList.contains("case");

function pageOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.querySelector("header.top") || !page.querySelector("main")) throw new Error("no page of ours");
  return page;
}

const pageIn = async (answer) => pageOf(await answer.text());

function load(to) {
  if (whereOf(to) !== whereOf(location)) return location.assign(to);
  history.replaceState(null, "", to); // one that differs by its fragment alone is not loaded
  return location.reload();
}

let fetchedAhead = null; // a page that nobody has opened yet, and its address

/** Keeps such a page, to be shown when the program says that it has opened it. */
export function keepFetched(address, html) {
  fetchedAhead = { address, page: pageOf(html) };
}

/* What opening it changed takes the place of the parts it was fetched with. */
function completed(page, opened) {
  const told = new DOMParser().parseFromString(opened, "text/html");
  for (const part of told.querySelectorAll("[data-part]")) {
    page.querySelector(`[data-part=${part.dataset.part}]`).replaceWith(page.adoptNode(part));
  }
  return page;
}

async function nextPage(to, opened) {
  const { address, page } = fetchedAhead ?? {};
  fetchedAhead = null;
  if (opened && address === whereOf(to)) return { page: completed(page, opened), at: to };
  const answer = await ask(to, { headers: { Accept: "text/html" } });
  return { page: answer.ok && await pageIn(answer), at: new URL(to.hash, answer.url) };
}

/** Goes on to an address: to the same page as it is now, and from case to case, without loading
 * everything anew. `opened` is what the program says of a page that is kept, as it opened it. */
export async function goOn(next, opened = "") {
  const to = new URL(next, location);
  const caseToCase = isCase(document) && kindOf(to) === kindOf(location);
  if (!caseToCase && whereOf(to) !== whereOf(location)) return load(to);
  try {
    const { page, at } = await nextPage(to, opened);
    const alike = page && page.body.className === document.body.className
      && page.documentElement.lang === document.documentElement.lang;
    if (alike) return await showInstead(page, at);
  } catch {
    // what was sent is kept, whatever comes now
  }
  return load(to);
}

/** This page as it is by now, asked for by itself and not by its person, whom that does not keep
 * signed in. Throws where the program does not answer with a page. */
export async function askUnasked(address) {
  const answer = await ask(address, { headers: { Accept: "text/html", "X-Unasked": "1" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return pageIn(answer);
}

function bodyOf(form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.append(button.name, button.value);
  return form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
}

/** Sends a form as its `button` would. Returns whether it was answered; it was not where the
 * session has ended, which is said over the page. Throws where the program does not answer. */
export async function sendForm(form, button) {
  const answer = await ask(button?.getAttribute("formaction") ?? form.getAttribute("action"), {
    method: "POST", headers: { Accept: "application/json, text/html" }, body: bodyOf(form, button),
  }, form.matches("[data-decision]") ? PATIENCE_MS : PATIENCE_WITH_FORMS_MS);
  if (!isJson(answer)) {
    await showInstead(await pageIn(answer));
    return true;
  }
  if (answer.status === 401) {
    document.dispatchEvent(new Event("sessionended"));
    return false;
  }
  const { next, opened } = await answer.json();
  if (!next) throw new Error(String(answer.status));
  await goOn(next, opened);
  return true;
}
