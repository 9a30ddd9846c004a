"""What axe finds wrong with a page for people who see, hear or press it differently."""

from collections.abc import Iterator
from importlib import resources

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"


def faults_of(page: Page) -> list[str]:
    """Each violation on one line: its rule, what it asks, and where."""
    page.evaluate(AXE)
    found = page.evaluate(RUN, RULES)
    return list(_lines(found["violations"]))


def _lines(violations: list[dict[str, object]]) -> Iterator[str]:
    for violation in violations:
        nodes = violation["nodes"]
        assert isinstance(nodes, list)
        for node in nodes:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
