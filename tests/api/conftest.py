"""The API under test, furnished with two wards."""

from tests.api.house import client, furnished, house
from tests.api.locked import codes
from tests.api.peopled import peopled

__all__ = ["client", "codes", "furnished", "house", "peopled"]
