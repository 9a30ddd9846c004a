"""Accounts, what they may do in which ward, and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from viahe_api.tables.places import Ward
from viahe_api.tables.record import Record
from viahe_api.vocabulary import Role


class Account(Record):
    """A person who signs in by `login` with an Argon2 hash of a password."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    grants: Mapped[list["Grant"]] = relationship(lazy="raise", back_populates="account")


class Grant(Record):
    """A role of an account in a ward: the one source of what anybody may see or do."""

    __tablename__ = "role_grant"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)

    account: Mapped[Account] = relationship(lazy="raise", back_populates="grants")
    ward: Mapped[Ward] = relationship(lazy="raise")


class LoginSession(Record):
    """A signed-in browser, by the hash of the token in its cookie."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")


class FailedSignIn(Record):
    """A wrong password, kept a day for the throttle.

    The login's hash, not the login: people type passwords into the wrong field.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_login_hash_at", "login_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
