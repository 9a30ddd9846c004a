"""Why cases are rejected: ten fixed reasons, and what each ward makes of them.

A fixed reason keeps its meaning for ever, since reports count by it. A ward may rename it, give
it another key or stop offering it, and add reasons of its own, each of which counts as one of
the fixed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from viahe_api import audit
from viahe_api.errors import FormFault, NotFound
from viahe_api.scope import Viewer, scoped
from viahe_api.tables import Decision, SecondReview, Ward, WardReason
from viahe_api.vocabulary import (
    CASE_READERS,
    INSUFFICIENT_REASONS,
    CaseState,
    RejectReason,
    Role,
)

REASON_KEEPERS = (Role.ADMINISTRATOR,)
DIGITS = "1234567890"
LONGEST_NAME = 80
MOST_OWN = 20
"""Reasons a ward may add: a list that nobody can take in at a glance is no help."""

Names = tuple[str, str]
"""In Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class RejectionReason:
    """`code` is what a decision's form sends. `names` are the ward's own, None for a fixed one
    that is called what it always was. `row_id` is None where the ward says nothing of it."""

    code: str
    meaning: RejectReason
    names: Names | None
    digit: str
    offered: bool
    row_id: int | None = None

    @property
    def fixed(self) -> bool:
        return self.code == self.meaning.value

    @property
    def needs_note(self) -> bool:
        """Only the reason that says nothing itself."""
        return self.code == RejectReason.OTHER.value

    @property
    def leads_to(self) -> CaseState:
        insufficient = self.meaning in INSUFFICIENT_REASONS
        return CaseState.INSUFFICIENT if insufficient else CaseState.NOT_VIOLATION


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """A reason as the administrator's form has it; of a fixed one empty names keep its own."""

    code: str
    name_vi: str
    name_en: str
    digit: str
    offered: bool


@dataclass(frozen=True, slots=True)
class WardReasons:
    """What the administrator's page shows: `used` are codes that stand in a decision."""

    ward_id: int
    ward: str
    reasons: tuple[RejectionReason, ...]
    used: frozenset[str]


def reasons_of(session: Session, ward_id: int) -> tuple[RejectionReason, ...]:
    """All reasons of a ward, also those not offered: by their keys, then those without one."""
    rows = session.scalars(select(WardReason).where(WardReason.ward_id == ward_id))
    return _with_fixed(rows)


def offered_reasons(session: Session, ward_id: int) -> tuple[RejectionReason, ...]:
    """Those a case of the ward can be rejected for now."""
    return tuple(reason for reason in reasons_of(session, ward_id) if reason.offered)


def chosen_reason(session: Session, ward_id: int, code: str | None, note: str) -> RejectionReason:
    """The reason a form chose. Raises FormFault `reason_needed` or `note_needed`."""
    offered = {reason.code: reason for reason in offered_reasons(session, ward_id)}
    if code not in offered:
        raise FormFault("reason_needed", "choose a reason to reject a case")
    if offered[code].needs_note and not note:
        raise FormFault("note_needed", "say in the note what the other reason is")
    return offered[code]


def filter_reasons(session: Session, viewer: Viewer) -> tuple[RejectionReason, ...]:
    """The reasons of all wards whose cases the viewer reads, each code once."""
    wards = session.scalars(scoped(select(Ward.id), Ward.id, viewer, *CASE_READERS)).all()
    rows = scoped(select(WardReason), WardReason.ward_id, viewer, *CASE_READERS)
    by_ward: defaultdict[int, list[WardReason]] = defaultdict(list)
    for row in session.scalars(rows):
        by_ward[row.ward_id].append(row)
    found: dict[str, RejectionReason] = {}
    for ward_id in wards:
        for reason in _with_fixed(by_ward[ward_id]):
            found.setdefault(reason.code, reason)
    return tuple(sorted(found.values(), key=_in_order))


def kept_reasons(session: Session, viewer: Viewer) -> tuple[WardReasons, ...]:
    """The reasons of the wards the viewer administers, by ward. Raises RoleNeeded."""
    viewer.require(*REASON_KEEPERS)
    wards = session.execute(
        scoped(select(Ward.id, Ward.name), Ward.id, viewer, *REASON_KEEPERS).order_by(Ward.name)
    )
    return tuple(
        WardReasons(ward_id, name, reasons_of(session, ward_id), _used(session, ward_id))
        for ward_id, name in wards.all()
    )


def change_reasons(
    session: Session,
    viewer: Viewer,
    ward_id: int,
    changes: Sequence[ReasonChange],
    *,
    now: datetime,
) -> None:
    """Keep what the form says of every reason it names.

    Raises FormFault (`name_needed`, `digit`, `digit_twice`, `none_offered`), NotFound for a
    reason or ward that is not the viewer's to keep, RoleNeeded.
    """
    _ward(session, viewer, ward_id)
    known = {reason.code: reason for reason in reasons_of(session, ward_id)}
    for code, change in {change.code: change for change in changes}.items():
        if code not in known:
            raise NotFound(f"ward {ward_id} has no reason {code}")
        _change(session, ward_id, known[code], change)
    session.flush()
    _check_together(reasons_of(session, ward_id))
    detail = {change.code: [change.name_vi, change.digit, change.offered] for change in changes}
    _log(session, viewer, "reasons.changed", ward_id, detail, now)


