"""What is wrong with a page's texts and controls where texts are large, set wide, or on a narrow
window: cut off, run out of their boxes, or over each other."""

from playwright.sync_api import Page

FAULTS = """() => {
  const faults = new Set();
  const named = (element) => element.outerHTML.slice(0, 90);
  const isSeen = (element) => element.checkVisibility({visibilityProperty: true})
    && !element.closest('.seen-by-readers-only, .skip, svg, canvas, template');
  const style = (element) => getComputedStyle(element);
  const scrolls = (element, axis) => /auto|scroll/.test(style(element)['overflow' + axis]);
  const cuts = (element, axis) => /hidden|clip/.test(style(element)['overflow' + axis]);
  const SLACK = 2;

  // The page itself.
  const {scrollWidth, clientWidth} = document.documentElement;
  if (scrollWidth > clientWidth) faults.add(`the page runs over by ${scrollWidth - clientWidth}`);

  // Texts that are cut off by a box around them or by the window's sides.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const parent = text.parentElement;
    if (!text.data.trim() || !isSeen(parent)) continue;
    if (parent.closest('select, textarea, script')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      if (!line.width) continue;
      let across = true;
      let down = true;
      for (let box = parent; box && box !== document.body; box = box.parentElement) {
        const {left, right, top, bottom} = box.getBoundingClientRect();
        across &&= !scrolls(box, 'X');
        down &&= !scrolls(box, 'Y');
        const beside = line.left < left - SLACK || line.right > right + SLACK;
        const above = line.top < top - SLACK || line.bottom > bottom + SLACK;
        if (across && beside && cuts(box, 'X')) faults.add(`cut: ${named(parent)}`);
        if (down && above && cuts(box, 'Y')) faults.add(`cut: ${named(parent)}`);
      }
      const outside = line.left < -SLACK || line.right > clientWidth + SLACK;
      if (across && outside) faults.add(`out of the window: ${named(parent)}`);
    }
  }

  // Boxes that their own texts run out of.
  for (const box of document.querySelectorAll('body *')) {
    if (!isSeen(box) || !box.clientWidth || style(box).overflowX !== 'visible') continue;
    if (![...box.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (box.scrollWidth > box.clientWidth + SLACK) faults.add(`runs out of its box: ${named(box)}`);
    const higher = box.scrollHeight > box.clientHeight + 2 * SLACK;
    if (higher) faults.add(`higher than its box: ${named(box)}`);
  }

  // Controls over each other; what stays in sight while the page moves is a layer of its own.
  const layer = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (/absolute|fixed|sticky/.test(style(at).position)) return at;
    }
    return null;
  };
  const controls = [...document.querySelectorAll(
    'button, summary, select, textarea, input:not([type=hidden]), a.button, label.button, nav a')]
    .filter(isSeen)
    .map((control) => [control, control.getBoundingClientRect(), layer(control)])
    .filter(([, box]) => box.width > 1 && box.height > 1);
  controls.forEach(([one, a, layerOfOne], index) => {
    for (const [other, b, layerOfOther] of controls.slice(index + 1)) {
      if (layerOfOne !== layerOfOther || one.contains(other) || other.contains(one)) continue;
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > 1 && height > 1) faults.add(`over each other: ${named(one)} ${named(other)}`);
    }
  });
  return [...faults];
}"""
SHARE_COVERED = """() => {
  let covered = 0;
  let all = 0;
  for (let y = 2; y < innerHeight; y += 4) {
    all += 1;
    for (let at = document.elementFromPoint(innerWidth / 2, y); at; at = at.parentElement) {
      if (/fixed|sticky/.test(getComputedStyle(at).position)) {
        covered += 1;
        break;
      }
    }
  }
  return covered / all;
}"""
SET_WIDE = """() => {
  const wide = new CSSStyleSheet();
  wide.replaceSync(`
    * {
      line-height: 1.5 !important;
      letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important;
    }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, wide];
}"""


def text_faults(page: Page) -> list[str]:
    """Each on one line; none where every text is whole and no control covers another."""
    faults: list[str] = page.evaluate(FAULTS)
    return faults


def set_wide(page: Page) -> None:
    """Set texts as wide as WCAG 2.1, 1.4.12, says that a person may, until the page is left."""
    page.evaluate(SET_WIDE)


def share_covered(page: Page) -> float:
    """Of the window's height, by parts that stay where they are while the page moves, from 0 to
    1."""
    return float(page.evaluate(SHARE_COVERED))
