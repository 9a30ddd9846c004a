"""View records: what the queries hand to pages. Plain values, nothing that can load more.

`ref` is what an address names a case by: its code, and `code@ward` where the viewer works in
several wards, since wards count their cases separately.
"""

from dataclasses import dataclass
from datetime import datetime

from viahe_api.vocabulary import (
    CameraState,
    CaseState,
    DeviceKind,
    FileKind,
    RejectReason,
    Verdict,
)
from viahe_rules.domain import Act, Box, LeftBy, Reason, Rule, Surface


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a case open, until when (UTC)."""

    holder: str
    until: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `still` is the name of the picture to show, if one is there."""

    ref: str
    code: str
    ward: str
    act: Act
    label: str
    camera: str
    address: str
    group: str | None
    start_at: datetime
    waiting_since: datetime
    score: float
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
    name: str
    kind: FileKind
    media_type: str
    sha256: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """`undoable` only for the viewer's own, newest, not yet built upon."""

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


@dataclass(frozen=True, slots=True)
class EarlierHere:
    """Earlier cases of the same camera, zone and act in the months before this one's act."""

    total: int
    sufficient: int
    months: int


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case close in time on the same camera, offered as the one this duplicates."""

    ref: str
    code: str
    act: Act
    start_at: datetime
    state: CaseState
    still_url: str | None


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """All the case page shows. Media seconds are of the run; `recorded_s` and `missing_s`
    come from the manifest and are None where it says nothing."""

    ref: str
    key: str
    code: str
    ward: str
    state: CaseState
    act: Act
    label: str
    rule: str
    camera: str
    camera_id: int
    address: str
    street: str
    group: str | None
    zone: str
    zone_name: str
    zone_version: int
    place: Box
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
    may_decide: bool
    """Whether this viewer's role and the case's state allow a decision now."""

    def file(self, kind: FileKind) -> FileView | None:
        """The first file of a kind, None if the case has none."""
        return next((file for file in self.files if file.kind is kind), None)


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
    clock_offset_s: float | None
    still_at: datetime | None
    still_url: str | None
    zones: int
    seen_today_s: float


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


@dataclass(frozen=True, slots=True)
class CameraDetail:
    camera: CameraRow
    zones: tuple[ZoneView, ...]
