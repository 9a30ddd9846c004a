"""What pages on a camera say alike: its picture, whether it may have moved, outlines on it."""

from collections.abc import Iterable
from datetime import datetime

from viahe_api.counts import Share
from viahe_api.language import Language
from viahe_api.records import CameraRow, ZoneView
from viahe_rules.domain import Polygon


def still_said(language: Language, at: datetime | None) -> str:
    """When the newest picture was taken; nothing without one."""
    return language.gettext("Picture of %(at)s", at=language.moment(at)) if at else ""


def has_moved(camera: CameraRow, zones: Iterable[ZoneView]) -> bool:
    """Whether the camera moved since any of the zones was last drawn."""
    moved_at = camera.moved_at
    return moved_at is not None and any(zone.made_at < moved_at for zone in zones)


def svg_points(polygon: Polygon) -> str:
    """A polygon in hundredths of the picture, for an SVG."""
    return " ".join(f"{x * 100:.2f},{y * 100:.2f}" for x, y in polygon)


def share_said(language: Language, share: Share) -> str:
    """86 % (76-92): a share with its interval; a dash where nothing was counted."""
    if share.value is None or share.interval is None:
        return "–"
    low, high = (language.number(edge * 100) for edge in share.interval)
    return f"{language.number(share.value * 100)} % ({low}-{high})"
