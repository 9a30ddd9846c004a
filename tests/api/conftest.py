"""The API under test, furnished with two wards."""

from tests.api.cases_at_places import database
from tests.api.house import client, furnished, house
from tests.api.locked import codes
from tests.api.peopled import peopled

__all__ = ["client", "codes", "database", "furnished", "house", "peopled"]
