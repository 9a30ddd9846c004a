"""`viahe-api cases pictures`: reviewed cases handed to those who make networks better."""

import argparse
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from viahe_api.database import Database
from viahe_api.reviewed_pictures import hand_out
from viahe_api.seeding import find_ward
from viahe_api.settings import read_settings
from viahe_api.store import Store

Open = Callable[[argparse.Namespace], Database]


def parse_case_commands(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
    opened: Open,
    clock: Callable[[], datetime],
) -> None:
    """Add the commands; `opened` gives the database of the data folder asked for."""

    def pictures(asked: argparse.Namespace) -> int:
        settings = read_settings(asked.data, os.environ)
        store = Store(settings.data / "evidence", keep_free=settings.keep_free)
        with opened(asked).writing() as session:
            ward = find_ward(session, asked.ward)
            count = hand_out(session, store, ward, asked.folder, clock())
        print(f"{count} reviewed cases in {asked.folder}: people are seen in them, keep it here")
        return 0

    under = words.add_parser("cases", help="of reviewed cases").add_subparsers(
        required=True, metavar="pictures"
    )
    one = under.add_parser("pictures", parents=[given], help="a folder to make a data set of")
    one.add_argument("--ward", required=True)
    one.add_argument("folder", type=Path)
    one.set_defaults(run=pictures)
