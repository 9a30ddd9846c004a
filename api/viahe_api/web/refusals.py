"""What a page says when a request is refused: what it is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.errors import (
    Ambiguous,
    DatabaseBusy,
    Forbidden,
    FormExpired,
    IntegrityLost,
    NoSuchPeriod,
    NotFound,
    NotLockable,
    NotUndoable,
    Refusal,
    RetentionEnded,
    RoleNeeded,
    SecondPersonNeeded,
    StorageFull,
    TooLarge,
    TrialBusy,
    Unexpected,
)
from viahe_api.language import N_, Language
from viahe_api.web.wording import ROLES


@dataclass(frozen=True, slots=True)
class RefusalSaid:
    """A heading and a sentence."""

    title: str
    sentence: str


_PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": N_("There is no such period: check year and number."),
        "backwards": N_("End must follow start."),
        "not_begun": N_("This period has not begun yet: there is nothing to count."),
    }
)
"""By the word of `NoSuchPeriod.fault`."""

_SAID: Mapping[type[Refusal], RefusalSaid] = MappingProxyType(
    {
        RoleNeeded: RefusalSaid(N_("Not allowed"), N_("Needs role %(role)s.")),
        FormExpired: RefusalSaid(N_("Session ended"), N_("Session ended. Your text is kept.")),
        SecondPersonNeeded: RefusalSaid(
            N_("Not allowed"), N_("Who confirmed a case does not hand it over: another must.")
        ),
        Forbidden: RefusalSaid(N_("Not allowed"), N_("This is outside your wards.")),
        NotFound: RefusalSaid(
            N_("Not found"),
            N_("There is no such page or case, or it is outside your wards."),
        ),
        NoSuchPeriod: RefusalSaid(N_("No such period"), N_("There is no such period.")),
        NotLockable: RefusalSaid(
            N_("Not locked"), N_("The period has not ended, or its figures are locked already.")
        ),
        IntegrityLost: RefusalSaid(
            N_("Integrity error"),
            N_(
                "What is stored is not what was sealed, so nothing of it is shown. Tell the "
                "administrator."
            ),
        ),
        Ambiguous: RefusalSaid(
            N_("Not found"),
            N_("Several wards have a case of this code: open it from the queue."),
        ),
        NotUndoable: RefusalSaid(
            N_("Not undone"), N_("Cannot be undone: somebody has built on it.")
        ),
        RetentionEnded: RefusalSaid(N_("Removed"), N_("Retention has ended.")),
        DatabaseBusy: RefusalSaid(
            N_("Not possible"), N_("Much is being written just now. Try again in a moment.")
        ),
        StorageFull: RefusalSaid(
            N_("System error"), N_("The disk is full. Tell the administrator.")
        ),
        TrialBusy: RefusalSaid(
            N_("Not possible"), N_("Another zone is being tried. Try again in a minute.")
        ),
        TooLarge: RefusalSaid(N_("Not possible"), N_("The file is too large: at most 8 MB.")),
        Unexpected: RefusalSaid(N_("System error"), N_("Error %(code)s. Retry or report it.")),
        Refusal: RefusalSaid(N_("Not possible"), N_("Error %(code)s. Retry or report it.")),
    }
)
"""By the nearest class above the refusal's own."""


def said_of(language: Language, refusal: Refusal) -> RefusalSaid:
    """The words of a refusal in the language."""
    said = next(_SAID[kind] for kind in type(refusal).__mro__ if kind in _SAID)
    if isinstance(refusal, NoSuchPeriod):
        said = RefusalSaid(said.title, _PERIODS.get(refusal.fault, said.sentence))
    roles = refusal.roles if isinstance(refusal, RoleNeeded) else ()
    return RefusalSaid(
        language.gettext(said.title),
        language.gettext(
            said.sentence,
            role=", ".join(language.gettext(ROLES[role]) for role in roles),
            code=refusal.number if isinstance(refusal, Unexpected) else refusal.code,
        ),
    )
