"""Signing in, staying in, and being thrown out."""

from dataclasses import replace

import argon2
import pytest
from sqlalchemy import select, text

from tests.api.house import PASSWORD, House
from viahe_api import auth, seeding
from viahe_api.auth import SignedInSession, SignInRefused
from viahe_api.errors import FormFault, NotSignedIn, TokenUnknown
from viahe_api.scope import Viewer
from viahe_api.tables import Account
from viahe_api.vocabulary import Role


def enter(
    house: House, password: str = PASSWORD, login: str = "lan", address: str = "10.0.0.1"
) -> SignedInSession | SignInRefused:
    with house.database.writing() as session:
        return auth.sign_in(session, login, password, address, now=house.now)


def token_of(house: House, login: str = "lan") -> str:
    entered = enter(house, login=login)
    assert isinstance(entered, SignedInSession)
    return entered.token


def who(house: House, token: str | None) -> Viewer:
    with house.database.reading() as session:
        return auth.viewer_of(session, token, house.settings, now=house.now)[0]


def test_a_session_knows_its_person_and_roles(house: House) -> None:
    viewer = who(house, token_of(house, " LAN "))
    assert (viewer.login, viewer.name) == ("lan", "Nguyễn Thị Lan")
    assert viewer.roles == {Role.OPERATOR}
    assert viewer.wards == ("Phường Tây Hồ",)
    assert not viewer.works_in_several_wards


@pytest.mark.parametrize(("login", "password"), [("lan", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    house: House, login: str, password: str
) -> None:
    assert enter(house, password, login) == SignInRefused()


def test_a_stored_password_costs_who_guesses_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least what RFC 9106 recommends where memory is scarce; tests are spared it elsewhere."""
    monkeypatch.setattr(auth, "PasswordHasher", argon2.PasswordHasher)
    cost = argon2.extract_parameters(auth.hash_password(PASSWORD))
    assert cost.type is argon2.Type.ID
    assert cost.memory_cost >= 64 << 10  # KiB
    assert cost.time_cost >= 3
    assert cost.parallelism >= 4


def test_five_wrong_passwords_earn_a_wait_even_for_the_right_one(house: House) -> None:
    for _ in range(5):
        assert enter(house, "wrong") == SignInRefused()
    house.clock.advance(10)
    assert enter(house) == SignInRefused(retry_after_s=20)
    assert isinstance(enter(house, login="minh"), SignedInSession)
    house.clock.advance(20)
    assert isinstance(enter(house), SignedInSession)


def test_an_address_that_tries_many_names_waits_as_well(house: House) -> None:
    with house.database.writing() as session:
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) "
                "INSERT INTO failed_sign_in (login_hash, address, at) "
                "SELECT 'name' || i, '10.0.0.9', '2026-11-22 05:00:00.000000' FROM n"
            )
        )
    assert enter(house, address="10.0.0.9") == SignInRefused(retry_after_s=30)
    assert isinstance(enter(house, address="10.0.0.8"), SignedInSession)


def test_an_idle_session_ends_and_a_used_one_goes_on(house: House) -> None:
    token = token_of(house)
    for _ in range(3):
        house.clock.advance(house.settings.session_idle_s - 1)
        viewer = who(house, token)
        with house.database.writing() as session:
            auth.touch(session, viewer, now=house.now)
    house.clock.advance(house.settings.session_idle_s)
    with pytest.raises(NotSignedIn):
        who(house, token)


def test_no_session_outlives_a_shift(house: House) -> None:
    token = token_of(house)
    settings = replace(house.settings, session_longest_s=600)
    house.clock.advance(600)
    with pytest.raises(NotSignedIn), house.database.reading() as session:
        auth.viewer_of(session, token, settings, now=house.now)


def test_signing_out_makes_the_cookie_worthless(house: House) -> None:
    token = token_of(house)
    with house.database.writing() as session:
        auth.sign_out(session, who(house, token), now=house.now)
    with pytest.raises(NotSignedIn):
        who(house, token)


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    token = token_of(house)
    with house.database.writing() as session:
        account = session.scalars(select(Account).where(Account.login == "lan")).one()
        account.disabled_at = house.now
    with pytest.raises(NotSignedIn):
        who(house, token)
    assert enter(house) == SignInRefused()


@pytest.mark.parametrize("token", [None, "", "guess"])
def test_no_token_is_nobody(house: House, token: str | None) -> None:
    with pytest.raises(NotSignedIn):
        who(house, token)


def test_forms_of_two_sessions_carry_different_tokens(house: House) -> None:
    first, second = (who(house, token_of(house)) for _ in range(2))
    token = auth.form_token(house.settings, first)
    assert auth.is_form_token(house.settings, first, token)
    assert not auth.is_form_token(house.settings, second, token)
    other = replace(house.settings, secret=house.settings.secret[::-1])
    assert not auth.is_form_token(other, first, token)


def test_neither_tokens_nor_passwords_are_in_the_database_file(house: House) -> None:
    device_token, session_token = house.token(), token_of(house)
    with house.database.writing() as session:
        password = seeding.add_account(session, "moi", "Người Mới", now=house.now)
    house.database.close()
    files = [path.read_bytes() for path in house.settings.data.glob("viahe.sqlite3*")]
    for secret in (device_token, session_token, password, PASSWORD):
        assert not any(secret.encode() in content for content in files)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer guess", "Basic bGFuOmxhbg=="])
def test_a_device_without_its_token_is_unknown(house: House, header: str | None) -> None:
    with pytest.raises(TokenUnknown), house.database.reading() as session:
        auth.device_of(session, header)


def test_a_device_is_known_by_its_token_until_it_is_revoked(house: House) -> None:
    header = f"Bearer {house.token('hong-ha')}"
    with house.database.reading() as session:
        assert auth.device_of(session, header).ward_code == "hong-ha"
    with house.database.writing() as session:
        session.execute(text("UPDATE device SET revoked_at = '2026-11-22 00:00:00.000000'"))
    with pytest.raises(TokenUnknown), house.database.reading() as session:
        auth.device_of(session, header)


def test_a_short_password_and_a_taken_name_are_refused(house: House) -> None:
    with house.database.writing() as session:
        with pytest.raises(FormFault, match="12 characters"):
            seeding.add_account(session, "moi", "Mới", now=house.now, password="ngan")
        with pytest.raises(FormFault, match="exists already"):
            seeding.add_account(session, "LAN", "Lan", now=house.now)
