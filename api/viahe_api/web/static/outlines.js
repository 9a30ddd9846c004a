/* Several outlines over one still, a zone and its masks, of which one at a time is drawn: to the
 * canvas it is one drawing. */

/** `parts` are {kind, drawing}; the first is drawn until another is used. */
export function makeOutlines(parts) {
  const listeners = [];
  const tell = () => { for (const listener of listeners) listener(); };
  for (const { drawing } of parts) drawing.onChange(tell);
  let at = 0;
  const now = () => parts[at].drawing;
  return {
    get points() { return now().points; },
    get chosen() { return now().chosen; },
    get kind() { return parts[at].kind; },
    /** Those that are only shown. */
    get others() { return parts.filter((_, index) => index !== at); },
    use(index) {
      now().choose(-1);
      at = index;
      tell();
    },
    onChange: (listener) => listeners.push(listener),
    mark: () => now().mark(),
    put: (next) => now().put(next),
    change: (next) => now().change(next),
    choose: (index) => now().choose(index),
    undo: () => now().undo(),
    redo: () => now().redo(),
  };
}
