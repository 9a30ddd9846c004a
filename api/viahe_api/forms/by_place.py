"""Biểu 02: cases by tổ dân phố and street."""

from collections import defaultdict
from dataclasses import astuple, dataclass

from viahe_api.cells import BLACK_SPOTS, Cell
from viahe_api.figures import BLACK_SPOT, CameraFigures, Figures
from viahe_api.forms.by_ward import folded_notes
from viahe_api.forms.form import Column, Form, Kind, Row, summed
from viahe_api.language import Language
from viahe_api.web.wording import ACTS
from viahe_rules.domain import Act


@dataclass(slots=True)
class _Place:
    recorded: int = 0
    dumping: int = 0
    encroachment: int = 0
    sufficient: int = 0
    repeats: int = 0
    black_spots: int = 0

    def add(self, camera: CameraFigures) -> None:
        by_act, counts = dict(camera.by_act), camera.counts
        self.recorded += counts.recorded
        self.dumping += by_act[Act.DUMPING].sufficient
        self.encroachment += by_act[Act.ENCROACHMENT].sufficient
        self.sufficient += counts.sufficient
        self.repeats += camera.repeats
        self.black_spots += camera.black_spots


def by_place(figures: Figures, language: Language) -> Form:
    """A row for each tổ dân phố and street of each ward where a camera hangs; of folded figures
    for each ward."""
    places: defaultdict[tuple[str, str, str], _Place] = defaultdict(_Place)
    if figures.folded:
        places.update({(ward.name, "", ""): _Place() for ward in figures.wards})
    for camera in figures.cameras:
        at = ("", "") if figures.folded else (camera.group or "", camera.street)
        places[camera.ward, *at].add(camera)
    columns, rows = _columns(language), tuple(_rows(places))
    codes = {ward.name: ward.code for ward in figures.wards} if figures.folded else {}
    cells = tuple(
        Cell(ward=codes[place[0]]) if place[0] in codes else Cell(place=place)
        for place in sorted(places)
    )
    return Form(
        number="02",
        title=language.gettext("By residential group and street"),
        columns=columns,
        rows=rows,
        totals=tuple(summed(columns, rows, language.gettext("Grand total"))),
        notes=(
            language.gettext(
                "Repeats: cases with sufficient grounds within 6 months after another at the "
                "same place (zone) for the same act."
            ),
            language.gettext(
                "Black spots: places with %(n)s or more cases with sufficient grounds in the "
                "period.",
                n=BLACK_SPOT,
            ),
            *folded_notes(figures, language),
        ),
        cells=cells,
    )


def _rows(places: dict[tuple[str, str, str], _Place]) -> list[Row]:
    return [
        (number, ward, group or None, street or None, *astuple(place))
        for number, ((ward, group, street), place) in enumerate(sorted(places.items()), start=1)
    ]


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Ward"), Kind.TEXT, width=22),
        Column(say("Residential group"), Kind.TEXT, width=18),
        Column(say("Street"), Kind.TEXT, width=22),
        Column(say("Recorded"), measure="recorded", counts=Cell("recorded")),
        Column(
            say(ACTS[Act.DUMPING]), measure="dumping", counts=Cell("sufficient", act=Act.DUMPING)
        ),
        Column(
            say(ACTS[Act.ENCROACHMENT]),
            measure="encroachment",
            counts=Cell("sufficient", act=Act.ENCROACHMENT),
        ),
        Column(say("Sufficient grounds"), measure="sufficient", counts=Cell("sufficient")),
        Column(say("Repeats"), measure="repeats", counts=Cell("repeats")),
        Column(say("Black spots"), measure="black_spots", counts=Cell(BLACK_SPOTS)),
    )
