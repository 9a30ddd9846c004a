"""The zone editor's form: figures as typed, to a draft and back.

A zone's rules are shown as three dwell times, for dumping and for two kinds of encroachment, and
a time of its own for any class; and as hours of the week for each act, and for any class that has
hours of its own. What else a rule holds (grace, scores) is kept as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from viahe_api.errors import FieldFault, FormFault
from viahe_api.language import N_, Language
from viahe_api.records import ZoneView
from viahe_api.web.hours_form import AS_ACT, HoursForm, shown_hours, windows_of
from viahe_api.zones import ZoneDraft
from viahe_rules.domain import FURNITURE, GROUP, PORTABLE, THING, VEHICLES, Act, Polygon
from viahe_rules.plan import Rule, Surface, Window


@dataclass(frozen=True, slots=True)
class Watched:
    """A group of classes with one dwell time in the form."""

    act: Act
    labels: frozenset[str]
    word: str

    def own(self, label: str) -> str:
        """The name of a class's own field: what is left and what is on sale are both things."""
        return GOODS if label == THING and self.act is Act.ENCROACHMENT else label


GOODS = "goods-thing"
WATCHED: Mapping[str, Watched] = MappingProxyType(
    {
        "dumped": Watched(Act.DUMPING, PORTABLE, N_("Bags, rubbish, things left behind")),
        "vehicles": Watched(Act.ENCROACHMENT, VEHICLES, N_("Vehicles that stop")),
        "goods": Watched(
            Act.ENCROACHMENT, FURNITURE | {GROUP, THING}, N_("People, tables, chairs, goods")
        ),
    }
)
"""By the name of the form's field."""

USUAL_DWELLS: Mapping[str, str] = MappingProxyType({"dumped": "60", "vehicles": "", "goods": ""})
"""What the fields of a new zone begin with, in seconds."""

NOT_WATCHED = "0"
"""Typed for a class of its own: this one is not watched for, whatever its group is."""

AS_ITS_ACT = HoursForm(AS_ACT)
"""The hours of a class that has none of its own."""


@dataclass(frozen=True, slots=True)
class ZoneForm:
    """The form as typed: percentages and seconds are still text.

    `dwells` is by the group's field, `own` by that of a class: empty is as the group has it.
    `own_hours` is by a class's field too, of those that differ from `AS_ITS_ACT`. A mask is its
    vertices across and down.
    """

    name: str
    surface: str
    across: Sequence[str]
    down: Sequence[str]
    dwells: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[Act, HoursForm] = field(default_factory=dict)
    masks: Sequence[tuple[Sequence[str], Sequence[str]]] = ()
    vending_banned: bool = False
    own_hours: Mapping[str, HoursForm] = field(default_factory=dict)


def hours_field(own: str) -> str:
    """What the names of the fields of a class's hours begin with; `own` is the class's field."""
    return f"hours-{own.replace(' ', '-')}"


def shown(language: Language, zone: ZoneView | None) -> ZoneForm:
    """The form of a zone that holds, or of a new one."""
    if zone is None:
        return ZoneForm("", Surface.PAVEMENT, [], [], USUAL_DWELLS)
    dwells: dict[str, str] = {}
    own: dict[str, str] = {}
    own_hours: dict[str, HoursForm] = {}
    for name, watched in WATCHED.items():
        rule = _rule(zone.rules, watched.act)
        seconds = _seconds(rule, watched)
        usual = min(seconds.values(), default=None)
        dwells[name] = "" if usual is None else _plain(language, usual)
        own |= {
            watched.own(label): _plain(language, seconds[label])
            if label in seconds
            else NOT_WATCHED
            for label in watched.labels
            if usual is not None and seconds.get(label) != usual
        }
        own_hours |= {
            watched.own(label): shown_hours(windows)
            for label, windows in (rule.own_hours if rule else ())
            if label in watched.labels
        }
    return ZoneForm(
        zone.name,
        zone.surface,
        [percent(language, x) for x, _ in zone.polygon],
        [percent(language, y) for _, y in zone.polygon],
        dwells,
        own,
        {rule.act: shown_hours(rule.hours) for rule in reversed(zone.rules)},
        [
            ([percent(language, x) for x, _ in mask], [percent(language, y) for _, y in mask])
            for mask in zone.masks
        ],
        zone.vending_banned,
        own_hours,
    )


