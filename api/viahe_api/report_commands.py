"""`viahe-api report`, `scheduled` and `ward-merge`: what timers and the machine's owner call."""

import argparse
import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from viahe_api import audit
from viahe_api.database import Database
from viahe_api.exports.data import data_pieces
from viahe_api.exports.files import FORMS, ReportFile, file_name, write_file
from viahe_api.language import read_language
from viahe_api.left_reports import leave_due_reports
from viahe_api.merged_wards import merge_ward
from viahe_api.period_address import begun_period, names_round, read_period, write_period
from viahe_api.periods import Period, PeriodKind, local_day, period_of
from viahe_api.report import Report
from viahe_api.report_reading import city_report, ward_report
from viahe_api.tables import Ward

Open = Callable[[argparse.Namespace], Database]


def parse_report_commands(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    given: argparse.ArgumentParser,
    opened: Open,
    clock: Callable[[], datetime],
) -> None:
    """Add the commands; `opened` gives the database of the data folder asked for."""

    def report(asked: argparse.Namespace) -> int:
        """In words on the terminal, or as a file; either is in the audit chain."""
        now, database = clock(), opened(asked)
        period, by_plan = _asked_period(asked, now), names_round(asked.month or "")
        with database.reading() as session:
            if asked.all_wards:
                found = city_report(session, period, now=now, by_plan=by_plan)
            else:
                found = ward_report(session, asked.ward, period, now=now, by_plan=by_plan)
            if asked.output or asked.format:
                told, lines = _written(asked, found), [f"written: {_path(asked, found)}"]
            elif asked.json:
                told, lines = "json", [b"".join(data_pieces(found)).decode().rstrip()]
            else:
                told, lines = "words", list(_as_text(found))
        _note(database, found, told, now)
        print("\n".join(lines))
        return 0

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

    reporting = words.add_parser("report", parents=[given], help="a period's counts, or its report")
    _describe(reporting)
    reporting.set_defaults(run=report)
    timer = words.add_parser("scheduled", parents=[given], help="leave the reports that are due")
    timer.set_defaults(run=scheduled)
    merging = words.add_parser("ward-merge", parents=[given], help="note that a ward was merged")
    merging.add_argument("code")
    merging.add_argument("--into", required=True)
    merging.add_argument("--on", required=True, type=date.fromisoformat, help="its first day there")
    merging.set_defaults(run=merge)


def _describe(report: argparse.ArgumentParser) -> None:
    report.add_argument(
        "--month",
        metavar="PERIOD",
        help="as in 2026-11, 2026-11.cutoff, 2026-Q4, 2026-11-03..2026-11-20; else this month",
    )
    whose = report.add_mutually_exclusive_group(required=True)
    whose.add_argument("--ward", help="its code")
    whose.add_argument("--all-wards", action="store_true", help="all of them together")
    report.add_argument("--output", type=Path, help="a file to write, by its ending or --format")
    report.add_argument(
        "--format",
        type=ReportFile,
        choices=list(ReportFile),
        help="a file here, named after ward and period unless --output names it",
    )
    report.add_argument("--form", choices=FORMS, default="01", help="which form a csv file holds")
    report.add_argument("--json", action="store_true", help="the data on the terminal")


def _asked_period(asked: argparse.Namespace, now: datetime) -> Period:
    if asked.month and names_round(asked.month):
        return read_period(asked.month)  # when it begins, the ward's plan says
    if asked.month:
        return begun_period(asked.month, now)
    return period_of(PeriodKind.MONTH, local_day(now))


def _asked_kind(asked: argparse.Namespace) -> ReportFile:
    ending = asked.format or asked.output.suffix.removeprefix(".")
    if ending not in set(ReportFile):
        raise ValueError(f"{asked.output}: say with --format which file, {', '.join(ReportFile)}")
    return ReportFile(ending)


def _path(asked: argparse.Namespace, report: Report) -> Path:
    named: Path | None = asked.output
    return named or Path(file_name(report, _asked_kind(asked), form=asked.form))


def _written(asked: argparse.Namespace, report: Report) -> str:
    """Write the file; returns its name."""
    path = _path(asked, report)
    write_file(report, _asked_kind(asked), read_language("vi"), path, form=asked.form)
    return path.name


def _note(database: Database, report: Report, told: str, now: datetime) -> None:
    codes = [ward.code for ward in report.figures.wards]
    with database.writing() as session:
        audit.append(
            session,
            audit.COMMAND_LINE,
            "report.exported",
            report.subject,
            now=now,
            ward_id=session.scalar(select(Ward.id).where(Ward.code.in_(codes)))
            if len(codes) == 1
            else None,
            detail={"file": told},
        )


def _as_text(report: Report) -> Iterator[str]:
    figures = report.figures
    yield f"{', '.join(ward.name for ward in figures.wards)}, {write_period(figures.period)}"
    for name, counts in (("all", figures.counts), *((a.act, a.counts) for a in figures.acts)):
        row = "  ".join(f"{key} {value}" for key, value in dataclasses.asdict(counts).items())
        yield f"{name}: {row}"
    hours = figures.hours
    yield (
        f"camera hours: seen {hours.seen:.1f} of {hours.expected:.1f}, "
        f"lost {hours.lost:.1f}, {figures.cameras_on_duty} cameras"
    )
    if report.locked_at is not None:
        yield f"locked by {report.locked_by}"
