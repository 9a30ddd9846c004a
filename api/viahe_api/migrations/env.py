"""Alembic's entry: runs on the connection `database.Database` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Enum

from viahe_api.tables import Record, UtcDateTime


def _rendered(_kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names the database's own types: ours may change after it."""
    if isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    return f"sa.String(length={item.length})" if isinstance(item, Enum) else False


def run() -> None:
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("migrations run through `viahe-api init`, which opens the database")
    context.configure(
        connection=connection,
        target_metadata=Record.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_rendered,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
