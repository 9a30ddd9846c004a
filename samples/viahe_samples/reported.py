"""What must be reported of a scene in which something is left, stands or stays together."""

from collections.abc import Iterable

from viahe_rules.domain import Act, LeftByKind
from viahe_rules.geometry import union

from .actors import Actor
from .scene import StagedEvent, StagedZone


def bag(
    sack: Actor,
    zone: StagedZone,
    lies_s: float,
    until_s: float,
    left_by: tuple[LeftByKind, Actor],
    times: tuple[float, float],
) -> StagedEvent:
    """A sack that lies from `lies_s` to the scene's end; `times` are when its leaver had left it,
    and when the leaver's box is taken."""
    (kind, leaver), (left_s, leaver_at_s) = left_by, times
    return StagedEvent(
        act=Act.DUMPING,
        object="bag",
        zone=zone.id,
        region=sack.box_at(lies_s),
        start_s=lies_s,
        end_s=until_s,
        end_open=True,
        owner_left_s=left_s,
        left_by=kind,
        leaver=leaver.box_at(leaver_at_s),
        leaver_at_s=leaver_at_s,
    )


def bus(minibus: Actor, zone: StagedZone) -> StagedEvent:
    """A minibus that comes to a halt at the second of its marks and goes at the third."""
    start_s, end_s = minibus.marks[1].t, minibus.marks[2].t
    region = minibus.box_at(start_s)
    return StagedEvent(Act.ENCROACHMENT, "bus", zone.id, region, start_s, end_s)


def group(men: Iterable[Actor], zone: StagedZone, start_s: float, end_s: float) -> StagedEvent:
    """People who stand together from `start_s` on."""
    region = union(man.box_at(start_s) for man in men)
    return StagedEvent(Act.ENCROACHMENT, "group", zone.id, region, start_s, end_s)
