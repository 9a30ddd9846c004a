"""What would otherwise be made while the first person after a start waits for it: the mapping of
tables, the code of templates, and the statements a decision asks.

Nothing of it is kept, and nothing read is of anybody: statements are put together once for each
program, by their first asking, and it is asked here for somebody who may see nothing.
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import configure_mappers

from viahe_api import queries
from viahe_api.database import Database
from viahe_api.decisions import decision_views, followed
from viahe_api.errors import NotFound
from viahe_api.refs import find_case
from viahe_api.scope import Viewer
from viahe_api.tables import Decision
from viahe_api.vocabulary import CASE_READERS
from viahe_api.web.templates import Templates

NOBODY = Viewer(0, "", "", ())


def warm(database: Database, templates: Templates, *, now: datetime) -> None:
    """Make the first decision after a start take hardly longer than the next."""
    configure_mappers()
    templates.compile_all()
    with database.reading() as session:
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
