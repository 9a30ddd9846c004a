"""What is wrong with a form for a key, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.language import N_

KEY_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "key_name": N_("Say which tool the key is for, in at most 80 characters."),
        "key_wards": N_("Choose at least one of your wards."),
        "key_days": N_("Choose how long the key holds."),
    }
)
