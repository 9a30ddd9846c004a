"""Reading the audit chain: what happened in a ward, and whether the chain's end holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from viahe_api.audit import ChainReport, verify_end
from viahe_api.scope import Viewer
from viahe_api.tables import Account, AuditEntry, Grant
from viahe_api.vocabulary import LOG_READERS

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show: texts to be found in the names, a span of time, entries before a number."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`by` is the person's name where the actor is an account of the ward."""

    seq: int
    at: datetime
    actor: str
    by: str
    action: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines, the newest first; `older` continues before it, None at the end."""

    lines: tuple[AuditLine, ...]
    older: int | None
    chain: ChainReport


def audit_page(session: Session, viewer: Viewer, asked: AuditFilter) -> AuditPage:
    """What happened in the viewer's wards, and to the accounts of people who work there.

    Raises RoleNeeded.
    """
    viewer.require(*LOG_READERS)
    kept = select(Grant.ward_id).where(
        Grant.account_id == viewer.account_id, Grant.role.in_(LOG_READERS)
    )
    people = session.execute(
        select(Account.login, Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.ward_id.in_(kept))
    )
    names = {f"account:{login}": name for login, name in people}
    own = and_(
        AuditEntry.ward_id.is_(None),
        or_(AuditEntry.actor.in_(names), AuditEntry.object.in_(names)),
    )
    rows = session.scalars(
        select(AuditEntry)
        .where(or_(AuditEntry.ward_id.in_(kept), own), *_conditions(asked, names))
        .order_by(AuditEntry.seq.desc())
        .limit(A_PAGE + 1)
    ).all()
    lines = tuple(_line(row, names) for row in rows[:A_PAGE])
    older = lines[-1].seq if len(rows) > A_PAGE else None
    return AuditPage(lines, older, verify_end(session))


def _conditions(asked: AuditFilter, names: dict[str, str]) -> Sequence[Any]:
    """Names of people are looked for as well as their logins."""
    found: list[Any] = []
    if asked.actor:
        wanted = asked.actor.casefold()
        logins = [key for key, name in names.items() if wanted in name.casefold()]
        contains = AuditEntry.actor.contains(asked.actor, autoescape=True)
        found.append(or_(contains, AuditEntry.actor.in_(logins)))
    if asked.action:
        found.append(AuditEntry.action == asked.action)
    if asked.subject:
        found.append(AuditEntry.object.contains(asked.subject, autoescape=True))
    if asked.begin is not None:
        found.append(AuditEntry.at >= asked.begin)
    if asked.end is not None:
        found.append(AuditEntry.at < asked.end)
    if asked.before is not None:
        found.append(AuditEntry.seq < asked.before)
    return found


def _line(row: AuditEntry, names: dict[str, str]) -> AuditLine:
    return AuditLine(
        row.seq,
        row.at,
        row.actor,
        names.get(row.actor, row.actor),
        row.action,
        row.object,
        row.detail,
    )
