"""What trying a zone found, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.backtest import Comparison, Gained, PastCase
from viahe_api.language import N_, Language
from viahe_api.scope import Viewer
from viahe_api.trials import Course
from viahe_api.vocabulary import CASE_READERS
from viahe_api.web.reasons import thing_name
from viahe_api.web.wording import ACTS, CASE_STATUS, Status, said
from viahe_rules.domain import Box

COURSES: Mapping[Course, str] = MappingProxyType(
    {
        Course.RUNNING: N_("Judged %(done)s of %(whole)s hours with data, the newest first."),
        Course.DONE: "",
        Course.CANCELLED: N_("Ended early: %(done)s of %(whole)s hours were judged."),
        Course.BROKEN: N_("Not finished: %(done)s of %(whole)s hours were judged."),
    }
)

MOST_KEPT = 50
"""Cases that are kept and listed, the newest of them."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A case that is lost, or what is gained. `address` opens it for those who may see clips,
    `elsewhere` says of which zone it is where that is not the one tried."""

    name: str
    address: str
    at: str
    act: str
    elsewhere: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class ComparisonShown:
    """`places` are boxes of what is gained, in hundredths of the picture: x, y, width, height.
    `closed` says to whom the lost ones open, where they do not to the viewer, and `kept_said` how
    many of those that are kept are listed."""

    summary: str
    data: str
    aside: str
    loss: str
    accept: str
    lost_sufficient: int
    lost: tuple[LineShown, ...]
    kept: tuple[LineShown, ...]
    kept_said: str
    closed: str
    gained: tuple[LineShown, ...]
    places: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class TrialShown:
    """A trial: how it is going, what it found so far, and what the form carries of it."""

    number: int
    digest: str
    running: bool
    said: str
    tone: str
    result: ComparisonShown


def shown_trial(
    language: Language,
    viewer: Viewer,
    found: Comparison,
    course: Course,
    number: int,
    digest: str,
    whole_hours: int,
) -> TrialShown:
    """`whole_hours` of the days have data; `found.hours` of them are judged."""
    done, whole = language.number(found.hours), language.number(whole_hours)
    word = COURSES[course]
    return TrialShown(
        number,
        digest,
        course is Course.RUNNING,
        language.gettext(word, done=done, whole=whole) if word else "",
        "info" if course is Course.RUNNING else "wait",
        shown_comparison(language, viewer, found),
    )


def shown_comparison(language: Language, viewer: Viewer, found: Comparison) -> ComparisonShown:
    """Addresses are given where the viewer may open cases: administrators alone may not."""
    say = language.gettext
    opens = viewer.holds(*CASE_READERS)
    lost = found.lost_sufficient
    accept = language.ngettext(
        "Accept losing %(n)s case with sufficient grounds",
        "Accept losing %(n)s cases with sufficient grounds",
        lost,
    )
    return ComparisonShown(
        say(
            "Keeps %(kept)s, %(false)s false alarms fewer, %(gained)s more not yet reviewed.",
            kept=language.number(len(found.kept)),
            false=language.number(found.lost_false),
            gained=language.number(len(found.gained)),
        ),
        say(
            "Data of %(hours)s/%(asked)s hours.",
            hours=language.number(found.hours),
            asked=language.number(found.asked),
        ),
        language.ngettext("%(n)s case not compared.", "%(n)s cases not compared.", found.aside)
        if found.aside
        else "",
        say("Loses %(n)s with sufficient grounds.", n=language.number(lost)) if lost else "",
        accept if lost else "",
        lost,
        tuple(_case(language, case, opens) for case in found.lost),
        tuple(_case(language, case, opens) for case in found.kept[-MOST_KEPT:]),
        _share(language, len(found.kept)),
        "" if opens else say("Clips are opened by those who review or approve cases."),
        tuple(_gained(language, found.gained)),
        tuple(_place(gained.place) for gained in found.gained),
    )


def _case(language: Language, case: PastCase, opens: bool) -> LineShown:
    return LineShown(
        case.code,
        f"/cases/{case.code}" if opens else "",
        language.moment(case.start_at),
        language.gettext(ACTS[case.act]),
        _elsewhere(language, case.elsewhere),
        said(language, CASE_STATUS[case.state]),
    )


def _gained(language: Language, gained: Iterable[Gained]) -> Iterable[LineShown]:
    for number, one in enumerate(gained, start=1):
        yield LineShown(
            f"{number}: {thing_name(language, one.label)}",
            "",
            language.moment(one.at),
            language.gettext(ACTS[one.act]),
            _elsewhere(language, one.elsewhere),
            None,
        )


def _share(language: Language, count: int) -> str:
    shown = language.number(min(count, MOST_KEPT))
    return shown if count <= MOST_KEPT else f"{shown}/{language.number(count)}"


def _elsewhere(language: Language, name: str) -> str:
    return language.gettext("other zone: %(zone)s", zone=name) if name else ""


def _place(box: Box) -> tuple[float, float, float, float]:
    edges = (box.left, box.top, box.width, box.height)
    left, top, width, height = (round(edge * 100, 2) for edge in edges)
    return left, top, width, height
