"""Who was sent to the place of a case and what they found, in words."""

from typing import Any

from viahe_api.field_tasks import CaseTasks, SentView
from viahe_api.language import Language
from viahe_api.photo_files import original_of
from viahe_api.web.wording import FINDINGS


def tasks_said(language: Language, tasks: CaseTasks) -> dict[str, Any]:
    """What the case page shows of its tasks, and whom it offers to send."""
    return {
        "sent": [_sent(language, sent, may_withdraw=tasks.may_withdraw) for sent in tasks.sent],
        "officers": [(str(officer.id), officer.name) for officer in tasks.officers],
    }


def _sent(language: Language, sent: SentView, *, may_withdraw: bool) -> dict[str, Any]:
    waits = sent.found_at is None and sent.withdrawn_at is None
    found = language.moment(sent.found_at) if sent.found_at else ""
    called_back = language.moment(sent.withdrawn_at) if sent.withdrawn_at else ""
    return {
        "id": sent.id,
        "officer": sent.officer,
        "asked": f"{language.moment(sent.asked_at)}, {sent.asked_by}",
        "to_check": sent.to_check,
        "waits": waits,
        "may_withdraw": waits and may_withdraw,
        "finding": language.gettext(FINDINGS[sent.finding]) if sent.finding else "",
        "found": found,
        "called_back": called_back,
        "note": sent.note,
        "photos": [{"url": url, "original": original_of(url)} for url in sent.photos],
    }
