"""Re-hashing every stored file: evidence that is no longer what it was leaves the counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from viahe_api import audit
from viahe_api.database import Database
from viahe_api.store import Store, sha256_of
from viahe_api.tables import Case
from viahe_api.vocabulary import CaseState


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is gone or changed, and its case."""

    ward: str
    case: str
    file: str
    said: str


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    files: int
    faults: tuple[Fault, ...]


def verify_evidence(database: Database, store: Store, *, now: datetime) -> EvidenceReport:
    """Hash every stored file against what was announced.

    A case with a fault gets the state INTEGRITY_ERROR and an audit row; it stays so, also when
    a later run finds the file whole again, until a person has looked.
    """
    files, faults = 0, []
    for case_id in _case_ids(database):
        count, found = _verify_case(database, store, case_id)
        files += count
        if found:
            faults += found
            _mark(database, case_id, found, now)
    return EvidenceReport(files, tuple(faults))


def _case_ids(database: Database) -> list[int]:
    with database.reading() as session:
        kept = select(Case.id).where(Case.evidence_removed_at.is_(None))
        return list(session.scalars(kept.order_by(Case.id)))


def _verify_case(database: Database, store: Store, case_id: int) -> tuple[int, list[Fault]]:
    with database.reading() as session:
        case = session.get_one(
            Case, case_id, options=(joinedload(Case.ward), selectinload(Case.files))
        )
        stored = [file for file in case.files if file.stored_at is not None]
        ward, code = case.ward.code, case.code
    found = []
    for file in stored:
        digest = sha256_of(store.case_file(ward, code, file.name))
        if digest != file.sha256:
            said = "is gone" if digest is None else f"has SHA-256 {digest}, not {file.sha256}"
            found.append(Fault(ward, code, file.name, said))
    return len(stored), found


def _mark(database: Database, case_id: int, found: list[Fault], now: datetime) -> None:
    with database.writing() as session:
        case = session.get_one(Case, case_id)
        if case.state is CaseState.INTEGRITY_ERROR:
            return
        detail = {"before": case.state, "files": {fault.file: fault.said for fault in found}}
        case.state = CaseState.INTEGRITY_ERROR
        audit.append(
            session,
            audit.COMMAND_LINE,
            "case.integrity_error",
            f"case:{case.code}",
            now=now,
            ward_id=case.ward_id,
            detail=detail,
        )


def lines_of(report: EvidenceReport) -> Iterator[str]:
    """The report for a terminal."""
    for fault in report.faults:
        yield f"{fault.ward} {fault.case} {fault.file} {fault.said}"
    yield f"{report.files} files, {len(report.faults)} faults"
