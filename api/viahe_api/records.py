"""View records: what the queries hand to pages. Plain values, nothing that can load more.

`ref` is what an address names a case by: its code, and `code@ward` where the viewer works in
several wards, since wards count their cases separately.
"""

from dataclasses import dataclass
from datetime import datetime

from viahe_api.rejection_reasons import Names, RejectionReason
from viahe_api.vocabulary import (
    CameraState,
    CaseState,
    DeviceKind,
    FileKind,
    RejectReason,
    Source,
    Verdict,
)
from viahe_rules.domain import Act, Box, LeftBy, Reason, Shift
from viahe_rules.plan import Rule, Surface


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a case open, until when (UTC)."""

    holder: str
    until: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `still` is the name of the picture to show, if one is there;
    `score` is None where no machine gave one."""

    ref: str
    code: str
    ward: str
    act: Act
    label: str
    camera: str
    address: str
    street: str
    group: str | None
    start_at: datetime
    waiting_since: datetime
    source: Source
    score: float | None
    state: CaseState
    still: str | None
    lease: Lease | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue as filtered, `total` before paging; the other counts are of the whole queue."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int
    waiting: int
    oldest_since: datetime | None
    newest_at: datetime | None
    """Completion time of the newest waiting case: the mark `new_since` counts from."""
    cameras_online: int
    cameras_enabled: int


@dataclass(frozen=True, slots=True)
class FileView:
    """`shows_t` is the media second of the case's run that a still shows, where that is known."""

    name: str
    kind: FileKind
    media_type: str
    sha256: str
    size: int
    url: str
    shows_t: float | None = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """`undoable` only for the viewer's own, newest, not yet built upon. `reason_names` are the
    ward's own words for the reason, if it has any."""

    id: int
    ref: str
    code: str
    by: str
    verdict: Verdict
    reason: RejectReason | None
    duplicate_of: str | None
    note: str
    state_after: CaseState
    at: datetime
    undone_at: datetime | None
    mine: bool
    undoable: bool
    reason_names: Names | None = None


@dataclass(frozen=True, slots=True)
class EarlierHere:
    """Earlier cases of the same act at the same place (a camera's zone; for a case entered by
    hand, the same written address) in the months before this one's act. One that waits for the
    viewer's second look is not counted as sufficient."""

    total: int
    sufficient: int
    months: int
    newest: tuple["EarlierCase", ...] = ()
    """The latest few of them, the newest first; none to who looks at the case a second time."""


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """One of the earlier cases at a place."""

    ref: str
    code: str
    start_at: datetime
    state: CaseState | None
    """None where the case waits for the viewer's second look."""


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case close in time and place, offered as the one this duplicates."""

    ref: str
    code: str
    act: Act
    start_at: datetime
    state: CaseState
    still_url: str | None
    """None where it has no picture, or no longer."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered a case by hand, and what they wrote."""

    by: str
    description: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """All the case page shows. Media seconds are of the run; `recorded_s` and `missing_s`
    come from the manifest and are None where it says nothing. A case entered by hand has
    `entered`, may have no camera, and says nothing of what only a detector knows."""

    ref: str
    key: str
    code: str
    ward: str
    state: CaseState
    act: Act
    label: str
    rule: str
    source: Source
    entered: Entered | None
    camera: str
    camera_id: int | None
    address: str
    street: str
    group: str | None
    zone: str
    zone_name: str
    zone_version: int
    place: Box | None
    start_t: float
    end_t: float
    start_at: datetime
    end_at: datetime
    received_at: datetime
    score: float
    left_by: LeftBy | None
    reasons: tuple[Reason, ...]
    thresholds: tuple[tuple[str, float], ...]
    clock_offset_s: float | None
    clock_source: str
    detector: str
    model_name: str
    model_sha256: str
    recorded_s: float | None
    missing_s: float | None
    files: tuple[FileView, ...]
    decisions: tuple[DecisionView, ...]
    lease: Lease | None
    earlier: EarlierHere
    near: tuple[NearCase, ...]
    reject_reasons: tuple[RejectionReason, ...]
    may_decide: bool
    """Whether this viewer's role and the case's state allow a decision now."""
    repeats: tuple[NearCase, ...] = ()
    """Cases that were found to repeat this one."""
    repeated: NearCase | None = None
    """The case that this one was found to repeat."""
    may_split: bool = False
    """Whether this viewer may take a case out from under another."""

    def file(self, kind: FileKind) -> FileView | None:
        """The first file of a kind, None if the case has none."""
        return next((file for file in self.files if file.kind is kind), None)

    @property
    def played(self) -> FileView | None:
        """What the player shows: the clip, or a preview where not every browser plays it."""
        return self.file(FileKind.PREVIEW) or self.file(FileKind.CLIP)

    @property
    def photos(self) -> tuple[FileView, ...]:
        """What people photographed, as it may be shown."""
        return tuple(file for file in self.files if file.kind is FileKind.PHOTO)


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """A camera as a list is narrowed by it; `offline_since` is that of its `CameraRow`."""

    id: int
    name: str
    group: str | None
    street: str
    enabled: bool
    offline_since: datetime | None


@dataclass(frozen=True, slots=True)
class CameraRow:
    """`state` counts silence: OFFLINE when the detector has not spoken for some time."""

    id: int
    slug: str
    name: str
    ward: str
    address: str
    street: str
    group: str | None
    owner: str
    device_kind: DeviceKind
    notice_posted: bool
    enabled: bool
    state: CameraState
    state_detail: str
    state_at: datetime | None
    condition: str
    """What is the matter, where the detector is heard: a `Health` or another word of its own."""
    shift: Shift | None
    clock_offset_s: float | None
    clock_jumped_s: float | None
    still_at: datetime | None
    still_url: str | None
    still_size: tuple[int, int] | None
    """Width and height in pixels, where they are known."""
    zones: int
    seen_today_s: float
    moved_at: datetime | None = None
    """When the detector last found that the camera shows something else than it did."""
    has_notice_photo: bool = False
    offline_since: datetime | None = None
    """Since when nothing is seen; None while something is, and if nothing ever was."""


@dataclass(frozen=True, slots=True)
class ZoneView:
    """The holding version of a zone, as the editor shows it."""

    zone: str
    version: int
    name: str
    polygon: tuple[tuple[float, float], ...]
    surface: Surface
    rules: tuple[Rule, ...]
    made_at: datetime
    made_by: str | None
    masks: tuple[tuple[tuple[float, float], ...], ...] = ()
    vending_banned: bool = False


@dataclass(frozen=True, slots=True)
class CameraDetail:
    camera: CameraRow
    zones: tuple[ZoneView, ...]
