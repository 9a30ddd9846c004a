"""What can go wrong, each with the status it answers.

    Refusal
    ├── LookFirst 303
    ├── NotSignedIn 401
    ├── TokenUnknown 401
    ├── Forbidden 403
    │   ├── RoleNeeded
    │   ├── SecondPersonNeeded
    │   ├── FormExpired
    │   └── OtherWard
    ├── NotFound 404
    │   └── NoSuchPeriod
    ├── FormFault 400
    │   ├── FieldFault
    │   └── ZoneFault
    ├── Conflict 409
    │   ├── AlreadyDecided
    │   ├── OpenElsewhere
    │   ├── NotUndoable
    │   ├── TrialBusy
    │   ├── Ambiguous
    │   ├── OtherContent
    │   ├── HashMismatch
    │   └── NotLockable
    ├── RetentionEnded 410
    ├── TooLarge 413
    ├── Malformed 422
    ├── IntegrityLost 500
    ├── TotalsDisagree 500
    ├── Unexpected 500
    ├── DatabaseBusy 503
    └── StorageFull 507

`code` is what the contract calls `error` and what a page looks its sentence up by; `str()` is
one English sentence without secrets. 422 is for malformed payloads only.
"""

from datetime import datetime
from typing import ClassVar

from viahe_api.vocabulary import Role


class Refusal(Exception):
    """Anything a request is refused for."""

    status: int = 400
    code: ClassVar[str] = "refused"


class LookFirst(Refusal):
    """The case waits for the viewer's second look, before which nothing that was decided of it is
    told: `ref` names it. Pages lead to the look."""

    status, code = 303, "look_first"

    def __init__(self, ref: str) -> None:
        super().__init__(f"look at {ref} a second time first, without what was decided")
        self.ref = ref


class NotSignedIn(Refusal):
    status, code = 401, "not_signed_in"


class TokenUnknown(Refusal):
    status, code = 401, "token_unknown"


class Forbidden(Refusal):
    status, code = 403, "forbidden"


class RoleNeeded(Forbidden):
    """`roles`: any one of them would have done."""

    code = "role_needed"

    def __init__(self, *roles: Role) -> None:
        super().__init__(f"needs the role {' or '.join(roles)}")
        self.roles = roles


class SecondPersonNeeded(Forbidden):
    """Who confirmed a case does not hand it over as well."""

    code = "second_person_needed"


class FormExpired(Forbidden):
    """The form's token is not of this session."""

    code = "form_expired"


class OtherWard(Forbidden):
    code = "other_ward"


class NotFound(Refusal):
    """There is no such thing, or not for this viewer: the two are not told apart."""

    status, code = 404, "not_found"


class NoSuchPeriod(NotFound):
    """An address names no period that has begun; `fault` is `periods.PeriodFault`'s word."""

    code = "no_such_period"

    def __init__(self, fault: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


class FormFault(Refusal):
    """A form that asks for what cannot be; `fault` says which field and why, as one word."""

    code = "form_fault"

    def __init__(self, fault: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


class FieldFault(FormFault):
    """What cannot be in one of many fields alike: `field` is what the names of its parts begin
    with."""

    def __init__(self, fault: str, sentence: str, field: str) -> None:
        super().__init__(fault, sentence)
        self.field = field


class ZoneFault(FormFault):
    """A polygon or rule that cannot hold.

    `faults` are pairs of a phrase (`viahe_rules.geometry`'s constants or `zones`'s) and the
    numbers it needs: for crossing edges (2, 3, 5, 6) means edge 2-3 crosses edge 5-6.
    """

    code = "zone_fault"

    def __init__(self, faults: tuple[tuple[str, tuple[int, ...]], ...]) -> None:
        super().__init__("zone", "; ".join(phrase for phrase, _ in faults))
        self.faults = faults


class Conflict(Refusal):
    status, code = 409, "conflict"


class AlreadyDecided(Conflict):
    """Somebody was first: `by` whom and `at` when (UTC)."""

    code = "already_decided"

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(f"{by} decided this case at {at:%Y-%m-%dT%H:%M:%SZ}")
        self.by, self.at = by, at


class OpenElsewhere(Conflict):
    """The lease was lost: `by` holds it `until` (UTC)."""

    code = "open_elsewhere"

    def __init__(self, by: str, until: datetime) -> None:
        super().__init__(f"{by} has this case open until {until:%Y-%m-%dT%H:%M:%SZ}")
        self.by, self.until = by, until


class TrialBusy(Conflict):
    """Another zone is being tried: trying takes a whole processor, so one at a time."""

    code = "trial_busy"


class NotUndoable(Conflict):
    """Not the viewer's own decision, already undone, or somebody has built on it."""

    code = "not_undoable"


class Ambiguous(Conflict):
    """A case code that several of the viewer's wards have given."""

    code = "ambiguous"


class OtherContent(Conflict):
    code = "other_content"


class HashMismatch(Conflict):
    code = "hash_mismatch"


class NotLockable(Conflict):
    """`why` in one word: `running` while the period has not ended, `locked` if it is already."""

    code = "not_lockable"

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


class RetentionEnded(Refusal):
    """The case's evidence was removed because its time was over: nothing is decided without."""

    status, code = 410, "retention_ended"


class TooLarge(Refusal):
    status, code = 413, "too_large"


class Malformed(Refusal):
    status, code = 422, "malformed"


class IntegrityLost(Refusal):
    """Stored evidence is gone or not what it was."""

    status, code = 500, "integrity_lost"


class TotalsDisagree(Refusal):
    """Two places of a report count differently: nothing of it is handed out. Ours to mend."""

    status, code = 500, "totals_disagree"


class Unexpected(Refusal):
    """Our own fault; `number` finds it in the log."""

    status, code = 500, "unexpected"

    def __init__(self, number: str) -> None:
        super().__init__(f"error {number}: retry, or report this number")
        self.number = number


class DatabaseBusy(Refusal):
    """Others wrote for longer than is waited; nothing is kept and a retry is welcome."""

    status, code = 503, "database_busy"


class StorageFull(Refusal):
    """The disk cannot take the bytes; nothing of them is kept and a retry is welcome."""

    status, code = 507, "storage_full"


class StartRefused(Exception):
    """The settings do not allow to start; the sentence says which and what to do."""
