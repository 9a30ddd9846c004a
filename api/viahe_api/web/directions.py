"""Marks that turn the direction of what follows them: a name that carries one would have the rest
of its line read backwards, in a page or in what a script writes there."""

import json
import re

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NOTHING = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def without_direction(value: object) -> object:
    """A text without such marks; whatever else it is, as it is."""
    if isinstance(value, str) and TURNING.search(value):
        return value.translate(NOTHING)
    return value


def json_without_direction(value: object, *, sort_keys: bool = False) -> str:
    """JSON for a script, no text of which carries such a mark. Its letters stand as they are: an
    escaped mark would come back when it is read."""
    return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys).translate(NOTHING)
