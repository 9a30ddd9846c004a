"""Instants as the contract writes them."""

from datetime import UTC, datetime


def iso(at: float) -> str:
    """UTC seconds since 1970 as ISO 8601 with milliseconds and `Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
