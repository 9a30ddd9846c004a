"""The manifest of a piece of evidence: canonical, signed, linked to the one before it.

Needs the standard library and an Ed25519 implementation; neither a network nor a database.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from viahe_detector.errors import ConfigError, EvidenceError

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the same content is the same bytes.

    Raises ValueError for numbers that are not finite.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256_of(path: Path) -> str:
    """The hexadecimal SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Signer:
    """A detector's Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def load_or_create(cls, path: Path) -> "Signer":
        """The key in `path` (PKCS #8 PEM, mode 0600), made there if there is none.

        Raises `ConfigError` if the file is no such key, cannot be read or written, or others
        may read it.
        """
        try:
            if not path.exists():
                _create_key(path)
            if path.stat().st_mode & 0o077:
                raise ConfigError(f"{path}: others may read this key; chmod 600 it")
            key = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise ConfigError(
                f"{path}: the signing key is out of reach: {error.strerror}"
            ) from None
        except (ValueError, TypeError):
            raise ConfigError(f"{path}: this is no unencrypted Ed25519 key in PEM") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise ConfigError(f"{path}: this key is of another kind than Ed25519")
        return cls(key)

    @property
    def public_key(self) -> str:
        """The public half, 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._key.sign(data)


def _create_key(path: Path) -> None:
    """Whole or not at all, and never over another's key: written aside, then linked in place."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(aside)
    except FileExistsError:
        pass  # another process was first; its key is as good
    finally:
        aside.unlink()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a piece of evidence, and the file it is wrong with.

    `code` is one of `missing`, `altered`, `swapped`, `added`, `malformed`, `signature`, `key`
    and `link`.
    """

    code: str
    name: str
    detail: str


def verify(
    folder: Path, public_key: str | None = None, previous: bytes | None = None
) -> tuple[Finding, ...]:
    """Check a folder of evidence by itself: no network, no database. Empty if all is well.

    `public_key` (64 hexadecimal digits) is what the detector is known by; without it the
    manifest's own is used, which shows damage but not forgery. `previous` are the bytes of the
    manifest before it; without them the link is not checked. Raises `EvidenceError` if the
    folder cannot be read.
    """
    try:
        return tuple(_findings(folder, public_key, previous))
    except OSError as error:
        raise EvidenceError(f"{folder} cannot be read: {error.strerror}") from None


def _findings(folder: Path, public_key: str | None, previous: bytes | None) -> Iterator[Finding]:
    names = {path.name for path in folder.iterdir()}
    absent = [name for name in (MANIFEST, SIGNATURE) if name not in names]
    yield from (Finding("missing", name, "the file is not there") for name in absent)
    if MANIFEST in absent:
        return
    data = (folder / MANIFEST).read_bytes()
    manifest = _parsed(data)
    if manifest is None:
        yield Finding("malformed", MANIFEST, "this is no canonical manifest")
        return
    if SIGNATURE in names:
        yield from _signature_findings(folder, data, manifest, public_key)
    if previous is not None and manifest["previous"] != hashlib.sha256(previous).hexdigest():
        yield Finding("link", MANIFEST, "it does not follow the manifest given as the one before")
    yield from _file_findings(folder, manifest["files"], names - {MANIFEST, SIGNATURE})


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        manifest = json.loads(data)
        sound = isinstance(manifest, dict) and canonical(manifest) == data
    except ValueError:
        return None
    if not sound or not {"files", "previous", "public_key"} <= manifest.keys():
        return None
    files = manifest["files"]
    named = isinstance(files, dict) and all(_plain(name) for name in files)
    return manifest if named else None


def _plain(name: str) -> bool:
    """Whether a name stays inside its folder."""
    return Path(name).name == name


def _signature_findings(
    folder: Path, data: bytes, manifest: Mapping[str, Any], public_key: str | None
) -> Iterator[Finding]:
    if public_key is not None and public_key.lower() != manifest["public_key"]:
        yield Finding("key", MANIFEST, "it names another key than the detector's")
    try:
        key = Ed25519PublicKey.from_public_bytes(
            bytes.fromhex(public_key or manifest["public_key"])
        )
        key.verify((folder / SIGNATURE).read_bytes(), data)
    except (InvalidSignature, ValueError, TypeError):
        yield Finding("signature", SIGNATURE, "it does not sign this manifest with this key")


def _file_findings(
    folder: Path, announced: Mapping[str, Any], present: set[str]
) -> Iterator[Finding]:
    for name, digest in sorted(announced.items()):
        if name not in present:
            yield Finding("missing", name, "the manifest names it and it is not there")
            continue
        found = sha256_of(folder / name)
        if found == digest:
            continue
        twin = next((other for other, theirs in announced.items() if theirs == found), None)
        if twin is None:
            yield Finding("altered", name, f"its SHA-256 is {found}, the manifest says {digest}")
        else:
            yield Finding("swapped", name, f"it holds what {twin} should hold")
    for name in sorted(present - announced.keys()):
        yield Finding("added", name, "the manifest does not name it")
