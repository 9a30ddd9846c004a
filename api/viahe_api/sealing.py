"""Secrets of cameras at rest: encrypted with a key that follows from the API's secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(ValueError):
    """Sealed under another secret, or not sealed at all: it has to be entered again."""


def seal(secret: str, text: str) -> str:
    """The text encrypted and authenticated."""
    return _fernet(secret).encrypt(text.encode()).decode()


def unseal(secret: str, sealed: str) -> str:
    """Raises SealBroken."""
    try:
        return _fernet(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("the secret has changed since: enter the address again") from None


def _fernet(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"viahe camera sources").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
