"""Everything that can go wrong in the detector, as one tree.

    ViaheError
    ├── SourceError            one camera or file; its message names it, credentials removed
    │   ├── CannotOpen         unreachable, refused, not found, not allowed
    │   ├── NotGiven           a second stream that its camera need not have, and has not
    │   ├── NotVideo           opened, but holds nothing that can be watched
    │   ├── Stalled            no packet within the time allowed
    │   ├── Ended              the stream is over: a file's end, or a camera that hung up
    │   ├── StreamChanged      another codec or size in the middle, which cannot be followed
    │   └── Undecodable        packets that show no picture
    ├── ConfigError            the configuration, by file and key
    ├── TruthError             the truth a score is measured against, or footage that is not its
    ├── BenchError             a benchmark that cannot be run as asked
    ├── ModelError             weights that are missing or not the ones that were named
    ├── EvidenceError          evidence that cannot be written or read
    ├── OutboxError            what waits to be sent
    │   └── DiskFull           no room; names the folder and the bytes that are needed
    └── ReportError            the review API's answer

A message is one sentence: what is wrong, with what, and what can be done about it.
"""


class ViaheError(Exception):
    """Whatever the detector itself raises."""


class SourceError(ViaheError):
    """One camera or file cannot be watched (any longer)."""


class CannotOpen(SourceError):
    """The source does not answer, does not exist or does not let us in."""


class NotGiven(SourceError):
    """The camera has no such stream at present, which is no fault."""


class NotVideo(SourceError):
    """The source opens, but holds no video stream that can be read."""


class Stalled(SourceError):
    """No packet came within the time allowed."""


class Ended(SourceError):
    """The stream is over."""


class StreamChanged(SourceError):
    """Codec or picture size changed where the stream cannot be followed."""


class Undecodable(SourceError):
    """The packets asked for show no picture."""


class ConfigError(ViaheError):
    """The configuration is wrong; names the file and the key."""


class TruthError(ViaheError):
    """The truth of scoring, or footage or recordings that do not fit it; names file and key."""


class BenchError(ViaheError):
    """The benchmark cannot be run as asked."""


class ModelError(ViaheError):
    """Weights are missing, or are not the ones that were named."""


class EvidenceError(ViaheError):
    """Evidence cannot be written or read."""


class OutboxError(ViaheError):
    """What waits to be sent cannot be kept."""


class DiskFull(OutboxError):
    """There is no room; names the folder and the bytes that are needed."""


class ReportError(ViaheError):
    """The review API refused, or answered with something else than the contract says."""
