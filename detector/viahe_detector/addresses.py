"""The addresses the review API tells of cameras, looked up whenever one is opened.

A camera without a source of its own is opened by a name, `api://cam-1` for the stream that is
kept and `api://cam-1/watch` for the one that is looked at, in whose place the address in force is
taken. Names are all that is logged; when the address changes, the stream ends and is opened anew,
as after any other break.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from viahe_detector.assignment import Addresses
from viahe_detector.capture import StreamOpener
from viahe_detector.config import TOLD, TOLD_SMALL
from viahe_detector.errors import CannotOpen, Ended, NotGiven
from viahe_detector.media import Coded, OpenedStream, StreamFacts, Timeouts

_Came = TypeVar("_Came", bound=Coded | None)


class AddressBook:
    """The addresses in force. They are replaced as a whole, by one thread, and read by any."""

    def __init__(self) -> None:
        self._known: Mapping[str, Addresses] = MappingProxyType({})

    def take(self, addresses: Mapping[str, Addresses]) -> None:
        """Hold these from now on, and none of those held before."""
        self._known = MappingProxyType(dict(addresses))

    def of(self, camera: str) -> Addresses | None:
        """A camera's addresses, None if the API told none."""
        return self._known.get(camera)

    def opening(self, opener: StreamOpener) -> StreamOpener:
        """`opener`, that finds the address for a name; anything else is opened as it is."""

        def opened(source: str, timeouts: Timeouts) -> OpenedStream:
            if not source.startswith(TOLD):
                return opener(source, timeouts)
            address = self._address(source)
            if address is None and source.endswith(TOLD_SMALL):
                raise NotGiven(f"{source}: the camera has no smaller stream")
            if address is None:
                raise CannotOpen(
                    f"{source} has no address: enter it on the camera's page of the review API"
                )
            return _ToldStream(self, source, address, opener(address, timeouts))

        return opened

    def _address(self, source: str) -> str | None:
        name = source.removeprefix(TOLD)
        known = self.of(name.removesuffix(TOLD_SMALL))
        if known is None:
            return None
        if not name.endswith(TOLD_SMALL):
            return known.record
        return known.watch if known.watch != known.record else None

    def still_holds(self, source: str, address: str) -> bool:
        """Whether the name still stands for the address."""
        return self._address(source) == address


class _ToldStream:
    """A stream that ends as soon as its name stands for another address."""

    def __init__(self, book: AddressBook, source: str, address: str, stream: OpenedStream) -> None:
        self._book, self._source, self._address = book, source, address
        self._stream = stream

    @property
    def facts(self) -> StreamFacts:
        return self._stream.facts

    def packets(self) -> Iterator[Coded]:
        return self._while_it_holds(self._stream.packets())

    def arriving(self) -> Iterator[Coded | None] | None:
        arriving = self._stream.arriving()
        return None if arriving is None else self._while_it_holds(arriving)

    def _while_it_holds(self, coming: Iterator[_Came]) -> Iterator[_Came]:
        for coded in coming:
            if not self._book.still_holds(self._source, self._address):
                raise Ended(f"{self._source} has another address now")
            yield coded

    def close(self) -> None:
        self._stream.close()
