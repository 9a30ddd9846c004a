"""How a place is said."""


def place_said(address: str, street: str, group: str | None) -> str:
    """Address, street and tổ dân phố; a street that stands in the address is said once."""
    own_street = "" if street in address else street
    return ", ".join(part for part in (address, own_street, group) if part)
