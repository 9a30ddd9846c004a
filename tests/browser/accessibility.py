"""What axe finds wrong with a page for people who see, hear or press it differently."""

from collections.abc import Iterator, Sequence
from importlib import resources

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""What of these rules looks at colours. The others see a page alike in either theme, which
changes the tokens' values and nothing else."""
ALIKE = [".heat tr:nth-child(n + 2) .shade-0"]
"""Left out: hours without a case are 168 of a kind, and those of the first row stand for them."""
RUN = """([rules, exclude]) => axe.run({exclude}, {runOnly: rules, resultTypes: ['violations']})"""


def faults_of(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """Each violation on one line: its rule, what it asks, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, [list(rules), ALIKE])
    return list(_lines(found["violations"]))


def faults_in_either_theme(page: Page) -> list[str]:
    """Of the page as it is, and of its colours in the other theme; it ends as it was."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    faults = faults_of(page)
    page.emulate_media(color_scheme="light" if dark else "dark")
    faults += faults_of(page, COLOUR_RULES)
    page.emulate_media(color_scheme="dark" if dark else "light")
    return faults


def _lines(violations: list[dict[str, object]]) -> Iterator[str]:
    for violation in violations:
        nodes = violation["nodes"]
        assert isinstance(nodes, list)
        for node in nodes:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
