"""The zone editor's form: figures as typed, to a draft and back.

A zone's rules are shown as three dwell times, for dumping and for two kinds of encroachment;
an empty field means that this is not watched for. What else a rule holds (hours, grace,
scores) is kept as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from viahe_api.errors import FormFault
from viahe_api.language import N_, Language
from viahe_api.records import ZoneView
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import FURNITURE, GROUP, PORTABLE, VEHICLES, Act, Rule, Surface


@dataclass(frozen=True, slots=True)
class Watched:
    """A group of classes with one dwell time in the form."""

    act: Act
    labels: frozenset[str]
    word: str


WATCHED: Mapping[str, Watched] = MappingProxyType(
    {
        "dumped": Watched(Act.DUMPING, PORTABLE, N_("Bags, rubbish, things left behind")),
        "vehicles": Watched(Act.ENCROACHMENT, VEHICLES, N_("Vehicles that stop")),
        "goods": Watched(
            Act.ENCROACHMENT, FURNITURE | {GROUP}, N_("People, tables, chairs, goods")
        ),
    }
)
"""By the name of the form's field."""

USUAL_DWELLS: Mapping[str, str] = MappingProxyType({"dumped": "60", "vehicles": "", "goods": ""})
"""What the fields of a new zone begin with, in seconds."""


@dataclass(frozen=True, slots=True)
class ZoneForm:
    """The form as typed: percentages and seconds are still text."""

    name: str
    surface: str
    across: Sequence[str]
    down: Sequence[str]
    dwells: Mapping[str, str]


def shown(language: Language, zone: ZoneView | None) -> ZoneForm:
    """The form of a zone that holds, or of a new one."""
    if zone is None:
        return ZoneForm("", Surface.PAVEMENT, [], [], USUAL_DWELLS)
    return ZoneForm(
        zone.name,
        zone.surface,
        [_percent(language, x) for x, _ in zone.polygon],
        [_percent(language, y) for _, y in zone.polygon],
        {field: _dwell(language, zone.rules, watched) for field, watched in WATCHED.items()},
    )


def draft_of(form: ZoneForm, held: ZoneView | None) -> ZoneDraft:
    """What the form asks to be kept. Rows without any figure are left out.

    Raises FormFault `not_a_number` for a figure that is none.
    """
    rows = zip(form.across, form.down, strict=False)
    polygon = tuple((_number(x) / 100, _number(y) / 100) for x, y in rows if x.strip() or y.strip())
    surface = Surface(form.surface) if form.surface in set(Surface) else Surface.PAVEMENT
    rules = tuple(_rules(form.dwells, held.rules if held else ()))
    return ZoneDraft(held.zone if held else None, form.name, polygon, surface, rules)


def _rules(dwells: Mapping[str, str], held: tuple[Rule, ...]) -> Iterable[Rule]:
    for act in Act:
        asked = {
            label: _number(dwells[field])
            for field, watched in WATCHED.items()
            if watched.act is act and dwells.get(field, "").strip()
            for label in watched.labels
        }
        rule = next((rule for rule in held if rule.act is act), None)
        if asked:
            yield replace(rule or Rule("", act, ()), dwell=_kept(rule, dwells, asked))
        yield from (other for other in held if other.act is act and other is not rule)


def _kept(
    rule: Rule | None, dwells: Mapping[str, str], asked: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """The asked dwells; a group whose shown figure was not touched keeps each class's own."""
    result = dict(asked)
    for field, watched in WATCHED.items():
        own = {label: s for label, s in (rule.dwell if rule else ()) if label in watched.labels}
        if own and dwells.get(field, "").strip() and _number(dwells[field]) == min(own.values()):
            for label in watched.labels:
                result.pop(label, None)
            result |= own
    return tuple(sorted(result.items()))


def _dwell(language: Language, rules: Iterable[Rule], watched: Watched) -> str:
    found = [
        seconds
        for rule in rules
        if rule.act is watched.act
        for label, seconds in rule.dwell
        if label in watched.labels
    ]
    return _plain(language, min(found)) if found else ""


def _percent(language: Language, fraction: float) -> str:
    return _plain(language, round(fraction * 100, 1))


def _plain(language: Language, value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language.code == "vi" else text


def _number(text: str) -> float:
    """A figure as typed in either language, without thousands separators."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise FormFault("not_a_number", f"{text.strip()!r} is no number") from None
