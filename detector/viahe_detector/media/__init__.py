"""The one door to FFmpeg: packets in, pictures and clips out.

`av` is imported inside this package alone, and none of its types leaves it.
"""

from viahe_detector.media.clip import Clip, ClipSpan, write_clip
from viahe_detector.media.pictures import (
    KeyDecoder,
    Picture,
    RunningDecoder,
    decode_key,
    decode_span,
    jpeg,
)
from viahe_detector.media.preview import PLAYED_EVERYWHERE, write_preview
from viahe_detector.media.rtsp import wait_for_more
from viahe_detector.media.source import is_live, open_stream
from viahe_detector.media.stream import (
    Coded,
    OpenedStream,
    Packet,
    StreamFacts,
    Timeouts,
    redacted,
    showable,
)

__all__ = [
    "PLAYED_EVERYWHERE",
    "Clip",
    "ClipSpan",
    "Coded",
    "KeyDecoder",
    "OpenedStream",
    "Packet",
    "Picture",
    "RunningDecoder",
    "StreamFacts",
    "Timeouts",
    "decode_key",
    "decode_span",
    "is_live",
    "jpeg",
    "open_stream",
    "redacted",
    "showable",
    "wait_for_more",
    "write_clip",
    "write_preview",
]
