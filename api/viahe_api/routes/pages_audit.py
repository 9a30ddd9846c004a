"""The audit log: who did what, when, to what; and whether the chain holds."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from viahe_api import audit
from viahe_api.audit_reading import AuditFilter, AuditPage, audit_page
from viahe_api.errors import FormFault
from viahe_api.language import Language
from viahe_api.months import LOCAL
from viahe_api.routes.visit import Person
from viahe_api.vocabulary import LOG_READERS
from viahe_api.web.audit_details import detail_said, subject_said
from viahe_api.web.audit_words import ACTIONS, action_said, actor_said
from viahe_api.web.polygon_words import faults_said
from viahe_api.web.typed_times import read_day

router = APIRouter()


@router.get("/audit")
def log(
    visit: Person,
    actor: str = "",
    action: str = "",
    subject: str = "",
    first: str = "",
    last: str = "",
    before: int | None = None,
    whole: bool = False,
) -> Response:
    """A page of entries, the newest first; with `whole` the whole chain is walked."""
    visit.viewer.require(*LOG_READERS)
    language, faults = visit.language, []
    begin = end = None
    try:
        begin, end = _begin(first), _end(last)
    except FormFault as fault:
        faults = list(faults_said(language, fault))
    asked = AuditFilter(actor.strip(), action, subject.strip(), begin, end, before)
    with visit.database.reading() as session:
        found = audit_page(session, visit.viewer, asked)
        chain = audit.verify(session) if whole else found.chain
    typed = {"actor": actor, "action": action, "subject": subject, "first": first, "last": last}
    older = urlencode({**typed, "before": found.older}) if found.older else ""
    return visit.page(
        "audit.html",
        400 if faults else 200,
        faults=faults,
        typed=typed,
        actions=sorted(((key, language.gettext(word)) for key, word in ACTIONS.items()), key=_word),
        rows=_rows(language, found),
        older=f"/audit?{older}" if older else "",
        chain=_chain(language, chain, whole=whole),
        holds=chain.fault is None,
    )


def _word(pair: tuple[str, str]) -> str:
    return pair[1]


def _begin(day: str) -> datetime | None:
    return datetime.combine(read_day(day), time(), LOCAL) if day.strip() else None


def _end(day: str) -> datetime | None:
    if not day.strip():
        return None
    return datetime.combine(read_day(day) + timedelta(days=1), time(), LOCAL)


def _rows(language: Language, found: AuditPage) -> list[dict[str, str]]:
    return [
        {
            "at": f"{language.day(line.at.astimezone(LOCAL).date())} "
            f"{language.clock(line.at, seconds=True)}",
            "by": actor_said(language, line.by),
            "action": action_said(language, line.action),
            "subject": subject_said(language, line.subject),
            "detail": "; ".join(detail_said(language, line.detail)),
        }
        for line in found.lines
    ]


def _chain(language: Language, chain: audit.ChainReport, *, whole: bool) -> str:
    if chain.fault is not None:
        return language.gettext("The chain is broken: %(fault)s.", fault=chain.fault)
    if whole:
        return language.ngettext(
            "The whole chain holds: %(n)s entry.",
            "The whole chain holds: %(n)s entries.",
            chain.entries,
        )
    return language.ngettext(
        "The chain holds over the newest %(n)s entry.",
        "The chain holds over the newest %(n)s entries.",
        chain.entries,
    )
