"""`viahe-api retention`: what timers and the machine's owner call to remove evidence in time."""

import argparse
import os
from collections.abc import Callable
from datetime import datetime

from viahe_api.database import Database
from viahe_api.evidence_removal import due_cases, remove_due_evidence
from viahe_api.settings import read_settings
from viahe_api.store import Store

Open = Callable[[argparse.Namespace], Database]


def parse_retention_commands(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
    opened: Open,
    clock: Callable[[], datetime],
) -> None:
    """Add the command; `opened` gives the database of the data folder asked for."""

    def remove(asked: argparse.Namespace) -> int:
        now, database = clock(), opened(asked)
        if asked.preview:
            return _preview(database, now)
        settings = read_settings(asked.data, os.environ)
        store = Store(settings.data / "evidence", keep_free=settings.keep_free)
        removed = remove_due_evidence(database, store, now=now)
        for one in removed:
            print(f"{one.ward} {one.case}: {one.files} files, {one.keeping}, until {one.last_day}")
        print(f"{len(removed)} cases, {sum(one.size for one in removed)} bytes removed")
        return 0

    command = words.add_parser(
        "retention", parents=[given], help="remove evidence whose time is over"
    )
    command.add_argument("--preview", action="store_true", help="say what would go, remove nothing")
    command.set_defaults(run=remove)


def _preview(database: Database, now: datetime) -> int:
    with database.reading() as session:
        count = 0
        for due in due_cases(session, now=now):
            case, kept = due.come.case, due.kept
            print(f"{case.ward.code} {case.code}: {kept.keeping}, until {kept.last_day}")
            count += 1
    print(f"{count} cases are due")
    return 0
