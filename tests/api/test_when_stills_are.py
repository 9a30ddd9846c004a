"""A still is told with the second it shows."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.house import FILES, House, a_suspicion
from viahe_api import queries
from viahe_api.language import read_language
from viahe_api.vocabulary import FileKind
from viahe_api.web.case_facts import stills

VI = read_language("vi")
STILLS = {
    f"{kind.value}.jpg": (kind, "image/jpeg", b"\xff\xd8\xff " + kind.value.encode())
    for kind in (FileKind.STILL_BEFORE, FileKind.STILL_ONSET, FileKind.STILL_AFTER)
}


def told(house: House, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The words and times of the stills of a case that starts at second 100, at 11:55:00."""
    written = (FileKind.MANIFEST, "application/json", json.dumps(manifest).encode())
    files = {"clip.mp4": FILES["clip.mp4"], **STILLS, "manifest.json": written}
    code = house.report(a_suspicion(left_by=None), files=files)
    with house.database.reading() as session:
        case = queries.case_detail(session, house.viewer("lan"), code, now=house.now)
    return [(still["word"], still["at"]) for still in stills(VI, case)]


def test_where_pictures_are_missing_a_still_is_told_with_the_second_it_really_shows(
    house: House,
) -> None:
    shown = {"still_before.jpg": 95.2, "still_onset.jpg": 107.0, "still_after.jpg": 140.0}
    assert told(house, {"stills": shown}) == [
        ("Trước", "11:54:55"),
        ("Xuất hiện", "11:55:07"),
        ("Sau", "11:55:40"),
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"stills": ["still_onset.jpg"]},
        {"stills": {"still_onset.jpg": "soon"}},
        {"stills": {"still_onset.jpg": float("nan")}},
        {"stills": {"still_onset.jpg": 1e300}},
        {"stills": {"still_onset.jpg": None}},
        {"stills": {"still_onset.jpg": 10**400}, "covered": [[0, 10**400]], "gaps": []},
    ],
    ids=[
        "says nothing",
        "a list",
        "a word",
        "no number",
        "far away",
        "none",
        "more digits than a float has",
    ],
)
def test_a_manifest_that_does_not_say_so_leaves_the_moment_a_still_is_of(
    house: House, manifest: Mapping[str, Any]
) -> None:
    assert told(house, manifest) == [
        ("Trước", "11:54:56"),
        ("Xuất hiện", "11:55:00"),
        ("Sau", "11:55:40"),
    ]
