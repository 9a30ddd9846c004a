"""`viahe-api summaries`: make what counts are read from anew, or prove it equal to the rows."""

import argparse
from collections.abc import Callable
from itertools import chain

from viahe_api import seen_totals, summaries
from viahe_api.database import Database
from viahe_api.summary_differences import differences

Open = Callable[[argparse.Namespace], Database]


def parse_summary_commands(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
    opened: Open,
) -> None:
    """Add the commands; `opened` gives the database of the data folder asked for."""

    def rebuild(asked: argparse.Namespace) -> int:
        database = opened(asked)
        with database.writing() as session:
            halves = summaries.rebuild(session)
        with database.writing() as session:
            seen_totals.rebuild(session)
        print(f"made anew: {halves} half months")
        return 0

    def verify(asked: argparse.Namespace) -> int:
        count = 0
        with opened(asked).reading() as session:
            for line in chain(differences(session), seen_totals.differences(session)):
                print(line)
                count += 1
        print(f"{count} summaries are not what the rows say")
        return 1 if count else 0

    under = words.add_parser("summaries", help="what counts are read from").add_subparsers(
        required=True, metavar="summaries"
    )
    under.add_parser("rebuild", parents=[given]).set_defaults(run=rebuild)
    under.add_parser("verify", parents=[given]).set_defaults(run=verify)
