"""House numbers as addresses have them: 12, 12A, 52/7, số 12 ngõ 52."""

import re

from viahe_api.accents import folded

ALLEYS = ("ngo", "hem", "kiet")
_HOUSE = re.compile(r"(?:^|\bso(?: nha)? )(\d+)")


def number_along(address: str, street: str) -> int | None:
    """Where along the street an address lies; None where it names no house.

    An alley opens between the houses of its street and bears the number it opens at: số 12 ngõ 52
    and 52/12 both lie at 52, unless the alley is itself the street. What the street is called,
    which may be a date, is no number of a house.
    """
    named = folded(street.strip())
    said = folded(address).replace(named, " ") if named else folded(address)
    for alley in ALLEYS:
        found = re.search(rf"\b{alley} (\d+)", said)
        if found and not re.search(rf"\b{alley}\b", named):
            return int(found[1])
    found = _HOUSE.search(said.strip())
    return int(found[1]) if found else None


def leading_number(written: str) -> int | None:
    """The number a house's begins with: 12 of 12A, 52 of 52/7. None if it begins otherwise."""
    found = re.match(r"\d+", written.strip())
    return int(found[0]) if found else None
