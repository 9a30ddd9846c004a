"""The detector's configuration: one TOML file, read once into frozen settings.

Keys are the settings' fields, each with a sentence on what it does, from which
`docs/reference/configuration.md` is generated. Unknown keys are refused with the nearest
valid name. A secret is never in the file: `${NAME}` in an address is taken from the
environment.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from viahe_detector.errors import ConfigError
from viahe_rules.geometry import polygon_faults
from viahe_rules.plan import Permit, Plan, Window, Zone
from viahe_rules.recorded import Malformed, from_json

CAMERA_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
VARIABLE = re.compile(r"\$\{(\w+)\}")
REQUIRED = object()
HERE = "127.0.0.1"
LOG_FORMATS = ("auto", "text", "json")
TOLD = "api://"
"""Begins the name of a camera's source whose address the review API tells."""
TOLD_SMALL = "/watch"
"""What stands behind the name of a camera whose small stream is meant."""


def setting(about: str, default: Any = REQUIRED) -> Any:
    """A configuration key with the sentence that documents it."""
    if default is REQUIRED:
        return field(metadata={"about": about})
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """`[[cameras]]`, one for each camera."""

    id: str = setting("Name of the camera, as the API knows it: a-z, 0-9 and -.")
    source: str = setting(
        "RTSP address or file. `${NAME}` is taken from the environment, for passwords. Empty: "
        "the address the review API tells, as entered on the camera's page.",
        "",
    )
    small_source: str = setting(
        "RTSP address of a smaller stream of the same camera, to look at in the place of "
        "`source`, which is then kept for looking back and evidence alone; empty: there is none, "
        "or, without a `source`, the one the review API tells.",
        "",
    )
    realtime: bool = setting("Play a file at its own speed, as a camera would.", True)
    zones: tuple[Zone, ...] = setting(
        "Zones for watching without an API; with one, the API's zones are used.", ()
    )
    permits: tuple[Permit, ...] = setting("Permits for watching without an API.", ())
    quiet: tuple[Window, ...] = setting("Quiet hours for watching without an API.", ())


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """`[watch]`: how cameras are watched."""

    look_every_s: float = setting(
        "Seconds between looks at a camera. Looks between its key frames cost ten times as much.",
        2.0,
    )
    look_px: int = setting("Longer side of the pictures that are looked at, in pixels.", 640)
    change_px: int = setting(
        "Longer side, in pixels, of the pictures a camera that stands still is compared with its "
        "street in. 480 finds things of a third less than 320, and costs twice as much. 0: 480 if "
        "half of what this machine can be expected to sustain is watched, or less, and 320 else.",
        0,
    )
    looking_threads: int = setting(
        "Cameras looked at side by side; 0 is as many as there are cores.", 0
    )
    carry_s: float = setting(
        "The most seconds for which an unchanged picture is taken to show what the network said "
        "of it, without asking again; 0 asks at every look.",
        30.0,
    )
    ring_s: float = setting("Seconds of coded video kept for looking back and evidence.", 90.0)
    ring_mib: float = setting("The most MiB of memory the ring of one camera may take.", 96.0)
    ring_total_mib: float = setting(
        "The most MiB of memory the rings of all cameras may take together; beyond it the oldest "
        "goes first. A quarter as much again may be held for cases.",
        4096.0,
    )
    ring_folder: str = setting(
        "Folder to keep the rings in, on disk; empty: in memory. They are then there again after "
        "a restart, and may reach back an hour and more; in memory is what is not written yet.",
        "",
    )
    ring_disk_mib: float = setting(
        "The most MiB of disk the ring of one camera may take: an hour at 4 Mbit/s takes 1800.",
        2048.0,
    )
    ring_disk_total_mib: float = setting(
        "The most MiB of disk the rings of all cameras may take together.", 65536.0
    )
    stall_s: float = setting("Seconds without a packet after which a camera is opened anew.", 10.0)
    lookback_per_s: float = setting(
        "Pictures a second decoded when looking back; eight are analysed in the seconds in which "
        "a thing may have come, three before and after.",
        8.0,
    )
    before_s: float = setting(
        "Seconds of evidence before the act; with fewer than 4 there is no still from before it.",
        5.0,
    )
    after_s: float = setting("Seconds of evidence after the act.", 4.0)
    clip_max_s: float = setting(
        "The most seconds in one evidence clip; of a longer act its beginning and its end.", 60.0
    )
    moved_share: float = setting(
        "How far a camera's picture may have shifted for good, as a share of its width, before "
        "its zones no longer fit and it is no longer judged by.",
        0.02,
    )
    clock_off_s: float = setting(
        "Seconds a camera's own clock, where it tells one, may differ from this computer's "
        "before it says so.",
        5.0,
    )
    record: str = setting("Folder to record observations in, one file a camera; empty: none.", "")


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """`[network]`: which networks look, and how exactly."""

    street: str = setting("The network asked at every look: a name or a card's path.", "street")
    rubbish: str = setting(
        "The network asked about what has lastingly changed; empty: none.", "rubbish"
    )
    precision: str = setting(
        "`fp16`; or `int8`, a third faster without AMX and a little worse on rare vehicles.", "fp16"
    )
    threads: int = setting("Threads one look may use; the other cores are for other looks.", 1)


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`[api]`: where suspicions go. Without this table they stay in the outbox."""

    address: str = setting("Address of the review API, such as `http://127.0.0.1:8000`.")
    token_variable: str = setting(
        "The environment variable that holds the device's token.", "VIAHE_DEVICE_TOKEN"
    )
    configuration_every_s: float = setting("Seconds between asking for changed zones.", 5.0)
    health_every_s: float = setting("Seconds between reports on the cameras.", 15.0)
    still_every_s: float = setting("Seconds between the stills of a camera, for the pages.", 60.0)
    timeout_s: float = setting("Seconds to wait for an answer.", 20.0)


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """`[metrics]`: figures for Prometheus, at `/metrics`. Without this table there are none."""

    port: int = setting("Port to answer at; 0 takes a free one.", 9464)
    address: str = setting("Address to listen at; whoever reaches it reads the figures.", HERE)


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. `token` comes from the environment, never from the file."""

    data: str = setting("Folder for the outbox, the signing key and what is remembered.")
    cameras: tuple[CameraSettings, ...] = setting("The cameras to watch.")
    watch: WatchSettings = setting("How cameras are watched.", WatchSettings())
    network: NetworkSettings = setting("Which networks look.", NetworkSettings())
    api: ApiSettings | None = setting("Where suspicions go.", None)
    metrics: MetricsSettings | None = setting("Figures for Prometheus.", None)
    log_format: str = setting(
        "How a running detector writes its log: `text`, `json` (one object a line), or `auto`, "
        "which is `text` at a terminal and `json` where a program reads.",
        "auto",
    )


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in the file at `path`, relative paths taken from its folder.

    Raises ConfigError naming the file and the key, or the line where it is no TOML.
    """
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = from_json(Settings, value, "configuration")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, Malformed) as error:
        raise ConfigError(f"{path}: {error}") from None
    try:
        return checked(_resolved(settings, path.parent, environment))
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def checked(settings: Settings) -> Settings:
    """The settings, if they make sense. Raises ConfigError naming the key."""
    seen: set[str] = set()
    if not settings.cameras:
        raise ConfigError("cameras: at least one camera is needed")
    for camera in settings.cameras:
        if not CAMERA_ID.fullmatch(camera.id):
            raise ConfigError(f"camera {camera.id!r}: an id has only a-z, 0-9 and -")
        if camera.id in seen:
            raise ConfigError(f"camera {camera.id!r}: the id is used twice")
        seen.add(camera.id)
        if camera.source.startswith(TOLD) and settings.api is None:
            raise ConfigError(f"camera {camera.id!r}: without [api] it needs a source of its own")
        check_plan(plan_of(camera))
    _check_numbers(settings)
    return settings


def check_plan(plan: Plan) -> None:
    """Raises ConfigError naming camera and zone where a polygon is no piece of ground."""
    for zone in plan.zones:
        faults = polygon_faults(zone.polygon)
        if faults:
            where = f"camera {plan.camera!r}, zone {zone.id!r}"
            raise ConfigError(f"{where}: its polygon has {'; '.join(faults)}")
        for number, mask in enumerate(zone.masks, start=1):
            if faults := polygon_faults(mask):
                where = f"camera {plan.camera!r}, zone {zone.id!r}, mask {number}"
                raise ConfigError(f"{where}: its polygon has {'; '.join(faults)}")
    for permit in plan.permits:
        faults = polygon_faults(permit.polygon)
        if faults:
            where = f"camera {plan.camera!r}, permit {permit.id!r}"
            raise ConfigError(f"{where}: its polygon has {'; '.join(faults)}")


def plan_of(camera: CameraSettings) -> Plan:
    """The plan written in the file."""
    return Plan(camera.id, camera.zones, camera.permits, camera.quiet)


def _check_numbers(settings: Settings) -> None:
    watch, network = settings.watch, settings.network
    positive = {
        "watch.look_every_s": watch.look_every_s,
        "watch.look_px": watch.look_px,
        "watch.ring_s": watch.ring_s,
        "watch.ring_mib": watch.ring_mib,
        "watch.ring_total_mib": watch.ring_total_mib,
        "watch.ring_disk_mib": watch.ring_disk_mib,
        "watch.ring_disk_total_mib": watch.ring_disk_total_mib,
        "watch.stall_s": watch.stall_s,
        "watch.lookback_per_s": watch.lookback_per_s,
        "watch.clip_max_s": watch.clip_max_s,
        "watch.moved_share": watch.moved_share,
        "watch.clock_off_s": watch.clock_off_s,
    }
    for key, least in (
        ("watch.looking_threads", watch.looking_threads),
        ("watch.change_px", watch.change_px),
        ("watch.carry_s", watch.carry_s),
        ("network.threads", network.threads),
    ):
        if least < 0:
            raise ConfigError(f"{key}: must not be less than 0, not {least:g}")
    for key, value in positive.items():
        if value <= 0:
            raise ConfigError(f"{key}: has to be more than 0, not {value:g}")
    if settings.log_format not in LOG_FORMATS:
        raise ConfigError(
            f"log_format: {settings.log_format!r} is none of {', '.join(LOG_FORMATS)}"
        )
    if settings.metrics is not None and not 0 <= settings.metrics.port < 2**16:
        raise ConfigError(f"metrics.port: {settings.metrics.port} is no port")
    if settings.api is not None and settings.api.still_every_s <= 0:
        raise ConfigError("api.still_every_s: has to be more than 0")
    if network.precision not in ("int8", "fp16"):
        raise ConfigError(f"network.precision: {network.precision!r} is neither int8 nor fp16")
    if watch.ring_s < watch.before_s + watch.after_s:
        raise ConfigError("watch.ring_s: is shorter than the evidence before and after an act")


def _resolved(settings: Settings, folder: Path, environment: Mapping[str, str]) -> Settings:
    cameras = tuple(_with_sources(camera, folder, environment) for camera in settings.cameras)
    record = settings.watch.record
    rings = settings.watch.ring_folder
    watch = replace(
        settings.watch,
        record=str(folder / record) if record else "",
        ring_folder=str(folder / rings) if rings else "",
    )
    return replace(settings, data=str(folder / settings.data), cameras=cameras, watch=watch)


def _with_sources(
    camera: CameraSettings, folder: Path, environment: Mapping[str, str]
) -> CameraSettings:
    """The camera with its addresses filled in; one that is told them, under names of its own."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in environment:
            raise ConfigError(f"camera {camera.id!r}: the environment has no variable {name}")
        return environment[name]

    source = VARIABLE.sub(value, camera.source)
    small = VARIABLE.sub(value, camera.small_source)
    if small and "://" not in small:
        raise ConfigError(f"camera {camera.id!r}: small_source: has to be a stream's address")
    if not source:
        return replace(camera, source=TOLD + camera.id, small_source=TOLD + camera.id + TOLD_SMALL)
    if "://" in source:
        return replace(camera, source=source, small_source=small)
    if small:
        raise ConfigError(f"camera {camera.id!r}: small_source: a file has no second stream")
    return replace(camera, source=str(folder / source))
