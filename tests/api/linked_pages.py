"""Pages that other pages link to: every list of a report is one, more than anybody writes down."""

import html
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin, urlsplit

COUNTED = re.compile(r"/(dashboard|reports)\b")
FILE = re.compile(r"\.(xlsx|docx|pdf|csv|json)\b|/file")
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
OF_A_SHAPE = 3
"""Addresses that differ in numbers alone are of one shape, and so many of it are followed."""


def linked_pages(
    start: Iterable[str], most: int, read: Callable[[str], str], seed: int = 0
) -> Iterator[str]:
    """Addresses of pages of counts and lists, the first ones among them: up to `most`, drawn by
    chance from the links of those drawn before. `read` gives the page of an address."""
    chance, waiting = random.Random(seed), list(start)
    known, shapes, drawn = {*waiting}, Counter[str](), 0
    while waiting and drawn < most:
        address = waiting.pop(chance.randrange(len(waiting)))
        drawn += 1
        yield address
        for found in _links(address, read(address)):
            shape = re.sub(r"\d+", "0", found)
            if found not in known and shapes[shape] < OF_A_SHAPE:
                known.add(found)
                shapes[shape] += 1
                waiting.append(found)


def _links(address: str, page: str) -> Iterator[str]:
    for link in LINK.findall(page):
        parts = urlsplit(urljoin(address, html.unescape(link)))
        if not parts.netloc and COUNTED.match(parts.path) and not FILE.search(parts.path):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
