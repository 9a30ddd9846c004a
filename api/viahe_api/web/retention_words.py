"""How long evidence is kept, in words."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from viahe_api.language import N_, Language
from viahe_api.law import local_day
from viahe_api.retention_reading import CaseKept, StageKept
from viahe_api.vocabulary import Keeping
from viahe_api.web.case_facts import Fact
from viahe_api.web.wording import ACTS

KEEPINGS: Mapping[Keeping, str] = MappingProxyType(
    {
        Keeping.UNREVIEWED: N_("Not reviewed yet"),
        Keeping.NOT_VIOLATION: N_("Not a violation"),
        Keeping.DUPLICATE: N_("Duplicate"),
        Keeping.INSUFFICIENT: N_("Insufficient grounds"),
        Keeping.IN_HANDLING: N_("Being handled"),
        Keeping.REMINDED: N_("Reminded, or commitment signed"),
        Keeping.CLOSED: N_("Closed"),
        Keeping.OF_USE: N_("Use of the evidence"),
    }
)
SOON_DAYS = 30
"""Days before evidence is of no more use from which that is said."""


def kept_facts(language: Language, kept: CaseKept) -> Iterator[Fact]:
    """Rows beside the clip: until when it is there, and until when it is of use."""
    say = language.gettext
    if kept.removed_at is not None:
        day = language.day(local_day(kept.removed_at))
        yield Fact(say("Evidence"), say("removed on %(day)s", day=day))
    elif kept.hold is not None:
        yield Fact(say("Evidence"), say("kept until the hold is lifted"))
    elif kept.last_day is not None and kept.last_day != kept.use_by:
        yield Fact(say("Evidence"), say("kept until %(day)s", day=language.day(kept.last_day)))
    if kept.use_by is not None:
        yield Fact(say("Of use"), say("until %(day)s", day=language.day(kept.use_by)))


def kept_said(language: Language, kept: CaseKept) -> dict[str, Any]:
    """What the case page says of the keeping beside the facts, and offers to do."""
    return {
        "removed": _removed(language, kept),
        "warning": _warning(language, kept),
        "hold": _hold(language, kept),
        "may_hold": kept.may_hold and kept.removed_at is None,
    }


def stage_said(language: Language, stage: StageKept) -> dict[str, Any]:
    """A row of a ward's page."""
    word = language.gettext(KEEPINGS[stage.keeping])
    if stage.act is not None:
        word = f"{word}: {language.gettext(ACTS[stage.act])}"
    rule = stage.rule
    return {
        "keeping": stage.keeping.value,
        "act": stage.act.value if stage.act else "",
        "word": word,
        "lasts": _lasts(language, rule.months, rule.days) if rule else "",
        "months": rule.months if rule else 0,
        "days": rule.days if rule else 0,
        "counted": _counted_from(language, stage.keeping),
        "source": rule.source if rule else "",
        "verified": rule is None or rule.verified_by is not None,
        "own": rule is not None and rule.ward_id is not None,
        "since": language.day(rule.from_day) if rule else "",
    }


def _lasts(language: Language, months: int, days: int) -> str:
    parts = []
    if months:
        parts.append(language.ngettext("%(n)s month", "%(n)s months", months))
    if days:
        parts.append(language.ngettext("%(n)s day", "%(n)s days", days))
    return " ".join(parts)


def _counted_from(language: Language, keeping: Keeping) -> str:
    if keeping is Keeping.OF_USE:
        return language.gettext("from the recording")
    if keeping is Keeping.UNREVIEWED:
        return language.gettext("from receipt")
    return language.gettext("from the last decision or step")


def _removed(language: Language, kept: CaseKept) -> str:
    if kept.removed_at is None:
        return ""
    return language.gettext(
        "Retention has ended. The evidence was removed automatically on %(day)s.",
        day=language.day(local_day(kept.removed_at)),
    )


def _warning(language: Language, kept: CaseKept) -> str:
    if kept.removed_at is not None or kept.use_by is None or kept.days_left is None:
        return ""
    day = language.day(kept.use_by)
    if kept.days_left < 0:
        return language.gettext("The evidence has been of no use since %(day)s.", day=day)
    if kept.days_left <= SOON_DAYS:
        return language.ngettext(
            "The evidence is of use for %(n)s more day (until %(day)s).",
            "The evidence is of use for %(n)s more days (until %(day)s).",
            kept.days_left,
            day=day,
        )
    return ""


def _hold(language: Language, kept: CaseKept) -> dict[str, str] | None:
    if kept.hold is None:
        return None
    return {
        "reason": kept.hold.reason,
        "by": f"{kept.hold.by}, {language.moment(kept.hold.at)}",
    }
