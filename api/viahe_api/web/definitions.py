"""What each figure counts, said wherever the figure stands."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.language import N_

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "recorded": N_("Recorded"),
        "sufficient": N_("Sufficient grounds"),
        "insufficient": N_("Insufficient grounds"),
        "not_violation": N_("Not a violation"),
        "duplicate": N_("Duplicate"),
        "in_verification": N_("Being verified"),
    }
)
"""The fields of Counts, in the order of a table."""

STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **MEASURES,
        "reviewed": N_("Reviewed"),
        "repeats": N_("Repeats"),
        "black_spots": N_("Black spots"),
    }
)
"""What counts by the time of the act."""

OUTCOME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "reminded": N_("Reminded"),
        "committed": N_("Commitment signed"),
        "record_drawn_up": N_("Record drawn up"),
        "sanctioned": N_("Sanction decided"),
        "complied": N_("Complied"),
    }
)
"""What counts by the day of the action."""

DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "recorded": N_("Complete cases whose act began in the period, integrity errors left out."),
        "sufficient": N_("Of those, the cases a named person confirmed."),
        "insufficient": N_("Rejected for a reason that leaves open whether there was a violation."),
        "not_violation": N_("Rejected because there was no violation."),
        "duplicate": N_("Found to repeat another case."),
        "in_verification": N_("Waiting for review or for more evidence."),
        "rate": N_("Sufficient grounds for every 1,000 hours the cameras really saw."),
        "lost": N_("Hours in which installed cameras should have seen and did not."),
        "precision": N_(
            "Sufficient grounds of all reviewed cases, duplicates left out; in brackets Wilson's "
            "95 % interval."
        ),
    }
)
