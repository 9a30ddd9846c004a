"""`viahe-api scheduled` and `viahe-api ward-merge`: what timers and the machine's owner call."""

import argparse
from collections.abc import Callable
from datetime import date, datetime

from viahe_api.database import Database
from viahe_api.left_reports import leave_due_reports
from viahe_api.merged_wards import merge_ward
from viahe_api.period_address import write_period

Open = Callable[[argparse.Namespace], Database]


def parse_report_commands(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
    opened: Open,
    clock: Callable[[], datetime],
) -> None:
    """Add the commands; `opened` gives the database of the data folder asked for."""

    def scheduled(asked: argparse.Namespace) -> int:
        left = leave_due_reports(opened(asked), now=clock())
        for one in left:
            print(f"left: {one.ward_code}, {write_period(one.period)}")
        if not left:
            print("nothing is due")
        return 0

    def merge(asked: argparse.Namespace) -> int:
        with opened(asked).writing() as session:
            merge_ward(session, asked.code, asked.into, asked.on, now=clock())
        print(f"ward {asked.code} is part of {asked.into} from {asked.on} on")
        return 0

    timer = words.add_parser("scheduled", parents=[given], help="leave the reports that are due")
    timer.set_defaults(run=scheduled)
    merging = words.add_parser("ward-merge", parents=[given], help="note that a ward was merged")
    merging.add_argument("code")
    merging.add_argument("--into", required=True)
    merging.add_argument("--on", required=True, type=date.fromisoformat, help="its first day there")
    merging.set_defaults(run=merge)