def draft_of(form: ZoneForm, held: ZoneView | None) -> ZoneDraft:
    """What the form asks to be kept. Rows without any figure are left out.

    Raises FormFault `not_a_number`, and FieldFault `hours`, `no_day`, `holidays` or `no_time`, of
    the act or of the class whose hours they are.
    """
    polygon = polygon_of(form.across, form.down)
    surface = Surface(form.surface) if form.surface in set(Surface) else Surface.PAVEMENT
    rules = tuple(_rules(form, held.rules if held else ()))
    masks = tuple(mask for across, down in form.masks if (mask := polygon_of(across, down)))
    return ZoneDraft(
        held.zone if held else None,
        form.name,
        polygon,
        surface,
        rules,
        masks,
        form.vending_banned,
    )


def polygon_of(across: Sequence[str], down: Sequence[str]) -> Polygon:
    """The polygon of percentages as typed. Raises FormFault `not_a_number`."""
    rows = zip(across, down, strict=False)
    return tuple((_number(x) / 100, _number(y) / 100) for x, y in rows if x.strip() or y.strip())


def percent(language: Language, fraction: float) -> str:
    """A coordinate as the form shows it, to a tenth."""
    return _plain(language, round(fraction * 100, 1))


def _rules(form: ZoneForm, held: tuple[Rule, ...]) -> Iterable[Rule]:
    for act in Act:
        asked = _asked(form, act)
        rule = _rule(held, act)
        as_held = rule or Rule("", act, ())
        own_hours = tuple(_own_hours(form, act, asked, as_held))
        if asked:
            yield replace(
                as_held,
                dwell=tuple(sorted(asked.items())),
                hours=_windows(form.hours.get(act, HoursForm()), as_held.hours, act),
                own_hours=own_hours,
            )
        yield from (other for other in held if other.act is act and other is not rule)


def _asked(form: ZoneForm, act: Act) -> dict[str, float]:
    """Seconds by class: its own, or its group's."""
    asked = {}
    for name, watched in WATCHED.items():
        usual = form.dwells.get(name, "").strip()
        for label in watched.labels if watched.act is act else ():
            said = form.own.get(watched.own(label), "").strip() or usual
            if said and said != NOT_WATCHED:
                asked[label] = _number(said)
    return asked


def _own_hours(
    form: ZoneForm, act: Act, asked: Mapping[str, float], held: Rule
) -> Iterable[tuple[str, tuple[Window, ...]]]:
    """The classes of an act that have hours of their own, in their order, with these."""
    before = dict(held.own_hours)
    classes = {
        label: each.own(label)
        for each in WATCHED.values()
        if each.act is act
        for label in each.labels
    }
    for label, own in sorted(classes.items()):
        hours = form.own_hours.get(own, AS_ITS_ACT)
        if hours.mode == AS_ACT:
            continue
        if label not in asked:
            raise FieldFault("no_time", f"{label} has hours and no time", hours_field(own))
        yield label, _windows(hours, before.get(label, ()), hours_field(own))


def _windows(hours: HoursForm, held: tuple[Window, ...], name: str) -> tuple[Window, ...]:
    """The hours asked for. Raises FieldFault."""
    try:
        return windows_of(hours, held)
    except FormFault as fault:
        raise FieldFault(fault.fault, str(fault), name) from None


def _rule(rules: Iterable[Rule], act: Act) -> Rule | None:
    """The rule of an act that the form shows: its first."""
    return next((rule for rule in rules if rule.act is act), None)


def _seconds(rule: Rule | None, watched: Watched) -> dict[str, float]:
    """Seconds by class of a group."""
    return {label: s for label, s in (rule.dwell if rule else ()) if label in watched.labels}


def _plain(language: Language, value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language.code == "vi" else text


def _number(text: str) -> float:
    """A figure as typed in either language, without thousands separators."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise FormFault("not_a_number", f"{text.strip()!r} is no number") from None
