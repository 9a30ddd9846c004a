/* Attaches modules to the parts of a page they are for, and to the parts of another page that is
 * shown in its place without loading everything anew. What a module keeps going beyond its own
 * part, it ends by the signal it is given. */

const attached = [];
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

/** Shows a page that was fetched, styled as this one is, in its place. With `itsAddress` it is
 * a page of its own in the browser's history, as if a link had led to it. */
export function showInstead(page, itsAddress) {
  shown.abort();
  shown = new AbortController();
  for (const part of ["header.top", "main"]) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  document.title = page.title;
  if (itsAddress) history.pushState(null, "", itsAddress);
  address = location.pathname + location.search;
  scrollTo(0, 0);
  attached.forEach(attachEach);
  document.querySelector("#fault, main").focus({ preventScroll: true });
}

// The page of a step in the browser's history is asked for as it is by now; a sheet that is
// opened and closed by its fragment is of the same page.
addEventListener("popstate", () => {
  if (location.pathname + location.search !== address) location.reload();
});