def add_reason(
    session: Session, viewer: Viewer, ward_id: int, names: Names, meaning: str, *, now: datetime
) -> str:
    """A reason of the ward's own, with the first key that is free; returns its code.

    Raises FormFault (`name_needed`, `meaning_needed`, `too_many`), NotFound, RoleNeeded.
    """
    _ward(session, viewer, ward_id)
    if meaning not in set(RejectReason):
        raise FormFault("meaning_needed", "say which fixed reason it counts as")
    known = reasons_of(session, ward_id)
    own = [int(reason.code[1:]) for reason in known if not reason.fixed]
    if len(own) >= MOST_OWN:
        raise FormFault("too_many", f"a ward adds at most {MOST_OWN} reasons")
    taken = {reason.digit for reason in known if reason.offered}
    vietnamese, english = _checked_names(*names)
    row = WardReason(
        ward_id=ward_id,
        code=f"w{max(own, default=0) + 1}",
        meaning=RejectReason(meaning),
        name_vi=vietnamese,
        name_en=english,
        digit=next((digit for digit in DIGITS if digit not in taken), ""),
        offered=True,
    )
    session.add(row)
    session.flush()
    detail = {"code": row.code, "name": vietnamese, "meaning": meaning}
    _log(session, viewer, "reasons.added", ward_id, detail, now)
    return row.code


def remove_reason(
    session: Session, viewer: Viewer, ward_id: int, code: str, *, now: datetime
) -> None:
    """Take away a reason the ward added and nobody ever gave.

    Raises FormFault `reason_used`, NotFound for a fixed or unknown one, RoleNeeded.
    """
    _ward(session, viewer, ward_id)
    row = session.scalar(
        select(WardReason).where(WardReason.ward_id == ward_id, WardReason.code == code)
    )
    if row is None or row.code == row.meaning.value:
        raise NotFound(f"ward {ward_id} has added no reason {code}")
    if code in _used(session, ward_id):
        raise FormFault("reason_used", f"reason {code} stands in decisions: stop offering it")
    session.delete(row)
    session.flush()
    _log(session, viewer, "reasons.removed", ward_id, {"code": code}, now)


def own_names(row: WardReason | None) -> Names | None:
    """A ward's own words for a reason, None where it has none."""
    return (row.name_vi, row.name_en) if row and row.name_vi else None


def _with_fixed(rows: Iterable[WardReason]) -> tuple[RejectionReason, ...]:
    """What a ward says of reasons, beside the fixed ones it says nothing of."""
    said = {row.code: _of_row(row) for row in rows}
    fixed = {reason.value: _as_it_comes(reason) for reason in RejectReason}
    return tuple(sorted((fixed | said).values(), key=_in_order))


def _of_row(row: WardReason) -> RejectionReason:
    return RejectionReason(row.code, row.meaning, own_names(row), row.digit, row.offered, row.id)


def _as_it_comes(reason: RejectReason) -> RejectionReason:
    return RejectionReason(reason.value, reason, None, reason.value, True)


def _in_order(reason: RejectionReason) -> tuple[int, str]:
    """By the keys as they lie on a keyboard."""
    place = DIGITS.index(reason.digit) if reason.digit else len(DIGITS)
    return place, reason.code


def _ward(session: Session, viewer: Viewer, ward_id: int) -> None:
    viewer.require(*REASON_KEEPERS)
    known = scoped(select(Ward.id).where(Ward.id == ward_id), Ward.id, viewer, *REASON_KEEPERS)
    if session.scalar(known) is None:
        raise NotFound(f"no ward {ward_id} that {viewer.login} administers")


def _change(session: Session, ward_id: int, known: RejectionReason, change: ReasonChange) -> None:
    if change.digit and (len(change.digit) != 1 or change.digit not in DIGITS):
        raise FormFault("digit", "a key is one digit")
    bare = known.fixed and not change.name_vi.strip() and not change.name_en.strip()
    names = ("", "") if bare else _checked_names(change.name_vi, change.name_en)
    row = session.get(WardReason, known.row_id) if known.row_id else None
    if row is None:
        row = WardReason(ward_id=ward_id, code=known.code, meaning=known.meaning)
        session.add(row)
    row.name_vi, row.name_en = names
    row.digit, row.offered = change.digit, change.offered


def _checked_names(vietnamese: str, english: str) -> Names:
    names = (vietnamese.strip(), english.strip())
    if not all(0 < len(name) <= LONGEST_NAME for name in names):
        raise FormFault("name_needed", f"a reason has a name of 1 to {LONGEST_NAME} characters")
    return names


def _check_together(reasons: Iterable[RejectionReason]) -> None:
    digits = [reason.digit for reason in reasons if reason.offered]
    if not digits:
        raise FormFault("none_offered", "offer at least one reason")
    pressed = [digit for digit in digits if digit]
    if len(pressed) != len(set(pressed)):
        raise FormFault("digit_twice", "two offered reasons have the same key")


def _used(session: Session, ward_id: int) -> frozenset[str]:
    used = or_(
        WardReason.id.in_(select(Decision.ward_reason_id)),
        WardReason.id.in_(select(SecondReview.ward_reason_id)),
    )
    found = select(WardReason.code).where(WardReason.ward_id == ward_id, used)
    return frozenset(session.scalars(found))


def _log(
    session: Session,
    viewer: Viewer,
    action: str,
    ward_id: int,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    subject = f"ward:{ward_id}/reasons"
    audit.append(session, viewer, action, subject, now=now, ward_id=ward_id, detail=detail)
