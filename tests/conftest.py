"""What holds for every test."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy
from argon2 import PasswordHasher
from hypothesis import settings

from viahe_api import auth, database

# Two cores shared with encoders make a deadline fail for no reason of ours.
settings.register_profile("viahe", deadline=None)
settings.load_profile("viahe")

STATEMENTS = 4_000
"""As many as all tests of one run ask, and more."""


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """SQLAlchemy keeps what it has compiled of a statement for its engine and dialect. A program
    has one of each, every test its own: compiling took a third of the tests' time. So engines
    of SQLite are lent the dialect, and what is compiled for it, of one that stays."""
    first = sqlalchemy.create_engine("sqlite://", query_cache_size=STATEMENTS)
    first.connect().close()  # what a dialect learns of its database it learns now

    def lent(url: str, **options: Any) -> sqlalchemy.Engine:
        engine = sqlalchemy.create_engine(url, **options)
        if engine.dialect.name == first.dialect.name:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", lent)
        yield
    first.dispose()


@pytest.fixture(scope="session", autouse=True)
def passwords_cheap_to_check() -> Iterator[None]:
    """Each sign-in of each test would cost a third of a second on purpose. What a password costs
    who guesses at it is test_auth's."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "PasswordHasher", cheap)
        yield
