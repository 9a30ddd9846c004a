"""Calendar days and months of Viet Nam, as half-open spans of UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Viet Nam has no daylight saving."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in local time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 2000 <= self.year <= 9998):
            raise ValueError(f"no month {self.year}-{self.month}")

    @property
    def start(self) -> datetime:
        """The first moment that belongs to the month, in UTC."""
        return datetime(self.year, self.month, 1, tzinfo=LOCAL).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment that no longer does, in UTC."""
        return self.following.start

    @property
    def following(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def short(self) -> str:
        """As in a case's code: "2611"."""
        return f"{self.year % 100:02}{self.month:02}"

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


def month_of(moment: datetime) -> Month:
    """The local month a moment falls in."""
    local = moment.astimezone(LOCAL)
    return Month(local.year, local.month)


def read_month(text: str) -> Month:
    """The month "2026-11" names. Raises ValueError."""
    year, _, month = text.partition("-")
    if len(year) != 4 or len(month) != 2 or not (year + month).isdecimal():
        raise ValueError(f"{text!r} is no month: write it as 2026-11")
    return Month(int(year), int(month))


def start_of_day(moment: datetime) -> datetime:
    """Local midnight at or before a moment, in UTC."""
    midnight = moment.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(UTC)
