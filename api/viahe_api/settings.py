"""Settings of the API: parsed once, frozen, refused when weak."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from viahe_api.errors import StartRefused

KEYS = {
    "VIAHE_API_DATABASE": "database URL; by default SQLite in the data folder",
    "VIAHE_API_SECRET": "at least 32 random characters; by default the file `secret`",
    "VIAHE_API_HTTPS": "yes when browsers reach this over https: cookies are then Secure",
    "VIAHE_API_LARGEST_FILE": "bytes one evidence file may have",
    "VIAHE_API_KEEP_FREE": "bytes of the disk that evidence must leave free",
    "VIAHE_API_OBSERVATION_DAYS": "days that what cameras saw is kept, to judge changed zones by",
    "VIAHE_API_OBSERVATION_BYTES": "bytes of it kept for each camera",
    "VIAHE_API_SECOND_REVIEW_PERCENT": "share of decisions that another operator looks at again",
}
"""Every environment variable read, and what it is."""

SECRET_FILE = "secret"  # noqa: S105 - the name of the file


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` holds evidence, stills, and the database unless `database` names another.

    A trial of a zone is waited for `trial_patience_s` before its page is shown without its end.
    """

    data: Path
    secret: str = field(repr=False)
    database: str = field(repr=False)
    https: bool = False
    largest_file: int = 1 << 30
    keep_free: int = 200 << 20
    observation_days: int = 8
    observation_bytes: int = 512 << 20
    trial_patience_s: float = 4.0
    trial_longest_s: float = 60 * 60.0
    second_review_percent: float = 5.0
    session_idle_s: int = 60 * 60
    session_longest_s: int = 12 * 60 * 60

    def __post_init__(self) -> None:
        if len(self.secret) < 32 or len(set(self.secret)) < 12:
            raise StartRefused(
                "VIAHE_API_SECRET is weak: give at least 32 random characters, or leave it out "
                "and run `viahe-api init`, which makes one"
            )


def read_settings(data: Path, environ: Mapping[str, str]) -> Settings:
    """Settings from the environment and the data folder.

    Raises StartRefused for an unknown VIAHE_API_ variable, a value that is no number or no
    yes/no, and a secret that is missing or weak.
    """
    unknown = sorted(k for k in environ if k.startswith("VIAHE_API_") and k not in KEYS)
    if unknown:
        raise StartRefused(f"unknown variable {unknown[0]}; known are {', '.join(KEYS)}")
    data = data.resolve()
    return Settings(
        data=data,
        secret=environ.get("VIAHE_API_SECRET") or _secret_of(data),
        database=environ.get("VIAHE_API_DATABASE") or f"sqlite:///{data / 'viahe.sqlite3'}",
        https=_yes(environ, "VIAHE_API_HTTPS"),
        largest_file=_whole(environ, "VIAHE_API_LARGEST_FILE", 1 << 30),
        keep_free=_whole(environ, "VIAHE_API_KEEP_FREE", 200 << 20),
        observation_days=_whole(environ, "VIAHE_API_OBSERVATION_DAYS", 8, "days"),
        observation_bytes=_whole(environ, "VIAHE_API_OBSERVATION_BYTES", 512 << 20),
    )


def make_secret(data: Path) -> None:
    """Write a random secret into the data folder, readable by its owner alone, once."""
    path = data / SECRET_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))


def _secret_of(data: Path) -> str:
    try:
        return (data / SECRET_FILE).read_text().strip()
    except FileNotFoundError:
        raise StartRefused(
            f"no secret: set VIAHE_API_SECRET or run `viahe-api init --data {data}`"
        ) from None


def _yes(environ: Mapping[str, str], key: str) -> bool:
    value = environ.get(key, "no").lower()
    if value not in {"yes", "no"}:
        raise StartRefused(f"{key} is {value!r}: write yes or no")
    return value == "yes"


def _whole(environ: Mapping[str, str], key: str, default: int, unit: str = "bytes") -> int:
    value = environ.get(key, str(default))
    if not value.isdecimal():
        raise StartRefused(f"{key} is {value!r}: write a number of {unit}")
    return int(value)
