/* The polygon being drawn, with what undo and redo need; nothing of the page is known here. */

const KEPT = 200;

export function makeDrawing(points) {
  const listeners = [];
  const past = [];
  const future = [];
  const drawing = { points, chosen: -1 };
  const tell = () => { for (const listener of listeners) listener(); };
  const put = (next) => {
    drawing.points = next;
    if (drawing.chosen >= next.length) drawing.chosen = -1;
    tell();
  };
  const turnBack = (from, onto) => {
    if (!from.length) return;
    onto.push(drawing.points);
    put(from.pop());
  };
  return Object.assign(drawing, {
    onChange: (listener) => listeners.push(listener),
    /** Remember the present state: the next changes are undone to here. */
    mark() {
      past.push(drawing.points);
      if (past.length > KEPT) past.shift();
      future.length = 0;
    },
    /** Change without remembering, as while dragging. */
    put,
    change(next) {
      drawing.mark();
      put(next);
    },
    choose(index) {
      drawing.chosen = index;
      tell();
    },
    undo: () => turnBack(past, future),
    redo: () => turnBack(future, past),
  });
}
