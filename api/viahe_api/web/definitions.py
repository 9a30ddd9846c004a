"""What each figure counts, said wherever the figure stands."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.forms.form import Column
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
        "clocks_off": N_("Clock not synchronised"),
        "integrity_errors": N_("Integrity error"),
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
        "in_verification": N_(
            "Waiting for review or for more evidence, or nobody decided before the evidence was "
            "due to be removed."
        ),
        "integrity_errors": N_(
            "Cases whose evidence is no longer what was sealed; no other figure counts them."
        ),
        "clocks_off": N_(
            "Recorded cases of cameras whose clock was more than 2 seconds off, or nobody knows "
            "how much: the moment of the act may be wrong."
        ),
        "rate": N_(
            "Sufficient grounds for every 1,000 hours the cameras really saw; – where they saw "
            "under 24 hours, of which a single case would make too much."
        ),
        "reviewed": N_(
            "Cases a camera raised that people found sufficient, insufficient or no violation."
        ),
        "repeats": N_(
            "Cases with sufficient grounds within 6 months after another at the same place (zone) "
            "for the same act."
        ),
        "black_spots": N_(
            "Places (zones) with 3 or more cases with sufficient grounds in the period."
        ),
        "reminded": N_("Cases whose reminder is dated in the period."),
        "committed": N_("Cases whose signed commitment is dated in the period."),
        "record_drawn_up": N_("Cases whose record is dated in the period."),
        "sanctioned": N_("Cases whose sanction decision is dated in the period."),
        "complied": N_("Cases whose payment or compliance is dated in the period."),
        "fined_dong": N_("The amounts of the sanction decisions dated in the period."),
        "paid_dong": N_("The amounts paid in the period, by the day of the payment."),
        "change": N_(
            "Sufficient grounds against the other period; – where it had none, where the period "
            "has not ended, or where cameras saw under 80 % of their hours in either."
        ),
        "cameras": N_("Cameras that were installed and switched on at any time of the period."),
        "per_camera": N_("Sufficient grounds that cameras raised, for each of these cameras."),
        "hours_expected": N_(
            "Hours since a camera was installed, without those it was switched off."
        ),
        "hours_seen": N_("Hours a detector really saw the camera's pictures."),
        "hours_lost": N_("Hours in which installed cameras should have seen and did not."),
        "coverage": N_("Hours seen of the hours expected."),
        "precision": N_(
            "Sufficient grounds of all reviewed cases, duplicates left out; in brackets Wilson's "
            "95 % interval."
        ),
    }
)

NAMES: Mapping[str, str] = MappingProxyType(
    {
        **STATE_WORDS,
        **OUTCOME_WORDS,
        "fined_dong": N_("Fines (dong)"),
        "paid_dong": N_("Paid (dong)"),
        "change": N_("Increase, decrease"),
        "cameras": N_("Cameras"),
        "per_camera": N_("Sufficient grounds per camera"),
        "hours_expected": N_("Hours expected"),
        "hours_seen": N_("Hours seen"),
        "hours_lost": N_("Hours lost"),
        "coverage": N_("Coverage"),
        "rate": N_("Sufficient grounds per 1,000 camera hours"),
        "precision": N_("Share right"),
    }
)
"""What is defined, as headings call it."""


def definition_of(column: Column) -> str | None:
    """The name of the definition of a column's figures, None where it has words or numbers of
    rows."""
    counted = column.counts.of if column.counts is not None else None
    named = (column.defined, column.measure, counted)
    return next((name for name in named if name in DEFINITIONS), None)
