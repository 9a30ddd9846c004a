"""What the audit's actions are called. One without a word here is shown as it is."""

from collections.abc import Mapping
from types import MappingProxyType

from viahe_api.audit import COMMAND_LINE
from viahe_api.language import N_, Language
from viahe_api.left_reports import SYSTEM
from viahe_api.vocabulary import Role
from viahe_api.web.wording import ROLES

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "sign_in": N_("signed in"),
        "sign_in.refused": N_("sign-in refused"),
        "sign_out": N_("signed out"),
        "case.announced": N_("case announced"),
        "case.received": N_("case received"),
        "case.viewed": N_("case viewed"),
        "case.fetched_ahead": N_("case fetched ahead, not yet seen"),
        "case.left": N_("case left"),
        "cases.pictures": N_("pictures of reviewed cases handed out"),
        "case.confirm": N_("case confirmed"),
        "case.reject": N_("case rejected"),
        "case.more": N_("more evidence asked"),
        "case.duplicate": N_("case marked as duplicate"),
        "case.reviewed_again": N_("second opinion given"),
        "case.opinions_settled": N_("differing opinions settled"),
        "case.settlement_undone": N_("choice between two opinions taken back"),
        "case.handed_over": N_("case handed over"),
        "case.returned": N_("case returned"),
        "case.reminded": N_("reminder recorded"),
        "case.committed": N_("signed commitment recorded"),
        "case.recorded": N_("official record entered"),
        "case.sanctioned": N_("sanction entered"),
        "case.complied": N_("compliance recorded"),
        "case.closed": N_("case closed"),
        "case.split": N_("case taken out from under another"),
        "case.undone": N_("decision undone"),
        "file.fetched_ahead": N_("file fetched ahead, not yet seen"),
        "case.integrity_error": N_("integrity error found"),
        "case.evidence_removed": N_("evidence removed, its time was over"),
        "case.hold_placed": N_("evidence put under a hold"),
        "case.hold_lifted": N_("hold on the evidence lifted"),
        "retention.set": N_("retention period set"),
        "case.entered": N_("case entered by hand"),
        "case.officer_sent": N_("field officer sent"),
        "case.officer_called_back": N_("field officer called back"),
        "case.finding": N_("finding at the place recorded"),
        "case.outcome_undone": N_("outcome taken back"),
        "reasons.changed": N_("reasons for rejecting changed"),
        "reasons.added": N_("reason for rejecting added"),
        "reasons.removed": N_("reason for rejecting removed"),
        "file.viewed": N_("file viewed"),
        "file.downloaded": N_("file downloaded"),
        "still.viewed": N_("still viewed"),
        "zone.saved": N_("zone saved"),
        "zone.removed": N_("zone removed"),
        "permit.added": N_("permit added"),
        "permit.withdrawn": N_("permit withdrawn"),
        "camera.added": N_("camera added"),
        "camera.changed": N_("camera register changed"),
        "camera.notice_photo": N_("photo of the recording notice kept"),
        "camera.tested": N_("camera connection tested"),
        "ward.added": N_("ward added"),
        "ward.roles": N_("roles of the ward changed"),
        "device.added": N_("detector added"),
        "account.added": N_("account added"),
        "account.disabled": N_("account closed"),
        "account.enabled": N_("account opened"),
        "account.new_password": N_("new password made"),
        "report.locked": N_("figures locked"),
        "report.exported": N_("report exported"),
        "report.left": N_("report left by the system"),
        "report_key.made": N_("access key made"),
        "report_key.closed": N_("access key closed"),
        "request.entered": N_("request of somebody recorded entered"),
        "request.answered": N_("request of somebody recorded answered"),
        "round.set": N_("days of an inspection round set"),
        "ward.closing": N_("closing of the ward's months set"),
        "ward.merged": N_("ward merged"),
    }
)


def action_said(language: Language, action: str) -> str:
    """An action in words."""
    what, _, role = action.partition(".")
    if what in ("granted", "revoked") and role in set(Role):
        name = language.gettext(ROLES[Role(role)])
        if what == "granted":
            return language.gettext("role given: %(role)s", role=name)
        return language.gettext("role taken: %(role)s", role=name)
    return language.gettext(ACTIONS[action]) if action in ACTIONS else action


def actor_said(language: Language, actor: str) -> str:
    """Who it was: a person's name as it is, a detector by its number."""
    if actor == COMMAND_LINE:
        return language.gettext("command line")
    if actor == SYSTEM:
        return language.gettext("the system")
    kind, _, number = actor.partition(":")
    if kind == "device":
        return language.gettext("Detector %(number)s", number=number)
    if kind == "key":
        return language.gettext("Access key %(number)s", number=number)
    return actor
