"""What the polygon editor says, and what is wrong with what was drawn."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from viahe_api import zones
from viahe_api.errors import FormFault, ZoneFault
from viahe_api.language import N_, Language
from viahe_rules import geometry

ZONE_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        geometry.FEWER_THAN_THREE_POINTS: N_("A zone needs at least 3 vertices."),
        geometry.OUTSIDE_THE_PICTURE: N_("Vertices lie between 0 and 100 %."),
        geometry.EDGES_CROSS: N_("Edges cross or touch."),
        geometry.NO_AREA: N_("The zone has no area."),
        zones.NO_NAME: N_("Give the zone a name."),
        zones.NO_RULE: N_("Give a time for at least one kind of thing."),
        zones.DWELL_NOT_POSITIVE: N_("Times must be above zero."),
    }
)

FORM_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "not_a_number": N_("Coordinates and times must be numbers."),
        "date": N_("Write days as 22/11/2026."),
        "hours": N_("Write hours as 18:30, from 00:00 to 24:00, begin and end apart."),
        "loss_not_accepted": N_("Accept the loss below, or draw otherwise."),
        "no_day": N_("Choose at least one day of the week."),
        "ends_before_start": N_("End must follow start."),
        "login": N_("A user name has 2 to 80 letters, digits, dots and hyphens."),
        "login_taken": N_("This user name is taken."),
        "person": N_("Say whose account it is."),
        "no_role": N_("Choose at least one role."),
        "roles_together": N_(
            "A duty operator is neither administrator nor official in the same ward."
        ),
        "own_role": N_("The administrator's role is taken away by another administrator."),
        "own_account": N_("Another administrator has to do this."),
        "elsewhere": N_("This person works in other wards too: their administrators do this."),
        "slug": N_("The name in the detector has letters, digits, dots and hyphens."),
        "slug_taken": N_("This detector has a camera of this name already."),
        "name_and_address": N_("Give the camera a name and an address."),
        "too_long_text": N_("A text is longer than its field."),
        "source": N_("An address begins with rtsp://, rtsps://, http:// or https://."),
        "source_password": N_(
            "The camera has no password or one of the usual ones: change it in the camera first."
        ),
        "holder": N_("Say who holds the permit."),
        "purpose": N_("The law has no such purpose today."),
        "number_taken": N_("This camera has a permit of this number already."),
        "too_long": N_("A number has at most 80 characters, a holder 200."),
    }
)
"""By the word of the fault."""


def editor_words(language: Language) -> dict[str, Any]:
    """What the editor says, with places for figures."""
    say = language.gettext
    return {
        "vertex": say(
            "Vertex %(n)s of %(all)s, across %(x)s %%, down %(y)s %%",
            n="{n}",
            all="{all}",
            x="{x}",
            y="{y}",
        ),
        "plus": say("Insert a vertex on edge %(edge)s", edge="{edge}"),
        "few": say("A zone needs at least 3 vertices."),
        "crosses": say(
            "Edge %(first)s crosses edge %(second)s.", first="{first}", second="{second}"
        ),
    }


def faults_said(language: Language, fault: FormFault) -> Iterator[str]:
    """A sentence for each thing wrong."""
    if not isinstance(fault, ZoneFault):
        yield language.gettext(FORM_FAULTS.get(fault.fault, str(fault)))
        return
    for phrase, numbers in fault.faults:
        if phrase == geometry.EDGES_CROSS and len(numbers) == 4:
            yield language.gettext(
                "Edge %(first)s crosses edge %(second)s.",
                first=f"{numbers[0]}-{numbers[1]}",
                second=f"{numbers[2]}-{numbers[3]}",
            )
        else:
            yield language.gettext(ZONE_FAULTS.get(phrase, phrase))
