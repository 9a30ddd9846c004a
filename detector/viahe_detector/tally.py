"""How much has been suspected, by camera and act, since the detector started."""

import threading
from collections import Counter

from viahe_rules.domain import Act, Outcome, Suppressed, Suspicion


class Tally:
    """Counts suspicions, and apart from them those a permit or a quiet hour covered.

    Safe for several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raised: Counter[tuple[str, Act]] = Counter()
        self._covered: Counter[tuple[str, Act]] = Counter()

    def count(self, outcome: Outcome) -> None:
        """Count an outcome, if it is one that is counted."""
        with self._lock:
            if isinstance(outcome, Suspicion):
                self._raised[outcome.camera, outcome.act] += 1
            elif isinstance(outcome, Suppressed):
                self._covered[outcome.suspicion.camera, outcome.suspicion.act] += 1

    def raised(self) -> dict[tuple[str, Act], int]:
        """Suspicions by camera and act."""
        with self._lock:
            return dict(self._raised)

    def covered(self) -> dict[tuple[str, Act], int]:
        """Those that were not reported, by camera and act."""
        with self._lock:
            return dict(self._covered)

    def of(self, camera: str) -> int:
        """Suspicions of one camera."""
        return sum(count for (name, _), count in self.raised().items() if name == camera)
