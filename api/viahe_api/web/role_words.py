"""What roles are called where: a ward's own name, or the one its authority usually gives."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.language import N_, Language
from viahe_api.vocabulary import Authority, Role
from viahe_api.ward_roles import RoleHere
from viahe_api.web.wording import ROLES

AUTHORITIES: Mapping[Authority, str] = MappingProxyType(
    {
        Authority.COMMITTEE: N_("People's Committee of the ward"),
        Authority.POLICE: N_("Police of the ward"),
    }
)

OF_THE_POLICE: Mapping[Role, str] = MappingProxyType(
    {
        Role.OPERATOR: N_("Duty officer of the ward's police"),
        Role.APPROVER: N_("Commander of the ward's police"),
        Role.FIELD_OFFICER: N_("Patrol officer"),
    }
)
"""Where the police governs; the other roles are called as everywhere."""


def usual_name(language: Language, authority: Authority, role: Role) -> str:
    """What an authority usually calls a role."""
    own = OF_THE_POLICE.get(role) if authority is Authority.POLICE else None
    return language.gettext(own or ROLES[role])


def role_said(language: Language, authority: Authority, here: RoleHere) -> str:
    """What a role is called in a ward."""
    own = here.name_vi if language.code == "vi" else here.name_en
    return own or usual_name(language, authority, here.role)
