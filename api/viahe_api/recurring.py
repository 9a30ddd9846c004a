"""Work that comes again and again beside the server, on a thread of its own."""

from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType


class Recurring:
    """Takes turns from `with` to its end. Several processes may each have one.

    A turn says how many seconds to wait until the next; it lets no error out.
    """

    def __init__(self, name: str, turn: Callable[[], float]) -> None:
        self._turn = turn
        self._ended = Event()
        self._thread = Thread(target=self._take_turns, name=name, daemon=True)

    def __enter__(self) -> "Recurring":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _take_turns(self) -> None:
        while not self._ended.wait(self._turn()):
            pass
