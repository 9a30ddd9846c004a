"""What would otherwise be made while the first person after a start waits for it: the mapping of
tables, the code of templates, the addresses, and the statements that the queue and a decision ask.

Nothing of it is kept: statements are put together once for each program, by their first asking.
Cases are asked here for somebody who may see none; counts for whoever sees the most wards, as of
no ward they are asked otherwise than of a city.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import Session, configure_mappers

from viahe_api import queries
from viahe_api.counted_wards import wards_of_viewer
from viahe_api.database import Database
from viahe_api.decisions import decision_views, followed
from viahe_api.errors import NotFound
from viahe_api.figure_taking import take_figures
from viahe_api.periods import PeriodKind, free, local_day, period_of, to_date
from viahe_api.refs import find_case
from viahe_api.rejection_reasons import filter_reasons
from viahe_api.reported_places import reported_places
from viahe_api.saved_views import saved_views
from viahe_api.scope import Viewer, WardGrant
from viahe_api.second_reviews import count_waiting
from viahe_api.summary_reading import SummaryReading
from viahe_api.tables import Decision, Grant
from viahe_api.tallies import BY_ACT
from viahe_api.trend import open_by_age, trend
from viahe_api.vocabulary import CASE_READERS, Role

NOBODY = Viewer(0, "", "", (WardGrant(0, "", "", Role.OPERATOR),))
"""May ask for a queue, and sees none: roles of no account are on file."""


COUNTED = (PeriodKind.MONTH, PeriodKind.WEEK, PeriodKind.QUARTER)
MANY_DAYS, FEW_DAYS = timedelta(days=250), timedelta(days=10)
"""Periods that are put together of spans differently, as are the year up to today and free days."""
NOWHERE = {"type": "http", "method": "GET", "path": "/.nowhere", "root_path": "", "headers": []}
"""What is asked for at an address that there is none of, which all are looked through for."""


def warm(app: FastAPI, *, now: datetime) -> None:
    """Make the first queue and the first decision after a start hardly slower than the next."""
    configure_mappers()
    app.state.desk.templates.compile_all()
    make_addresses_ready(app)
    database: Database = app.state.database
    with database.reading() as session:
        queries.queue(session, NOBODY, now=now)
        queries.camera_choices(session, NOBODY, now=now)
        count_waiting(session, NOBODY)
        saved_views(session, NOBODY)
        filter_reasons(session, NOBODY)
        reported_places(session, NOBODY)
        decision_views(session, NOBODY, Decision.account_id == 0, Decision.form_id == "")
        decision_views(session, NOBODY, Decision.id == 0)
        followed(session, (0,))
        with suppress(NotFound):
            find_case(session, NOBODY, "", *CASE_READERS)
        queries.next_case(session, NOBODY, now=now)
        queries.my_last_decision(session, NOBODY, now=now)
    with database.reading() as session:
        _ask_counts(session, now)
    # PostgreSQL takes no lock where nothing may be written, be it of no row.
    with suppress(NotFound), database.writing() as session:
        find_case(session, NOBODY, "", *CASE_READERS, lock=True)


def _ask_counts(session: Session, now: datetime) -> None:
    """What reports and dashboards ask, for the account with a role in the most wards."""
    most = (
        select(Grant.account_id)
        .group_by(Grant.account_id)
        .order_by(func.count(Grant.ward_id.distinct()).desc(), Grant.account_id)
        .limit(1)
    )
    account_id = session.scalar(most)
    if account_id is None:
        return
    narrow = wards_of_viewer(Viewer(account_id, "", "", ()))
    today = local_day(now)
    for period in (
        *(period_of(kind, today).previous for kind in COUNTED),
        to_date(today),
        free(today - MANY_DAYS, today - FEW_DAYS),
    ):
        reading = SummaryReading(session, narrow)
        take_figures(reading, period, now=now)
        reading.counts(period, BY_ACT, "ward_id")
        trend(reading, period, 2, now=now)
    open_by_age(session, narrow, now)


def make_addresses_ready(app: FastAPI) -> None:
    """FastAPI looks what an address asks for when it first sees whether that is the one asked for:
    let it look through all of them now."""
    for route in app.routes:
        route.matches(NOWHERE)
