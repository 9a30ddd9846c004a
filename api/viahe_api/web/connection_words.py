"""A connection test in words: what each stream is, or why it cannot be watched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from viahe_api.connection_tests import Progress, TestView
from viahe_api.language import N_, Language
from viahe_api.schemas import StreamFacts, StreamTested

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no address is kept": N_("No address is kept for this camera."),
        "(401)": N_("The camera refuses the user name or the password."),
        "(403)": N_("The camera does not let this user watch."),
        "(404)": N_("The camera has no stream of that name: check the end of the address."),
        "nothing listens": N_("Nothing listens at that address and port."),
        "not answer in time": N_("The camera does not answer: check address and network."),
        "has sent no packet": N_("The camera answers and then sends nothing."),
        "no video stream": N_("There is no video at that address."),
    }
)
"""By a piece of the detector's sentence."""


@dataclass(frozen=True, slots=True)
class StreamShown:
    """A stream with its facts as (word, value); without any, `reason` says why where it is a
    known one, and `word` is the detector's own."""

    name: str
    facts: tuple[tuple[str, str], ...]
    reason: str
    word: str


@dataclass(frozen=True, slots=True)
class TestShown:
    """`still_url` is the picture the test took; empty without one."""

    waiting: bool
    said: str
    tone: str
    streams: tuple[StreamShown, ...]
    still_url: str


def shown_test(language: Language, camera_id: int, view: TestView | None) -> TestShown | None:
    """The newest test in words, None where there was none."""
    if view is None:
        return None
    waiting = view.progress is Progress.WAITING
    still = f"/cameras/{camera_id}/test/still.jpg?of={view.id}" if view.has_still else ""
    return TestShown(
        waiting,
        _said(language, view),
        _tone(view),
        tuple(_stream(language, stream) for stream in view.streams),
        "" if waiting else still,
    )


def _said(language: Language, view: TestView) -> str:
    asked = language.clock(view.asked_at, seconds=True)
    if view.progress is Progress.WAITING:
        return language.gettext("Asked at %(at)s; the detector is trying it.", at=asked)
    if view.answered_at is None:
        return language.gettext(
            "Asked on %(at)s; no answer came: the detector is away.",
            at=language.moment(view.asked_at),
        )
    at = language.moment(view.answered_at)
    if any(stream.facts is None for stream in view.streams):
        return language.gettext("Tested on %(at)s: not every stream can be watched.", at=at)
    return language.gettext("Tested on %(at)s: the camera can be watched.", at=at)


def _tone(view: TestView) -> str:
    if view.progress is Progress.WAITING:
        return "info"
    whole = view.answered_at is not None and all(stream.facts for stream in view.streams)
    return "ok" if whole else "bad"


def _stream(language: Language, stream: StreamTested) -> StreamShown:
    say = language.gettext
    name = say("Main stream") if stream.stream == "record" else say("Watched stream")
    facts = tuple(_facts(language, stream.facts)) if stream.facts else ()
    known = next((said for part, said in REASONS.items() if part in stream.reason), None)
    return StreamShown(name, facts, say(known) if known else "", stream.reason)


def _facts(language: Language, facts: StreamFacts) -> Iterator[tuple[str, str]]:
    say, number, unknown = language.gettext, language.number, language.gettext("not measured")
    yield say("Codec"), facts.codec.upper()
    yield say("Size"), f"{facts.width} × {facts.height}"
    rate, key, bits = facts.pictures_per_s, facts.key_every_s, facts.kbit_per_s
    yield say("Pictures a second"), unknown if rate is None else number(rate, 1)
    yield (
        say("Key frame every"),
        unknown if key is None else say("%(seconds)s s", seconds=number(key, 1)),
    )
    yield say("Bit rate"), unknown if bits is None else say("%(n)s kbit/s", n=number(bits))
    offset = facts.clock_offset_s
    yield (
        say("Clock"),
        say("tells no time")
        if offset is None
        else say("off by %(seconds)s s", seconds=number(abs(offset), 1)),
    )
