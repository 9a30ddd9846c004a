"""What was checked before a case was raised, in words: thresholds, surface, hours, permits."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.web.wording import SURFACES, THINGS
from viahe_rules.domain import Reason
from viahe_rules.plan import Surface

Check = Callable[[Language, Reason], str]


def _required(language: Language, reason: Reason) -> str:
    return language.gettext(
        "the rule asks for at least %(lasted)s", lasted=language.duration(reason.value or 0.0)
    )


def _known_by_place(language: Language, reason: Reason) -> str:
    share = f"{language.number(100 * (reason.value or 0.0))} %"
    return language.gettext(
        "in %(share)s of these known by how its place looks, not named by the network", share=share
    )


def _seen_share(language: Language, reason: Reason) -> str:
    share = f"{language.number(100 * (reason.value or 0.0))} %"
    return language.gettext("seen in %(share)s of the looks at its place", share=share)


def _surface(language: Language, reason: Reason) -> str:
    known = {surface.value: language.gettext(word) for surface, word in SURFACES.items()}
    surface = known.get(reason.name or "", reason.name or "")
    return language.gettext("surface: %(surface)s", surface=surface.lower())


def _in_hours(language: Language, reason: Reason) -> str:
    if reason.name is None:
        return language.gettext("within the hours of the rule")
    thing = language.gettext(THINGS.get(reason.name, reason.name))
    return language.gettext("within the hours that the rule has for this: %(thing)s", thing=thing)


def _excused(language: Language, reason: Reason) -> str:
    kind, _, number = (reason.name or "").partition(":")
    if kind == "permit":
        return language.gettext("permit %(number)s covers it", number=number)
    if kind == Surface.WASTE_POINT:
        return language.gettext("set out at a waste collection point in its hours")
    return language.gettext("in quiet hours")


def _about_a_permit(words: str) -> Check:
    return lambda language, reason: language.gettext(words, number=reason.name or "")


def _plain(words: str) -> Check:
    return lambda language, _: language.gettext(words)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "required": _required,
        "seen_share": _seen_share,
        "known_by_place": _known_by_place,
        "surface": _surface,
        "vending_banned": _plain(N_("nothing may be sold in this street")),
        "in_hours": _in_hours,
        "permit_other_things": _about_a_permit(
            N_("permit %(number)s does not cover things of this kind")
        ),
        "permit_not_yet": _about_a_permit(N_("permit %(number)s did not hold yet")),
        "permit_expired": _about_a_permit(N_("permit %(number)s had expired")),
        "permit_out_of_hours": _about_a_permit(N_("permit %(number)s did not hold at this hour")),
        "no_permit": _plain(N_("no permit covers it")),
        "not_quiet": _plain(N_("outside quiet hours")),
        "time_unknown": _plain(
            N_("the time of day was not known, so that permits were not checked")
        ),
        "excused": _excused,
    }
)
"""By the code the detector gives."""
