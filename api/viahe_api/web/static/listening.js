/* Listens to one address of server-sent events while the page is seen; browsers allow a site
 * six connections, so a hidden page gives its own back. Silent for half a minute, it asks
 * another address every twenty seconds and says so, until the line speaks again. */

const SILENT_MS = 30_000;
const POLL_MS = 20_000;
const LOOK_MS = 1_000;

/** `tell(news)` gets what was said, `heard()` every sign of life, `silent()` its absence, until its page
 * is `gone`. */
export function listen(live, poll, { tell, heard, silent }, gone) {
  let source = null;
  let heardAt = performance.now();
  let polledAt = 0;

  function sign() {
    heardAt = performance.now();
    heard();
  }

  function open() {
    source?.close();
    source = new EventSource(live);
    source.addEventListener("open", sign);
    source.addEventListener("beat", sign);
    source.addEventListener("news", (event) => {
      sign();
      tell(JSON.parse(event.data));
    });
  }

  async function ask() {
    polledAt = performance.now();
    if (source?.readyState === EventSource.CLOSED) open();
    try {
      const answer = await fetch(poll, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok) tell(await answer.json());
    } catch {
      // said already: the line has been silent for longer than this
    }
  }

  function look() {
    if (document.hidden || performance.now() - heardAt < SILENT_MS) return;
    silent();
    if (performance.now() - polledAt > POLL_MS) ask();
  }

  function turn() {
    if (document.hidden) {
      close();
    } else if (!source) {
      heardAt = performance.now();
      open();
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", turn, { signal: gone });
  addEventListener("pagehide", close, { signal: gone });
  addEventListener("pageshow", turn, { signal: gone });
  const looking = setInterval(look, LOOK_MS);
  gone.addEventListener("abort", () => {
    clearInterval(looking);
    close();
  });
  turn();
}
