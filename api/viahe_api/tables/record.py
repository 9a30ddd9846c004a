"""What all tables share: how times and words are stored, and how constraints are named."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from viahe_api.spans import Length
from viahe_api.vocabulary import (
    Answered,
    Asked,
    Authority,
    CameraState,
    CaseState,
    DeviceKind,
    FileKind,
    Finding,
    Handling,
    Keeping,
    RejectReason,
    Role,
    Source,
    Verdict,
)
from viahe_rules.domain import Act


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC. A naive one is refused rather than guessed at."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _word(kind: type[StrEnum]) -> Enum:
    """A word of the vocabulary as text; no CHECK, so that a new word needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda words: [word.value for word in words],
    )


class Record(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read once by SQLAlchemy
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        Act: _word(Act),
        Answered: _word(Answered),
        Asked: _word(Asked),
        Authority: _word(Authority),
        CameraState: _word(CameraState),
        CaseState: _word(CaseState),
        DeviceKind: _word(DeviceKind),
        FileKind: _word(FileKind),
        Finding: _word(Finding),
        Handling: _word(Handling),
        Keeping: _word(Keeping),
        Length: _word(Length),
        RejectReason: _word(RejectReason),
        Role: _word(Role),
        Source: _word(Source),
        Verdict: _word(Verdict),
    }
