"""Settings that are refused, and the secret that is made."""

from pathlib import Path

import pytest

from tests.api.house import SECRET
from viahe_api.app import create_app
from viahe_api.errors import StartRefused
from viahe_api.settings import KEYS, Settings, make_secret, read_settings


@pytest.mark.parametrize("secret", ["", "short", "changeme" * 8, "0" * 64])
def test_a_weak_secret_does_not_start(tmp_path: Path, secret: str) -> None:
    with pytest.raises(StartRefused, match=r"VIAHE_API_SECRET is weak|no secret") as refused:
        read_settings(tmp_path, {"VIAHE_API_SECRET": secret})
    assert not secret or secret not in str(refused.value)


def test_a_missing_secret_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="viahe-api init"):
        read_settings(tmp_path, {})


def test_a_made_secret_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    make_secret(tmp_path)
    first = read_settings(tmp_path, {}).secret
    make_secret(tmp_path)
    assert read_settings(tmp_path, {}).secret == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VIAHE_API_SECRETS", "x", "unknown variable VIAHE_API_SECRETS"),
        ("VIAHE_API_HTTPS", "maybe", "write yes or no"),
        ("VIAHE_API_LARGEST_FILE", "1GB", "write a number of bytes"),
        ("VIAHE_API_OBSERVATION_DAYS", "a week", "write a number of days"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(StartRefused, match=said):
        read_settings(tmp_path, {"VIAHE_API_SECRET": SECRET, name: value})


def test_every_variable_is_read(tmp_path: Path) -> None:
    given = {
        "VIAHE_API_DATABASE": "postgresql://ward:password@db/viahe",
        "VIAHE_API_SECRET": SECRET,
        "VIAHE_API_HTTPS": "yes",
        "VIAHE_API_LARGEST_FILE": "7",
        "VIAHE_API_KEEP_FREE": "8",
        "VIAHE_API_OBSERVATION_DAYS": "9",
        "VIAHE_API_OBSERVATION_BYTES": "10",
        "VIAHE_API_SECOND_REVIEW_PERCENT": "20",
    }
    assert given.keys() == KEYS.keys()
    settings = read_settings(tmp_path, given)
    assert settings == Settings(
        tmp_path,
        SECRET,
        given["VIAHE_API_DATABASE"],
        True,
        largest_file=7,
        keep_free=8,
        observation_days=9,
        observation_bytes=10,
    )
    assert "password" not in repr(settings)
    assert SECRET not in repr(settings)


def test_an_outdated_database_does_not_start(tmp_path: Path) -> None:
    settings = Settings(tmp_path, SECRET, f"sqlite:///{tmp_path / 'viahe.sqlite3'}")
    with pytest.raises(StartRefused, match="not up to date"):
        create_app(settings)
