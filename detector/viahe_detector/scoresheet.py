"""A score in words and as JSON: what was found, missed and false in each video, and the figures."""

from collections.abc import Iterable, Sequence
from typing import Any

from viahe_detector.matching import Found
from viahe_detector.scoring import (
    ActScore,
    Attribution,
    VideoScore,
    attribution_of,
    false_per_camera_hour,
    is_named,
    is_right,
    score_of,
)
from viahe_detector.truth import Event, Video
from viahe_rules.domain import Act, Box, LeftBy, Suspicion


def video_line(score: VideoScore) -> str:
    """One line on a video: what was missed, what was false, what was found."""
    matched = score.matched
    parts = {
        "missed": [_event_words(event) for event in matched.missed],
        "false": [_told_words(suspicion, score.video) for suspicion in matched.false],
        "found": [_found_words(found, score.video) for found in matched.found],
    }
    told = "; ".join(f"{what} {', '.join(words)}" for what, words in parts.items() if words)
    return f"{score.video.file}: {told or 'nothing to find, nothing false'}"


def figure_lines(videos: Sequence[VideoScore]) -> Iterable[str]:
    """The figures over all videos, a line for each."""
    for act in Act:
        yield _act_line(act, score_of(act, videos))
    hours = sum(each.seconds for each in videos) / 3600
    rate = _figure(false_per_camera_hour(videos), ".1f")
    yield f"false per camera-hour {rate} in {hours:.2f} hours of video"
    who = attribution_of(videos)
    yield (
        f"leavers of {who.events} found: {who.named} named, {who.right} of them right "
        f"({who.right_kind} by kind), {who.unknown} unknown"
    )


def as_json(videos: Sequence[VideoScore]) -> dict[str, Any]:
    """The whole score as one object; boxes in pixels, times in seconds of the video."""
    return {
        "acts": {act.value: _act(score_of(act, videos)) for act in Act},
        "videos": [_video(each) for each in videos],
        "camera_hours": round(sum(each.seconds for each in videos) / 3600, 4),
        "false_per_camera_hour": false_per_camera_hour(videos),
        "attribution": _attribution(attribution_of(videos)),
    }


def _event_words(event: Event) -> str:
    return f"{event.act.value} {event.object} at {event.start_s:.1f} s".replace("  ", " ")


def _told_words(suspicion: Suspicion, video: Video) -> str:
    at = ",".join(str(edge) for edge in _pixels(suspicion.place, video))
    span = f"{suspicion.start:.1f}-{suspicion.end:.1f} s"
    return f"{suspicion.act.value} {suspicion.label} {span} at [{at}]"


def _found_words(found: Found, video: Video) -> str:
    words = f"{_event_words(found.event)} (raised at {found.suspicion.end:.1f} s"
    if found.event.act is not Act.DUMPING:
        return words + ")"
    left_by = found.suspicion.left_by
    if left_by is None or not is_named(left_by):
        return words + ", leaver unknown)"
    wrong = "" if found.event.left_by is None or is_right(found, video) else ", wrong"
    return f"{words}, left by {left_by.kind.value}{wrong})"


def _act_line(act: Act, score: ActScore) -> str:
    return (
        f"{act.value}: {score.tp} found, {score.fn} missed, {score.fp} false; "
        f"precision {_figure(score.precision)}, recall {_figure(score.recall)}, "
        f"F1 {_figure(score.f1)}, raised after {_figure(score.delay_s, '.1f')} s"
    )


def _figure(value: float | None, form: str = ".3f") -> str:
    return "-" if value is None else format(value, form)


def _act(score: ActScore) -> dict[str, Any]:
    return {
        "tp": score.tp,
        "fp": score.fp,
        "fn": score.fn,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "delay_s": score.delay_s,
    }


def _attribution(who: Attribution) -> dict[str, Any]:
    return {
        "events": who.events,
        "named": who.named,
        "right": who.right,
        "right_kind": who.right_kind,
        "unknown": who.unknown,
    }


def _video(score: VideoScore) -> dict[str, Any]:
    video, matched = score.video, score.matched
    return {
        "file": video.file,
        "seconds": round(score.seconds, 3),
        "found": [
            _event(found.event, video)
            | {
                "delay_s": round(found.delay_s, 3),
                "leaver_right": is_right(found, video),
                "suspicion": _suspicion(found.suspicion, video),
            }
            for found in matched.found
        ],
        "missed": [_event(event, video) for event in matched.missed],
        "false": [_suspicion(suspicion, video) for suspicion in matched.false],
    }


def _event(event: Event, video: Video) -> dict[str, Any]:
    return {
        "act": event.act.value,
        "object": event.object,
        "start_s": event.start_s,
        "region": _pixels(video.fractions(event.region), video),
        "left_by": event.left_by.value if event.left_by else None,
    }


def _suspicion(suspicion: Suspicion, video: Video) -> dict[str, Any]:
    return {
        "act": suspicion.act.value,
        "label": suspicion.label,
        "zone": suspicion.zone,
        "start_s": round(suspicion.start, 3),
        "raised_s": round(suspicion.end, 3),
        "place": _pixels(suspicion.place, video),
        "score": suspicion.score,
        "left_by": _left_by(suspicion.left_by),
    }


def _left_by(left_by: LeftBy | None) -> dict[str, Any] | None:
    return None if left_by is None else {"kind": left_by.kind.value, "score": left_by.score}


def _pixels(box: Box, video: Video) -> list[int]:
    width, height = video.size
    edges = (box.left * width, box.top * height, box.right * width, box.bottom * height)
    return [round(edge) for edge in edges]
