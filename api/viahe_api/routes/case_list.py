"""The list a case was opened from: its filters travel in the address, so that a decision opens
the next case of the same list."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from viahe_api.queries import QueueFilters
from viahe_rules.domain import Act


@dataclass(frozen=True, slots=True)
class CaseList:
    """Filters as the query string has them; empty strings mean all."""

    search: str = ""
    act: str = ""
    camera: str = ""

    @property
    def any(self) -> bool:
        return bool(self.search or self.act or self.camera)

    @property
    def query(self) -> str:
        """The query string, without what is not filtered by."""
        pairs = (("search", self.search), ("act", self.act), ("camera", self.camera))
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def suffix(self) -> str:
        """The query string with its question mark, or nothing."""
        return f"?{self.query}" if self.query else ""

    def case_address(self, ref: str) -> str:
        return f"/cases/{ref}{self.suffix}"

    def page_address(self, page: int) -> str:
        return "/queue?" + "&".join(part for part in (self.query, f"page={page}") if part)

    def filters(self, page: int = 1, per_page: int = 50) -> QueueFilters:
        """For the queries; a word that is no act or camera filters nothing."""
        return QueueFilters(
            text=self.search,
            act=Act(self.act) if self.act in set(Act) else None,
            camera_id=int(self.camera) if self.camera.isdecimal() else None,
            page=page,
            per_page=per_page,
        )


def read_list(query: str) -> CaseList:
    """From a query string; what is not a filter is left out."""
    found = dict(parse_qsl(query))
    return CaseList(*(found.get(name, "")[:200] for name in ("search", "act", "camera")))
