"""Rows of Biểu 02 and 03 where many wards are counted together: a ward's, not a camera's."""

from collections.abc import Iterator
from dataclasses import dataclass

from viahe_api.counts import Counts, Hours
from viahe_api.figures import Figures
from viahe_api.language import Language
from viahe_api.vocabulary import Source


@dataclass(frozen=True, slots=True)
class WardRow:
    """What one source raised in a ward. `cameras` are those that were to see in the period."""

    code: str
    name: str
    source: Source
    counts: Counts
    hours: Hours
    cameras: int


def ward_rows(figures: Figures) -> Iterator[WardRow]:
    """By ward as the figures order them, cameras first; without a case or a camera there is no
    row."""
    found = {(camera.ward, camera.source): camera for camera in figures.cameras}
    for ward in figures.wards:
        for source in Source:
            row = found.get((ward.name, source))
            if row is not None:
                yield WardRow(ward.code, ward.name, source, row.counts, row.hours, row.on_duty)


def folded_notes(figures: Figures, language: Language) -> Iterator[str]:
    """What a form of folded figures leaves to the wards, and where it counts a moved camera."""
    if figures.folded:
        yield language.gettext(
            "Of many wards together: streets, residential groups and cameras stand in the report "
            "of each ward. Cases count in the ward where they happened, hours in the ward where "
            "the camera stands."
        )
