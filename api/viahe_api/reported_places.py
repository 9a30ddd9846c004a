"""Where people reported cases: what a queue can be narrowed to beside its cameras' places."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from viahe_api.scope import Viewer, scoped
from viahe_api.tables import HandReport, ResidentialGroup, Ward
from viahe_api.vocabulary import CASE_READERS


@dataclass(frozen=True, slots=True)
class ReportedPlaces:
    """Names, each once and in order, which may be no camera's."""

    groups: tuple[str, ...]
    streets: tuple[str, ...]


def reported_places(session: Session, viewer: Viewer) -> ReportedPlaces:
    """The tổ dân phố and streets of what was entered by hand in the viewer's wards."""
    of_group = select(HandReport.case_id).where(HandReport.group_id == ResidentialGroup.id)
    groups = select(ResidentialGroup.name).where(of_group.exists()).distinct()
    return ReportedPlaces(
        tuple(
            sorted(session.scalars(scoped(groups, ResidentialGroup.ward_id, viewer, *CASE_READERS)))
        ),
        tuple(sorted(set(_streets(session, viewer)))),
    )


def _streets(session: Session, viewer: Viewer) -> list[str]:
    """From one street of a ward to the next in the index: a look for each street, where a
    DISTINCT would read every report there ever was."""
    first = select(func.min(HandReport.street)).where(HandReport.ward_id == Ward.id)
    wards = select(Ward.id.label("ward_id"), first.scalar_subquery().label("street"))
    found = scoped(wards, Ward.id, viewer, *CASE_READERS).cte("found", recursive=True)
    following = select(func.min(HandReport.street)).where(
        HandReport.ward_id == found.c.ward_id, HandReport.street > found.c.street
    )
    found = found.union_all(
        select(found.c.ward_id, following.scalar_subquery()).where(found.c.street.is_not(None))
    )
    return list(session.scalars(select(found.c.street).where(found.c.street != "").distinct()))
