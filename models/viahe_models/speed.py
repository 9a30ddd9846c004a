"""How long a look takes on this machine."""

import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from viahe_models.look import compiled_graph
from viahe_models.registry import Network, read

HINTS = {"fp16": ("f32", "bf16"), "int8": ("f32",)}
"""The types a graph's floats are computed in, by precision of its file."""


def speeds(card: Path, repeats: int = 40) -> list[dict[str, Any]]:
    """Milliseconds a look for each export, size and number of threads.

    `ms` is the least of `repeats` looks, since other work on the machine can only add to it;
    `cpu_ms` is the median of the processor time they took, all threads together.
    """
    rows = []
    for precision, hints in HINTS.items():
        network = read(card, precision)
        for size in network.sizes:
            for hint in hints:
                for threads in (1, 2):
                    timed = _timed(network, size, hint, threads, repeats)
                    rows.append(
                        {"variant": variant_name(precision, hint), "size_px": list(size)}
                        | {"threads": threads}
                        | timed
                    )
    return rows


def machine() -> str:
    """The processor and its cores, as a figure beside a time needs them."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{named[0] if named else platform.machine()}, {os.cpu_count()} cores"


def variant_name(precision: str, hint: str) -> str:
    """What tables call a file's precision and the arithmetic used on it."""
    return precision if hint == "f32" else f"{precision}, computed in {hint}"


def _timed(
    network: Network, size: tuple[int, int], hint: str, threads: int, repeats: int
) -> dict[str, Any]:
    request = compiled_graph(network.model, size, hint, threads).create_infer_request()
    picture = np.random.default_rng(0).integers(0, 255, (1, *size, 3), dtype=np.uint8)
    spent = []
    for _ in range(repeats + 5):
        wall, cpu = time.perf_counter(), time.process_time()
        request.infer([picture])
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall_ms, cpu_ms = np.array(spent[5:]).T * 1000
    return {"ms": round(float(wall_ms.min()), 1), "cpu_ms": round(float(np.median(cpu_ms)), 1)}
