"""The API under test, furnished with two wards."""

from tests.api.house import client, furnished, house

__all__ = ["client", "furnished", "house"]
