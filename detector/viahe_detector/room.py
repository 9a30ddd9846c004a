"""Bytes that all cameras share: who takes them, and whose oldest goes when they run out."""

import logging
import threading
from typing import Protocol

log = logging.getLogger(__name__)


class Tenant(Protocol):
    """What takes bytes of a room. It must not hold a lock that `forget` needs when it settles."""

    def size(self) -> int:
        """Bytes it takes now."""
        ...

    def oldest_at(self) -> float | None:
        """When what it would let go first began to arrive (UTC seconds); None if all is in use."""
        ...

    def forget(self, at: float | None) -> None:
        """Let go of what is from `at`, if it is still there; with None, of what is in use."""
        ...


class Room:
    """A bound in bytes over all tenants together. Safe for several threads.

    Whose oldest is oldest by wall time lets it go first. Only when nobody has anything that is
    not in use does the largest tenant let go of that. `name` is the configuration key of the
    bound; that the bound was met is logged once.
    """

    def __init__(self, max_bytes: float, name: str) -> None:
        self._max_bytes = max_bytes
        self._name = name
        self._tenants: list[Tenant] = []
        self._size = 0
        self._said = False
        self._count_lock = threading.Lock()
        self._settle_lock = threading.Lock()

    def enter(self, tenant: Tenant) -> None:
        """Count another tenant's bytes from now on; those it has already are counted."""
        self._tenants.append(tenant)
        self.take(tenant.size())

    def take(self, size: int) -> bool:
        """Count bytes taken or, if negative, given back; whether there are now too many.

        Cheap, and may be called under a tenant's own lock. Where it says so, `settle` has to
        follow once that lock is free.
        """
        with self._count_lock:
            self._size += size
            return self._size > self._max_bytes

    def settle(self) -> None:
        """Let the oldest go until all fits."""
        with self._settle_lock:
            while self._size > self._max_bytes:
                before = self._size
                self._forget_oldest()
                if self._size >= before and not any(tenant.size() for tenant in self._tenants):
                    return
                self._say()

    def _forget_oldest(self) -> None:
        found = [(at, tenant) for tenant in self._tenants if (at := tenant.oldest_at()) is not None]
        if found:
            at, tenant = min(found, key=lambda each: each[0])
            tenant.forget(at)
        else:
            max(self._tenants, key=lambda tenant: tenant.size()).forget(None)

    def _say(self) -> None:
        if not self._said:
            self._said = True
            log.warning(
                "%s is used up: %.0f MiB do not hold what was promised of all cameras together; "
                "the oldest goes first",
                self._name,
                self._max_bytes / 2**20,
            )
