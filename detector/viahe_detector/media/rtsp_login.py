"""Proving to a camera who asks: Basic (RFC 7617) and Digest (RFC 7616) authorization."""

import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import md5, sha256

_FIELD = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(slots=True)
class Login:
    """A user's name and password, and how this camera wants them proved."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    _challenge: dict[str, str] | None = field(default=None, repr=False)
    _count: int = 0

    def take(self, challenges: Sequence[str]) -> bool:
        """Take the `WWW-Authenticate` headers of a refusal; whether one can be answered.

        Digest is preferred: Basic sends the password itself.
        """
        for scheme in ("digest", "basic"):
            for challenge in challenges:
                name, _, fields = challenge.strip().partition(" ")
                told = {key.lower(): quoted or bare for key, quoted, bare in _FIELD.findall(fields)}
                if name.lower() == scheme and _is_known(told):
                    self._challenge, self._count = told | {"scheme": scheme}, 0
                    return True
        return False

    def header(self, method: str, url: str) -> str | None:
        """The `Authorization` of a request; None as long as the camera asked for none."""
        told = self._challenge
        if told is None:
            return None
        if told["scheme"] == "basic":
            return "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()
        self._count += 1
        return "Digest " + ", ".join(self._proof(told, method, url))

    def _proof(self, told: dict[str, str], method: str, url: str) -> list[str]:
        digest = _digest(told)
        realm, nonce = told.get("realm", ""), told.get("nonce", "")
        who = digest(f"{self.user}:{realm}:{self.password}")
        what = digest(f"{method}:{url}")
        fields = {"username": self.user, "realm": realm, "nonce": nonce, "uri": url}
        bare: dict[str, str] = {}
        if "auth" in re.split(r"[\s,]+", told.get("qop", "")):
            count, own = f"{self._count:08x}", secrets.token_hex(8)
            fields["response"] = digest(f"{who}:{nonce}:{count}:{own}:auth:{what}")
            fields["cnonce"], bare = own, {"qop": "auth", "nc": count}
        else:
            fields["response"] = digest(f"{who}:{nonce}:{what}")
        if "opaque" in told:
            fields["opaque"] = told["opaque"]
        if "algorithm" in told:
            bare["algorithm"] = told["algorithm"]
        return [
            *(f'{key}="{value}"' for key, value in fields.items()),
            *(f"{key}={value}" for key, value in bare.items()),
        ]


def _is_known(told: dict[str, str]) -> bool:
    return told.get("algorithm", "MD5").upper() in ("MD5", "SHA-256")


def _digest(told: dict[str, str]) -> Callable[[str], str]:
    # MD5 is what cameras speak; here it proves a password over a line, and keeps nothing safe.
    if told.get("algorithm", "MD5").upper() == "MD5":
        return lambda text: md5(text.encode(), usedforsecurity=False).hexdigest()
    return lambda text: sha256(text.encode()).hexdigest()
