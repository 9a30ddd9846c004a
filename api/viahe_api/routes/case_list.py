"""The list a case was opened from: its filters travel in the address, so that a decision opens
the next case of the same list."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from viahe_api.months import LOCAL
from viahe_api.queries import QueueFilters
from viahe_api.queue_order import QueueOrder
from viahe_api.vocabulary import OPEN_STATES, REJECTED_STATES, CaseState, Source
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class CaseList:
    """Filters as the query string has them; empty strings mean all. Days are dd/mm/yyyy, both
    belonging to the list; without a state it holds what waits, or for a reason what was
    rejected. An order is part of a list that is saved, and narrows none."""

    search: str = ""
    act: str = ""
    camera: str = ""
    source: str = ""
    reason: str = ""
    group: str = ""
    street: str = ""
    state: str = ""
    first: str = ""
    last: str = ""
    order: str = ""

    @property
    def any(self) -> bool:
        return any(asdict(self).values())

    @property
    def count(self) -> int:
        """How many filters narrow the list."""
        return sum(bool(value) for value in asdict(replace(self, order="")).values())

    @property
    def query(self) -> str:
        """The query string, without what is not filtered by."""
        return urlencode([(name, value) for name, value in asdict(self).items() if value])

    @property
    def suffix(self) -> str:
        """The query string with its question mark, or nothing."""
        return f"?{self.query}" if self.query else ""

    @property
    def no_days(self) -> tuple[str, ...]:
        """Which of `first` and `last` were typed as something that is no day."""
        typed = {"first": self.first, "last": self.last}
        return tuple(name for name, text in typed.items() if text and _local_day(text) is None)

    def case_address(self, ref: str) -> str:
        return f"/cases/{ref}{self.suffix}"

    def page_address(self, page: int) -> str:
        return "/queue?" + "&".join(part for part in (self.query, f"page={page}") if part)

    def filters(self, page: int = 1, per_page: int = 50) -> QueueFilters:
        """For the queries; a word that is no act, camera, state, order or day changes nothing,
        which is said of a day."""
        last = _day(self.last)
        return QueueFilters(
            text=self.search,
            act=Act(self.act) if self.act in set(Act) else None,
            camera_id=int(self.camera) if self.camera.isdecimal() else None,
            source=Source(self.source) if self.source in set(Source) else None,
            reason=self.reason,
            group=self.group,
            street=self.street,
            states=self._states(),
            since=_day(self.first),
            before=None if last is None else last + timedelta(days=1),
            order=QueueOrder(self.order) if self.order in set(QueueOrder) else QueueOrder.OLDEST,
            page=page,
            per_page=per_page,
        )

    def _states(self) -> tuple[CaseState, ...]:
        if self.state in set(CaseState):
            return (CaseState(self.state),)
        return REJECTED_STATES if self.reason else OPEN_STATES


def read_list(query: str) -> CaseList:
    """From a query string; what is not a filter is left out."""
    found = dict(parse_qsl(query))
    return CaseList(**{field.name: found.get(field.name, "")[:200] for field in fields(CaseList)})


def _local_day(typed: str) -> datetime | None:
    """A day as it begins here, None if it is none."""
    try:
        return datetime.strptime(typed, "%d/%m/%Y").replace(tzinfo=LOCAL)
    except ValueError:
        return None


def _day(typed: str) -> datetime | None:
    """The first moment of a local day, None if it is none or lies beyond all time."""
    day = _local_day(typed)
    try:
        return None if day is None else day.astimezone(UTC)
    except OverflowError:
        return None
