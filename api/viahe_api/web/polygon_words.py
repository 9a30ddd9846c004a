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

MASK_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        zones.MASK_IS_NO_AREA: N_("Mask %(n)s needs 3 vertices and edges that do not cross."),
        zones.TOO_MANY_MASKS: N_("A zone has at most %(n)s masks."),
    }
)

FORM_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "not_a_number": N_("Coordinates and times must be numbers."),
        "date": N_("Write days as 22/11/2026."),
        "hours": N_("Write hours as 18:30, from 00:00 to 24:00, begin and end apart."),
        "loss_not_accepted": N_("Accept the loss below, or draw otherwise."),
        "trial_gone": N_("This trial is gone: try the drawing again."),
        "no_day": N_("Choose at least one day of the week."),
        "holidays": N_("Exceptions are the same on public holidays: choose only in these hours."),
        "no_time": N_("Give this kind a time, or the hours of its act."),
        "ends_before_start": N_("End must follow start."),
        "login": N_("A user name has 2 to 80 letters, digits, dots and hyphens."),
        "login_taken": N_("This user name is taken."),
        "person": N_("Say whose account it is."),
        "no_role": N_("Choose at least one role."),
        "roles_together": N_(
            "A duty operator is no administrator, official or supervisor in the same ward."
        ),
        "not_offered": N_("This ward does not give this role."),
        "role_name": N_("A role's name has at most 120 characters."),
        "role_needed": N_("A ward cannot do without this role."),
        "role_held": N_("Somebody still holds this role: take it from them first."),
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
        "watch_alone": N_("A smaller stream is given beside the main stream, not alone."),
        "holder": N_("Say who holds the permit."),
        "purpose": N_("The law has no such purpose today."),
        "street": N_("Say which street the permit is for."),
        "houses": N_("House numbers run from the lower to the higher, 20 characters at most."),
        "no_camera_there": N_("No camera in use looks at this street."),
        "chosen_elsewhere": N_("None of the cameras ticked looks at this street."),
        "no_camera_between": N_(
            "No camera of this street has an address between these house numbers: tick the "
            "cameras it holds on, or leave the numbers empty for the whole street."
        ),
        "paper_kind": N_("The paper is no PDF, JPEG or PNG file."),
        "paper_too_large": N_("The paper is larger than 7 MB."),
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
        "mask": say("Mask %(n)s needs 3 vertices and edges that do not cross.", n="{n}"),
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
        elif phrase in MASK_FAULTS:
            yield language.gettext(MASK_FAULTS[phrase], n=numbers[0])
        else:
            yield language.gettext(ZONE_FAULTS.get(phrase, phrase))
