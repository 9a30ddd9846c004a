"""What would otherwise be made while the first person after a start waits for it: the mapping of
tables, the code of templates, the addresses, and the statements that the queue and a decision ask.

Nothing of it is kept, and nothing read is of anybody: statements are put together once for each
program, by their first asking, and it is asked here for somebody who may see nothing.
"""

from contextlib import suppress
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy.orm import configure_mappers

from viahe_api import queries
from viahe_api.database import Database
from viahe_api.decisions import decision_views, followed
from viahe_api.errors import NotFound
from viahe_api.refs import find_case
from viahe_api.rejection_reasons import filter_reasons
from viahe_api.reported_places import reported_places
from viahe_api.saved_views import saved_views
from viahe_api.scope import Viewer, WardGrant
from viahe_api.second_reviews import count_waiting
from viahe_api.tables import Decision
from viahe_api.vocabulary import CASE_READERS, Role

NOBODY = Viewer(0, "", "", (WardGrant(0, "", "", Role.OPERATOR),))
"""May ask for a queue, and sees none: roles of no account are on file."""


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
    # PostgreSQL takes no lock where nothing may be written, be it of no row.
    with suppress(NotFound), database.writing() as session:
        find_case(session, NOBODY, "", *CASE_READERS, lock=True)


def make_addresses_ready(app: FastAPI) -> None:
    """FastAPI looks what an address asks for when it first sees whether that is the one asked for:
    let it look through all of them now."""
    for route in app.routes:
        route.matches(NOWHERE)
