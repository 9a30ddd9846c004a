"""Biểu 03: sources and cameras, what each saw and how often it was right."""

from viahe_api.counts import Counts, Hours
from viahe_api.figures import CameraFigures, Figures
from viahe_api.forms.form import Column, Form, Kind, Row, Value, summed
from viahe_api.language import Language


def by_camera(figures: Figures, language: Language) -> Form:
    """Cameras are the only source so far."""
    columns = _columns(language)
    rows = tuple(_row(number, camera) for number, camera in enumerate(figures.cameras, start=1))
    totals = summed(columns, rows, language.gettext("Grand total"))
    totals[-6:] = _seen(figures.hours, figures.counts)
    return Form(
        number="03",
        title=language.gettext("By source and camera"),
        columns=columns,
        rows=rows,
        totals=tuple(totals),
        notes=(
            language.gettext("The source of every case is a camera."),
            language.gettext(
                "Share right: sufficient grounds of all reviewed cases, duplicates left out; the "
                "interval is Wilson's, at 95 %."
            ),
            language.gettext("Hours are counted from the installation of each camera."),
        ),
    )


def _row(number: int, camera: CameraFigures) -> Row:
    return (
        number,
        camera.name,
        camera.ward,
        camera.group,
        camera.counts.recorded,
        camera.counts.sufficient,
        camera.hours.expected,
        camera.hours.seen,
        camera.hours.lost,
        *_seen(camera.hours, camera.counts),
    )


def _seen(hours: Hours, counts: Counts) -> tuple[Value, ...]:
    rate = counts.sufficient / hours.seen * 1000 if hours.seen else None
    low, high = counts.precision.interval or (None, None)
    return (
        hours.coverage,
        rate,
        counts.precision.whole,
        counts.precision.value,
        low,
        high,
    )


def _columns(language: Language) -> tuple[Column, ...]:
    say = language.gettext
    return (
        Column(say("No."), width=7),
        Column(say("Camera"), Kind.TEXT, width=30),
        Column(say("Ward"), Kind.TEXT, width=20),
        Column(say("Residential group"), Kind.TEXT, width=16),
        Column(say("Alerts"), measure="recorded"),
        Column(say("Sufficient grounds"), measure="sufficient"),
        Column(say("Hours expected"), Kind.HOURS, measure="hours_expected"),
        Column(say("Hours seen"), Kind.HOURS, measure="hours_seen"),
        Column(say("Hours lost"), Kind.HOURS, measure="hours_lost"),
        Column(say("Coverage"), Kind.SHARE),
        Column(say("Sufficient grounds per 1,000 camera hours"), Kind.HOURS),
        Column(say("Reviewed")),
        Column(say("Share right"), Kind.SHARE),
        Column(say("Share right, from"), Kind.SHARE),
        Column(say("Share right, to"), Kind.SHARE),
    )
