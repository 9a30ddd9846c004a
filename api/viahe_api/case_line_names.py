"""What the ids in a list of cases are called: looked up once each, not joined to every line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from viahe_api.case_line_papers import CasePapers
from viahe_api.law import basis_name
from viahe_api.tables import Account, Camera, ResidentialGroup, Ward, WardReason
from viahe_api.tables.handling import LegalBasis

N = TypeVar("N")

WARD, CAMERA = 1, 9
"""Where a row of `case_line_rows.lines` has an id."""


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
        bases = _Names(session, select(LegalBasis.id, basis_name()), str)
        self._wards, self._cameras, self._groups = wards, cameras, groups
        self._people, self._reasons, self._bases = people, reasons, bases
        self.wards, self.cameras, self.groups = wards.found, cameras.found, groups.found
        self.people, self.reasons, self.bases = people.found, reasons.found, bases.found

    def learn(self, rows: Sequence[Any], papers: CasePapers) -> None:
        """Read what these rows of `case_line_rows.lines`, and the papers of them, name."""
        self._wards.learn({row[WARD] for row in rows})
        self._cameras.learn({row[CAMERA] for row in rows})
        self._groups.learn({row[3] for row in papers.reports.values()})
        self._groups.learn({camera.group_id for camera in self.cameras.values()})
        self._people.learn({row[3] for row in papers.decisions.values()})
        self._reasons.learn({row[4] for row in papers.decisions.values()})
        self._bases.learn({row[4] for row in papers.sanctions.values()})


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
