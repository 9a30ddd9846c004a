"""Where a camera's streams are had: typed once, sealed, and told to its own detector alone."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from viahe_api.errors import FormFault
from viahe_api.sealing import SealBroken, seal, unseal
from viahe_api.tables import Camera

SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
USUAL_PASSWORDS = frozenset(
    {"", "admin", "password", "12345", "123456", "12345678", "123456789", "888888", "666666"}
)
"""What cameras come with; such a camera is open to anybody."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TypedSources:
    """Addresses as typed, with their passwords; an empty one leaves what there is.

    `main` is recorded. `watch` is a smaller stream of the same camera, which is watched in its
    place; `forget_watch` lets it go.
    """

    main: str = field(default="", repr=False)
    watch: str = field(default="", repr=False)
    forget_watch: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """The addresses that hold, with their passwords: for the camera's detector, never a page."""

    watch: str = field(repr=False)
    record: str = field(repr=False)


def keep(camera: Camera, typed: TypedSources, secret: str) -> tuple[str, ...]:
    """Seal what was typed into the camera's row; returns the names of what changed.

    Raises FormFault `source`, `source_password`, or `watch_alone` for a second stream without a
    first.
    """
    changed = tuple(_changes(camera, typed, secret))
    if camera.watch_sealed is not None and camera.source_sealed is None:
        raise FormFault("watch_alone", "a watched stream needs the main stream's address beside it")
    return changed


def sources_of(camera: Camera, secret: str) -> Sources | None:
    """The camera's addresses; None where none is kept, or another secret sealed them."""
    if camera.source_sealed is None:
        return None
    try:
        main = unseal(secret, camera.source_sealed)
        watch = unseal(secret, camera.watch_sealed) if camera.watch_sealed else main
    except SealBroken as error:
        log.warning("camera %s: %s", camera.slug, error)
        return None
    return Sources(watch, main)


def check_source(source: str) -> None:
    """Raises FormFault for what is no stream's address, or has a password anybody knows."""
    try:
        parts = urlsplit(source)
        host, password = parts.hostname, parts.password
    except ValueError:
        host, password, parts = None, None, urlsplit("")
    if parts.scheme not in SCHEMES or not host:
        raise FormFault("source", "a stream's address begins with rtsp://, rtsps:// or https://")
    if (password or "").casefold() in USUAL_PASSWORDS:
        raise FormFault("source_password", "the camera has no password, or one of the usual ones")


def _changes(camera: Camera, typed: TypedSources, secret: str) -> Iterator[str]:
    if typed.main:
        check_source(typed.main)
        camera.source_sealed = seal(secret, typed.main)
        yield "source"
    if typed.watch:
        check_source(typed.watch)
        camera.watch_sealed = seal(secret, typed.watch)
        yield "watch_source"
    elif typed.forget_watch and camera.watch_sealed is not None:
        camera.watch_sealed = None
        yield "watch_source"
