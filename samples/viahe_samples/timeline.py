"""Which picture of a file is due when, once the file is over as well."""

from bisect import bisect_left
from dataclasses import dataclass

from .coded_video import CLOCK_HZ, CodedPicture, CodedVideo
from .rtp import payloads_of

TOLERANCE_S = 1e-6
"""Sums of frame times are not exact."""


@dataclass(frozen=True, slots=True)
class Due:
    """A picture and when it is due: seconds since the start, and ticks on the 90 kHz clock."""

    send_s: float
    ticks: int
    is_key: bool
    payloads: tuple[bytes, ...]


class Timeline:
    """The pictures of a video in the order of sending, packed for RTP once for all clients.

    After the end, the pictures from `repeat_from` on are repeated for ever, time going on;
    with None nothing follows.
    """

    def __init__(self, video: CodedVideo, repeat_from: int | None) -> None:
        self._pictures = video.pictures
        self._payloads = [payloads_of(video.codec, each.nal_units) for each in video.pictures]
        self._repeat_from = repeat_from
        self._end_s = video.duration_s
        start_s = video.pictures[repeat_from].send_s if repeat_from is not None else 0.0
        self._period_s = video.duration_s - start_s

    def at(self, index: int) -> Due | None:
        """The picture sent as number `index` since the start, None after the end."""
        count = len(self._pictures)
        if index < count:
            return self._due(index, 0)
        if self._repeat_from is None:
            return None
        rounds, rest = divmod(index - count, count - self._repeat_from)
        return self._due(self._repeat_from + rest, rounds + 1)

    def key_from(self, t: float) -> int:
        """The index of the first key frame due at second `t` or later; after the end of a
        timeline that has one, an index nothing is due at."""
        index = self._index_at(t)
        while (due := self.at(index)) is not None and not due.is_key:
            index += 1
        return index

    def _index_at(self, t: float) -> int:
        count = len(self._pictures)
        if t <= self._end_s or self._repeat_from is None:
            return bisect_left(self._pictures, t, key=_send_s)
        rounds = int((t - self._end_s) / self._period_s)
        t -= (rounds + 1) * self._period_s
        inside = bisect_left(self._pictures, t, key=_send_s) - self._repeat_from
        return count + rounds * (count - self._repeat_from) + inside

    def _due(self, number: int, rounds: int) -> Due:
        picture, later_s = self._pictures[number], rounds * self._period_s
        return Due(
            picture.send_s + later_s,
            picture.ticks + round(later_s * CLOCK_HZ),
            picture.is_key,
            self._payloads[number],
        )


def _send_s(picture: CodedPicture) -> float:
    return picture.send_s


def last_seconds(video: CodedVideo, seconds: float) -> int:
    """Where the last `seconds` of `video` begin: its first key frame in them, or its last."""
    from_s = video.duration_s - seconds
    keys = [i for i, each in enumerate(video.pictures) if each.is_key]
    return next((i for i in keys if video.pictures[i].send_s >= from_s - TOLERANCE_S), keys[-1])
