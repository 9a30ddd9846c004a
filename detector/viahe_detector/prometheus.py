"""Families of metrics as the text Prometheus reads."""

from collections.abc import Sequence

from viahe_detector.lags import BOUNDS_S, Counted

Values = Sequence[tuple[str, float]]
"""Pairs of a camera and a figure; or, for `family`, of labels and a figure."""


def total(name: str, about: str, values: Values) -> str:
    """A figure of each camera that only grows."""
    return family(f"viahe_{name}_total", "counter", about, _labelled(values))


def gauge(name: str, about: str, values: Values) -> str:
    """A figure of each camera as it is now."""
    return family(f"viahe_{name}", "gauge", about, _labelled(values))


def _labelled(values: Values) -> Values:
    return [(labels(camera=camera), value) for camera, value in values]


def labels(**names: str) -> str:
    """Labels as they stand behind a metric's name; ids and words here need no quoting."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in names.items()) + "}"


def lag_histogram(cameras: list[tuple[str, Counted]]) -> str:
    """A histogram of each camera's lags."""
    name = "viahe_look_lag_seconds"
    lines = [
        f"# HELP {name} From a picture's arrival until it was judged.",
        f"# TYPE {name} histogram",
    ]
    for camera, lags in cameras:
        for bound, within in zip((*BOUNDS_S, "+Inf"), (*lags.within, lags.count), strict=True):
            lines.append(f"{name}_bucket{labels(camera=camera, le=f'{bound}')} {within}")
        lines.append(f"{name}_sum{labels(camera=camera)} {lags.seconds:.10g}")
        lines.append(f"{name}_count{labels(camera=camera)} {lags.count}")
    return "\n".join(lines) + "\n"


def family(name: str, kind: str, about: str, values: Values) -> str:
    """One metric by its whole name; `kind` is a type Prometheus knows."""
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{where} {value:.10g}" for where, value in values]
    return "\n".join(lines) + "\n"
