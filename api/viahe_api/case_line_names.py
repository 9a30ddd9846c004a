"""What the ids in a list of cases are called: looked up once each, not joined to every line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from viahe_api.tables import Account, Camera, ResidentialGroup, Ward, WardReason
from viahe_api.tables.handling import LegalBasis

N = TypeVar("N")

WARD, CAMERA, REPORTED_GROUP, REVIEWER, WARD_REASON, BASIS = 1, 9, 13, 15, 16, 19
"""Where a row of `case_lines.lines` has an id."""


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where a camera hangs."""

    name: str = ""
    address: str = ""
    street: str = ""
    group_id: int | None = None


NO_CAMERA = CameraPlace()


class CaseLineNames:
    """By id, of the rows it was told of: `wards` has codes, `reasons` a ward's own words for
    one, in Vietnamese and English, if it has any."""

    def __init__(self, session: Session) -> None:
        wards = _Names(session, select(Ward.id, Ward.code), str)
        cameras = _Names(
            session,
            select(Camera.id, Camera.name, Camera.address, Camera.street, Camera.group_id),
            CameraPlace,
        )
        groups = _Names(session, select(ResidentialGroup.id, ResidentialGroup.name), str)
        people = _Names(session, select(Account.id, Account.name), str)
        words = select(WardReason.id, WardReason.name_vi, WardReason.name_en)
        reasons = _Names(session, words, _own_words)
        said = select(LegalBasis.id, LegalBasis.provision, LegalBasis.instrument)
        bases = _Names(session, said, "{} {}".format)
        self._ids = (
            (WARD, wards),
            (CAMERA, cameras),
            (REPORTED_GROUP, groups),
            (REVIEWER, people),
            (WARD_REASON, reasons),
            (BASIS, bases),
        )
        self._groups = groups
        self.wards, self.cameras, self.groups = wards.found, cameras.found, groups.found
        self.people, self.reasons, self.bases = people.found, reasons.found, bases.found

    def learn(self, rows: Sequence[Any]) -> None:
        """Read what these rows of `case_lines.lines` name."""
        for place, names in self._ids:
            names.learn({row[place] for row in rows})
        self._groups.learn(camera.group_id for camera in self.cameras.values())


class _Names(Generic[N]):
    """`of` selects an id and what `make` makes a name of."""

    def __init__(
        self, session: Session, of: "Select[*tuple[Any, ...]]", make: Callable[..., N]
    ) -> None:
        self._session, self._of, self._make = session, of, make
        self.found: dict[int, N] = {}

    def learn(self, ids: Iterable[int | None]) -> None:
        new = {id_ for id_ in ids if id_ is not None} - self.found.keys()
        if new:
            key = self._of.selected_columns[0]
            for id_, *parts in self._session.execute(self._of.where(key.in_(new))):
                self.found[id_] = self._make(*parts)


def _own_words(vietnamese: str, english: str) -> tuple[str, str] | None:
    return (vietnamese, english) if vietnamese else None
