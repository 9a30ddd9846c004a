"""What is known of a case, in words: the facts beside the clip and the history under them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from viahe_api.counted_rows import SYNCHRONISED_S
from viahe_api.language import N_, Language
from viahe_api.records import CaseDetail, DecisionView, EarlierHere
from viahe_api.vocabulary import FileKind
from viahe_api.web.place_words import place_said
from viahe_api.web.reasons import wall_time
from viahe_api.web.wording import (
    CASE_STATUS,
    CLOCK_OFF,
    SOURCES,
    SURFACES,
    TO_LOOK_AT,
    VERDICTS,
    Status,
    reason_said,
    said,
)
from viahe_rules.domain import LeftByKind
from viahe_rules.moments import begins, moments
from viahe_rules.plan import Surface


@dataclass(frozen=True, slots=True)
class Fact:
    """`doubt` is what keeps the value from being relied on."""

    word: str
    value: str
    doubt: Status | None = None


STILLS = (
    (FileKind.STILL_BEFORE, N_("Before")),
    (FileKind.STILL_ONSET, N_("Appears")),
    (FileKind.STILL_ACT, N_("The act")),
    (FileKind.STILL_AFTER, N_("After")),
)


FILE_WORDS: Mapping[FileKind, str] = MappingProxyType(
    {
        FileKind.CLIP: N_("Original clip"),
        FileKind.PREVIEW: N_("H.264 preview, not the original"),
        FileKind.STILL_BEFORE: N_("Still: before"),
        FileKind.STILL_ONSET: N_("Still: it appears"),
        FileKind.STILL_ACT: N_("Still: the act"),
        FileKind.STILL_AFTER: N_("Still: after"),
        FileKind.OVERLAY: N_("What is drawn over the clip"),
        FileKind.MANIFEST: N_("Manifest"),
        FileKind.SIGNATURE: N_("Signature of the manifest"),
    }
)
"""Photos are downloaded beside the photo itself."""


def facts(language: Language, case: CaseDetail) -> Iterator[Fact]:
    """What is known, in the order it is looked for."""
    say = language.gettext
    yield Fact(say("Place"), place_said(case.address, case.street, case.group))
    yield Fact(say("Moment"), language.moment(case.start_at))
    if case.entered is not None:
        yield from _entered(language, case)
        return
    yield Fact(say("Camera"), case.camera)
    yield Fact(say("Monitoring zone"), _zone(language, case))
    yield Fact(say("Confidence"), language.number(case.score, 2))
    if case.left_by is not None:
        yield Fact(say("Left by"), _left_by(language, case.left_by.kind, case.left_by.score))
    if any(reason.code == "no_permit" for reason in case.reasons):
        yield Fact(say("Permit"), say("None"))
    yield Fact(say("Clock"), *_clock(language, case))
    if case.recorded_s is not None:
        yield Fact(say("Recording"), _recording(language, case))
    if not case.earlier.newest:
        yield Fact(say("At this place"), _earlier(language, case.earlier))


def _entered(language: Language, case: CaseDetail) -> Iterator[Fact]:
    """What a case has to say of itself that a person entered."""
    say = language.gettext
    yield Fact(say("Source"), say(SOURCES[case.source]))
    if case.entered is not None:
        entered = f"{case.entered.by}, {language.moment(case.received_at)}"
        yield Fact(say("Entered by"), entered)
    if case.camera:
        yield Fact(say("Camera near it"), case.camera)
    if not case.earlier.newest:
        yield Fact(say("At this place"), _earlier(language, case.earlier))


def earlier_said(language: Language, earlier: EarlierHere) -> dict[str, Any] | None:
    """How many earlier cases there are at the place, which were the last, and how many more
    there are than those; None where none is to be opened."""
    if not earlier.newest:
        return None
    more = earlier.total - len(earlier.newest)
    return {
        "count": _earlier(language, earlier),
        "newest": [
            {
                "ref": one.ref,
                "code": one.code,
                "when": language.moment(one.start_at),
                "status": said(language, CASE_STATUS[one.state] if one.state else TO_LOOK_AT),
            }
            for one in earlier.newest
        ],
        "more": language.ngettext("and %(n)s earlier one", "and %(n)s earlier ones", more)
        if more
        else "",
    }


def act_begins_t(case: CaseDetail) -> float:
    """The media second since when the act is to be seen, which a thing hidden by who left it is
    not yet."""
    return begins(case.start_t, case.place, case.left_by) if case.place else case.start_t


def stills(language: Language, case: CaseDetail) -> list[dict[str, str]]:
    """Addresses and captions of the stills that are there, in order of time: who leaves a thing may
    be nearest to its place before it is seen there, or long after.

    `at` is the time of day of the picture, as the manifest says, or of the moment it is of; empty
    where neither is known.
    """
    of: Mapping[str, float] = {}
    if case.place is not None:
        of = moments(case.start_t, case.end_t, case.place, case.left_by)
    there = [(word, file) for kind, word in STILLS if (file := case.file(kind)) is not None]
    timed = [(of.get(f.kind) if f.shows_t is None else f.shows_t, word, f) for word, f in there]
    return [
        {
            "url": file.url,
            "word": language.gettext(word),
            "at": "" if t is None else language.clock(wall_time(case, t), seconds=True),
        }
        for t, word, file in sorted(timed, key=lambda still: still[0] or 0.0)
    ]


def thresholds(language: Language, case: CaseDetail) -> list[tuple[str, str]]:
    """What the rule was set to, besides the dwell that the chain names."""
    say, kept = language.gettext, dict(case.thresholds)
    seconds = (
        ("gone", say("Who left it must be gone for")),
        ("grace", say("A place must be clear for")),
    )
    told = [(word, language.duration(kept[name])) for name, word in seconds if name in kept]
    if "min_score" in kept:
        told.append((say("Least score of a detection"), language.number(kept["min_score"], 2)))
    return told


def evidence_files(language: Language, case: CaseDetail) -> list[dict[str, str]]:
    """Every file of the detector's evidence with its address, size and the start of its hash."""
    return [
        {
            "url": f"{file.url}?download=1",
            "word": language.gettext(FILE_WORDS[file.kind]),
            "name": file.name,
            "size": language.gettext("%(n)s kB", n=language.number(file.size / 1000, 1)),
            "sha256": file.sha256,
        }
        for kind in FILE_WORDS
        for file in case.files
        if file.kind is kind
    ]


