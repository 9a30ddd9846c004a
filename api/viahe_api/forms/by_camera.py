"""Biểu 03: sources and cameras, what each saw and how often it was right."""

from collections.abc import Iterator

from viahe_api.cells import Cell
from viahe_api.counts import Counts, Hours, per_thousand_hours
from viahe_api.figures import CameraFigures, Figures
from viahe_api.forms.by_ward import WardRow, folded_notes, ward_rows
from viahe_api.forms.form import Column, Form, Kind, Row, Value, summed
from viahe_api.language import Language
from viahe_api.vocabulary import Source
from viahe_api.web.wording import SOURCES


def by_camera(figures: Figures, language: Language) -> Form:
    """A row for each camera, then one for each street that people reported of; of folded figures
    for each ward and source. How often a report was right says nothing of a camera: people's are
    in none of the shares."""
    columns = _columns(language)
    rows, cells = _by_ward(figures, language) if figures.folded else _each(figures, language)
    totals = summed(columns, rows, language.gettext("Grand total"))
    totals[-6:] = _seen(figures.hours, figures.by_cameras)
    return Form(
        number="03",
        title=language.gettext("By source and camera"),
        columns=columns,
        rows=rows,
        totals=tuple(totals),
        notes=(
            language.gettext("Hours and shares are those of cameras alone."),
            language.gettext(
                "Share right: sufficient grounds of all reviewed cases, duplicates left out; the "
                "interval is Wilson's, at 95 %."
            ),
            language.gettext("Hours are counted from the installation of each camera."),
            language.gettext(
                "Sufficient grounds per 1,000 camera hours: told from 24 hours seen on; fewer "
                "leave out hours of the day, and a single case would weigh too much."
            ),
            *_moved(figures, language),
            *folded_notes(figures, language),
        ),
        cells=cells,
    )


def _each(figures: Figures, language: Language) -> tuple[tuple[Row, ...], tuple[Cell, ...]]:
    rows = (
        (number, *_row(camera, language)) for number, camera in enumerate(figures.cameras, start=1)
    )
    return tuple(rows), tuple(_cell(camera) for camera in figures.cameras)


def _by_ward(figures: Figures, language: Language) -> tuple[tuple[Row, ...], tuple[Cell, ...]]:
    found = tuple(ward_rows(figures))
    rows = ((number, *_ward_row(ward, language)) for number, ward in enumerate(found, start=1))
    return tuple(rows), tuple(Cell(ward=ward.code, source=ward.source) for ward in found)


def _moved(figures: Figures, language: Language) -> Iterator[str]:
    """Cameras with cases here that have been moved to a ward that is not counted."""
    counted = {ward.name for ward in figures.wards}
    for camera in figures.cameras:
        if camera.camera_id is not None and camera.ward not in counted:
            yield language.gettext(
                "%(camera)s now stands in %(ward)s: its cases stay with the ward where they "
                "happened, its hours are counted there.",
                camera=camera.name,
                ward=camera.ward,
            )


def _cell(camera: CameraFigures) -> Cell:
    if camera.camera_id is not None:
        return Cell(camera=camera.camera_id)
    place = (camera.ward, camera.group or "", camera.street)
    return Cell(source=camera.source, place=place)


def _row(camera: CameraFigures, language: Language) -> Row:
    return (
        language.gettext(SOURCES[camera.source]),
        camera.name or camera.street or None,
        camera.ward,
        camera.group,
        *_figures(camera.source, camera.counts, camera.hours),
    )


def _ward_row(ward: WardRow, language: Language) -> Row:
    cameras = language.ngettext("%(n)s camera", "%(n)s cameras", ward.cameras)
    return (
        language.gettext(SOURCES[ward.source]),
        cameras if ward.source is Source.CAMERA else None,
        ward.name,
        None,
        *_figures(ward.source, ward.counts, ward.hours),
    )


def _figures(source: Source, counts: Counts, hours: Hours) -> Row:
    return (
        counts.recorded,
        counts.sufficient,
        hours.expected,
        hours.seen,
        hours.lost,
        *(_seen(hours, counts) if source is Source.CAMERA else (None,) * 6),
    )


def _seen(hours: Hours, counts: Counts) -> tuple[Value, ...]:
    share = counts.precision
    low, high = share.interval or (None, None)
    return (
        hours.coverage,
        per_thousand_hours(counts.sufficient, hours),
        share.whole,
        share.value,
        low,
        high,
    )


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Source"), Kind.TEXT, width=14),
        Column(say("Camera, street"), Kind.TEXT, width=26),
        Column(say("Ward"), Kind.TEXT, width=20),
        Column(say("Residential group"), Kind.TEXT, width=16),
        Column(say("Alerts"), measure="recorded", counts=Cell("recorded")),
        Column(say("Sufficient grounds"), measure="sufficient", counts=Cell("sufficient")),
        Column(say("Hours expected"), Kind.HOURS, measure="hours_expected"),
        Column(say("Hours seen"), Kind.HOURS, measure="hours_seen"),
        Column(say("Hours lost"), Kind.HOURS, measure="hours_lost"),
        Column(say("Coverage"), Kind.SHARE, defined="coverage"),
        Column(say("Sufficient grounds per 1,000 camera hours"), Kind.HOURS, defined="rate"),
        Column(say("Reviewed"), counts=Cell("reviewed", source=Source.CAMERA)),
        Column(say("Share right"), Kind.SHARE, defined="precision"),
        Column(say("Share right, from"), Kind.SHARE, defined="precision"),
        Column(say("Share right, to"), Kind.SHARE, defined="precision"),
    )
