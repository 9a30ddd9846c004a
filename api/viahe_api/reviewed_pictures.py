"""Reviewed cases with a still of each, for making networks better: `viahe-models dataset`.

For the ward's own machine: pictures show people, so they leave the store as little as any export,
and every making of such a folder is an audit row.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from viahe_api import audit
from viahe_api.store import Store
from viahe_api.tables import Case, Decision, Ward
from viahe_api.vocabulary import FileKind, Source

LISTED = "cases.jsonl"


def hand_out(session: Session, store: Store, ward: Ward, folder: Path, now: datetime) -> int:
    """Write the ward's decided camera cases into `folder`; how many.

    `cases.jsonl` has a line for each: `code`, `camera`, `act`, `label`, `place` (left, top,
    right, bottom in fractions), `verdict`, `reason` and the name of its `still`, null where it
    has none. Nobody's name is in it. What is in the folder under these names is replaced.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{LISTED}.half"
    count = 0
    with half.open("w", encoding="utf-8") as listed:
        for told in _decided(session, store, ward, folder):
            listed.write(json.dumps(told, ensure_ascii=False) + "\n")
            count += 1
    half.replace(folder / LISTED)
    audit.append(
        session,
        audit.COMMAND_LINE,
        "cases.pictures",
        f"ward:{ward.code}",
        now=now,
        ward_id=ward.id,
        detail={"cases": count},
    )
    return count


def _decided(session: Session, store: Store, ward: Ward, folder: Path) -> Iterator[dict[str, Any]]:
    cases = session.scalars(
        select(Case)
        .where(
            Case.ward_id == ward.id, Case.source == Source.CAMERA, Case.completed_at.is_not(None)
        )
        .options(
            joinedload(Case.camera),
            selectinload(Case.files),
            selectinload(Case.decisions.and_(Decision.undone_at.is_(None))),
        )
        .order_by(Case.id)
        .execution_options(yield_per=200)
    )
    for case in cases:
        if case.camera is None or not case.decisions:
            continue
        last = case.decisions[-1]
        yield {
            "code": case.code,
            "camera": case.camera.slug,
            "act": case.act.value,
            "label": case.label,
            "place": case.place,
            "verdict": last.verdict.value,
            "reason": last.reason,
            "still": _still(store, ward, case, folder),
        }


def _still(store: Store, ward: Ward, case: Case, folder: Path) -> str | None:
    """A copy of the still of the act under the case's own name: the original is evidence."""
    for file in case.files:
        source = store.case_file(ward.code, case.code, file.name)
        if file.kind is not FileKind.STILL_ACT or file.stored_at is None or not source.is_file():
            continue
        target = folder / f"{case.code}{source.suffix}"
        shutil.copyfile(source, target)
        return target.name
    return None
