"""Made anew while others write, summaries are what the rows say."""

from typing import Any

from sqlalchemy import event, text

from tests.api.test_repeating import fill
from viahe_api import summaries
from viahe_api.database import Database
from viahe_api.summary_differences import differences
from viahe_api.summary_keeping import take_up_some

DECIDE = text("UPDATE review_case SET state = 'insufficient' WHERE id = :id")


def test_a_change_that_is_committed_meanwhile_is_counted_afterwards(database: Database) -> None:
    """Its note is older than the newest that was seen, and its day was counted without it."""
    fill(database, [0, 30, 100])
    began = database.engine.connect()
    began.execute(DECIDE, {"id": 0})
    with database.writing() as session:
        session.execute(DECIDE, {"id": 2})

    def commit_before_notes_go(_connection: object, _cursor: object, said: str, *_: Any) -> None:
        if said.startswith("DELETE FROM case_change") and not began.closed:
            began.commit()
            began.close()

    event.listen(database.engine, "before_cursor_execute", commit_before_notes_go)
    try:
        with database.writing() as session:
            summaries.rebuild(session)
    finally:
        event.remove(database.engine, "before_cursor_execute", commit_before_notes_go)
    assert began.closed
    while take_up_some(database):
        pass
    with database.reading() as session:
        assert list(differences(session)) == []