def history(language: Language, case: CaseDetail) -> list[str]:
    """Every decision as a line, oldest first."""
    return [_history_line(language, decision) for decision in case.decisions]


def _zone(language: Language, case: CaseDetail) -> str:
    """Its name and version, and the ground it is on if the chain says so."""
    zone = language.gettext("%(name)s (version %(n)s)", name=case.zone_name, n=case.zone_version)
    named = next((reason.name for reason in case.reasons if reason.code == "surface"), None)
    known = {surface.value: SURFACES[surface] for surface in Surface}
    if named not in known:
        return zone
    return f"{zone}, {language.gettext(known[named]).lower()}"


def _left_by(language: Language, kind: LeftByKind, score: float) -> str:
    if kind is LeftByKind.UNKNOWN:
        return language.gettext("Unknown")
    word = N_("a person") if kind is LeftByKind.PERSON else N_("a vehicle")
    return f"{language.gettext(word)} ({language.number(score, 2)})"


def _clock(language: Language, case: CaseDetail) -> tuple[str, Status | None]:
    """By how much it was off, where that is known, and whether the moment may be relied on."""
    if case.clock_offset_s is None:
        return "", said(language, CLOCK_OFF)
    off_s = abs(case.clock_offset_s)
    told = language.gettext("off by %(seconds)s s", seconds=language.number(off_s, 1))
    return told, said(language, CLOCK_OFF) if off_s > SYNCHRONISED_S else None


def _recording(language: Language, case: CaseDetail) -> str:
    recorded = language.number(case.recorded_s or 0.0, 1)
    if not case.missing_s:
        return language.gettext("%(seconds)s s, nothing missing", seconds=recorded)
    missing = language.number(case.missing_s, 1)
    return language.gettext(
        "%(seconds)s s, %(missing)s s missing", seconds=recorded, missing=missing
    )


def _earlier(language: Language, earlier: EarlierHere) -> str:
    return language.ngettext(
        "%(n)s time in %(months)s months, %(sufficient)s with sufficient grounds",
        "%(n)s times in %(months)s months, %(sufficient)s with sufficient grounds",
        earlier.total,
        months=earlier.months,
        sufficient=language.number(earlier.sufficient),
    )


def decision_said(language: Language, decision: DecisionView) -> str:
    """The verdict with its reason, the case it repeats, the note, and when it was undone."""
    parts = [language.gettext(VERDICTS[decision.verdict])]
    if decision.reason is not None:
        parts.append(reason_said(language, decision.reason, decision.reason_names))
    if decision.duplicate_of:
        parts.append(decision.duplicate_of)
    if decision.note:
        parts.append(decision.note)
    if decision.undone_at is not None:
        parts.append(language.gettext("undone at %(at)s", at=language.moment(decision.undone_at)))
    return "; ".join(parts)


def _history_line(language: Language, decision: DecisionView) -> str:
    told = decision_said(language, decision)
    return f"{language.moment(decision.at)}, {decision.by}: {told}"
