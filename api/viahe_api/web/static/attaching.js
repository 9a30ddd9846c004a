/* Attaches modules to the parts of a page they are for, and to the parts of another page that is
 * shown in its place without loading everything anew. What a module keeps going beyond its own
 * part, it ends by the signal it is given. */

const attached = [];
const completing = [];
let shown = new AbortController();
let address = location.pathname + location.search;

function attachEach([selector, attach]) {
  for (const part of document.querySelectorAll(selector)) attach(part, shown.signal);
}

/** Calls `attach(part, gone)` for every part now and of each page shown later. */
export function attachTo(selector, attach) {
  attached.push([selector, attach]);
  attachEach([selector, attach]);
}

/** Calls `complete(page)` for each page that is shown later, while it fetches nothing yet; what that
 * returns is called when the page is one with this document, before it is seen. */
export function completeWith(complete) {
  completing.push(complete);
}

function addStyle(link) {
  return new Promise((added) => {
    for (const happening of ["load", "error"]) link.addEventListener(happening, added);
    document.head.append(document.adoptNode(link));
  });
}

function addStyles(page) {
  const here = new Set([...document.styleSheets].map(({ href }) => href));
  const links = [...page.querySelectorAll("link[rel=stylesheet]")].filter(({ href }) => !here.has(href));
  return Promise.all(links.map(addStyle));
}

/* A sheet has what every page has too, and would undo what another page's has of its own. Where the
 * page's sheet did not come, it is shown in those that are here. */
function useOnlyStylesOf(addresses) {
  const sheets = [...document.styleSheets];
  if (!sheets.some(({ href }) => addresses.has(href))) return;
  for (const sheet of sheets) sheet.disabled = !addresses.has(sheet.href);
}

/* Those that are here already do nothing a second time. */
function addModules(page) {
  for (const { src } of page.querySelectorAll("script[type=module]")) import(src).catch(() => {});
}

function rememberAddress(to) {
  const itsOwn = to.pathname + to.search;
  history[itsOwn === address ? "replaceState" : "pushState"](null, "", to);
  address = itsOwn;
}

function focusFirst() {
  const asked = document.querySelector("#fault") ?? document.querySelector("main [autofocus]:not(dialog *)");
  if (asked) asked.focus();
  else document.querySelector("main").focus({ preventScroll: true });
}

async function replaceBy(page) {
  const styles = new Set([...page.querySelectorAll("link[rel=stylesheet]")].map(({ href }) => href));
  await addStyles(page);
  useOnlyStylesOf(styles);
  shown.abort();
  shown = new AbortController();
  const finishing = completing.map((complete) => complete(page));
  const parts = ["header.top", "main"].map((part) => [document.querySelector(part), document.adoptNode(page.querySelector(part))]);
  finishing.forEach((finish) => finish?.());
  for (const [now, next] of parts) now.replaceWith(next);
  document.body.className = page.body.className;
  document.title = page.title;
}

function attachAll(page) {
  attached.forEach(attachEach);
  addModules(page);
}

/** Shows a page that was fetched in this one's place, with what else it needs. With `itsAddress`
 * it is a page of its own in the browser's history, as if a link had led to it. */
export async function showInstead(page, itsAddress) {
  await replaceBy(page);
  if (itsAddress) rememberAddress(itsAddress);
  scrollTo(0, 0);
  attachAll(page);
  focusFirst();
  if (itsAddress?.hash) document.getElementById(itsAddress.hash.slice(1))?.scrollIntoView();
}

/** Shows this page as it was fetched anew, which nobody asked for: nothing is scrolled, and the
 * focus goes nowhere else. No part of the page but its main one may have it. */
export async function showAnew(page) {
  const inMain = document.activeElement?.matches("main");
  await replaceBy(page);
  attachAll(page);
  if (inMain) document.querySelector("main").focus({ preventScroll: true });
}

// The page of a step in the browser's history is asked for as it is by now; a sheet that is
// opened and closed by its fragment is of the same page.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== address) location.reload();
});
