"""How one version of a zone differs from another, in words."""

from collections.abc import Collection, Iterable, Iterator

from viahe_api.language import Language
from viahe_api.web.hours_form import EXCEPT, ONLY, shown_hours
from viahe_api.web.reasons import thing_name
from viahe_api.web.typed_times import minute_said
from viahe_api.web.typed_windows import windows_of
from viahe_api.web.weekdays import holidays_said, weekdays
from viahe_api.web.wording import ACTS, SURFACES
from viahe_rules.domain import Act
from viahe_rules.plan import Holidays, Rule, Window, Zone


def differences(language: Language, earlier: Zone, later: Zone) -> Iterator[str]:
    """A sentence for each thing that is not the same."""
    say = language.gettext
    if earlier.name != later.name:
        yield say("Name: %(before)s, now %(after)s.", before=earlier.name, after=later.name)
    if earlier.surface is not later.surface:
        before, after = (say(SURFACES[zone.surface]) for zone in (earlier, later))
        yield say("Ground: %(before)s, now %(after)s.", before=before, after=after)
    if earlier.vending_banned != later.vending_banned:
        yield say("Nothing may be sold.") if later.vending_banned else say("Selling not banned.")
    if earlier.polygon != later.polygon:
        yield say(
            "Drawn anew: %(before)s vertices, now %(after)s.",
            before=len(earlier.polygon),
            after=len(later.polygon),
        )
    if earlier.masks != later.masks:
        yield say(
            "Masks: %(before)s, now %(after)s.", before=len(earlier.masks), after=len(later.masks)
        )
    for act in Act:
        yield from _rules(language, act, _rule(earlier, act), _rule(later, act))


def hours_said(language: Language, windows: tuple[Window, ...]) -> str:
    """Hours of the week in words."""
    form = shown_hours(windows)
    if form.mode not in (ONLY, EXCEPT):
        return language.gettext("As it was") if windows else language.gettext("At all hours")
    span = windows_said(language, windows_of(form.windows))
    if form.mode == ONLY:
        return language.gettext("only %(span)s", span=span)
    return language.gettext("except %(span)s", span=span)


def windows_said(language: Language, windows: Iterable[Window]) -> str:
    """Several windows of the week in words."""
    return "; ".join(
        _span(
            language,
            f"{minute_said(one.start_minute)}-{minute_said(one.end_minute)}",
            one.days,
            one.holidays,
        )
        for one in windows
    )


def _span(language: Language, hours: str, days: Collection[int], holidays: Holidays) -> str:
    """Hours with their days, which are not named where it is all of them."""
    names = weekdays(language)
    named = "" if len(days) == 7 else ", ".join(names[day] for day in sorted(days))
    apart = "" if holidays is Holidays.AS_WEEKDAY else holidays_said(language, holidays)
    return ", ".join(part for part in (f"{hours} {named}".rstrip(), apart) if part)


def _rule(zone: Zone, act: Act) -> Rule:
    found = next((rule for rule in zone.rules if rule.act is act), None)
    return found or Rule("", act, ())


def _rules(language: Language, act: Act, earlier: Rule, later: Rule) -> Iterator[str]:
    word = language.gettext(ACTS[act])
    before, after = dict(earlier.dwell), dict(later.dwell)
    for label in sorted(before.keys() | after.keys()):
        if before.get(label) != after.get(label):
            yield language.gettext(
                "%(act)s, %(thing)s: %(before)s, now %(after)s.",
                act=word,
                thing=thing_name(language, label),
                before=_seconds(language, before.get(label)),
                after=_seconds(language, after.get(label)),
            )
    if earlier.hours != later.hours:
        yield language.gettext(
            "%(act)s, hours: %(before)s, now %(after)s.",
            act=word,
            before=hours_said(language, earlier.hours),
            after=hours_said(language, later.hours),
        )
    yield from _own_hours(language, word, earlier, later)


def _own_hours(language: Language, word: str, earlier: Rule, later: Rule) -> Iterator[str]:
    before, after = dict(earlier.own_hours), dict(later.own_hours)
    for label in sorted(before.keys() | after.keys()):
        held, holds = before.get(label), after.get(label)
        if held == holds:
            continue
        yield language.gettext(
            "%(act)s, %(thing)s, hours: %(before)s, now %(after)s.",
            act=word,
            thing=thing_name(language, label),
            before=_own_said(language, held),
            after=_own_said(language, holds),
        )


def _own_said(language: Language, windows: tuple[Window, ...] | None) -> str:
    return language.gettext("As the act") if windows is None else hours_said(language, windows)


def _seconds(language: Language, value: float | None) -> str:
    return language.gettext("not watched for") if value is None else language.duration(value)
