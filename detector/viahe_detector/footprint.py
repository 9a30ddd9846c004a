"""What a detector takes of its machine while it watches: memory, threads and open files."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Footprint:
    """Of the detector's process and of those that capture for it, `at` monotonic seconds."""

    at: float
    rss_mib: float
    threads: int
    files: int


def footprint(processes: Iterable[int]) -> Footprint:
    """This process's and the others', now; one that has just ended counts for nothing. Linux."""
    rss_mib, threads, files = 0.0, 0, 0
    for process in ("self", *processes):
        folder = Path("/proc") / str(process)
        try:
            pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
            threads += len(os.listdir(folder / "task"))
            files += len(os.listdir(folder / "fd"))
        except OSError:
            continue
        rss_mib += pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return Footprint(time.monotonic(), rss_mib, threads, files)


def growth_mib_an_hour(taken: Sequence[Footprint]) -> float | None:
    """How fast memory grows, by a straight line through the second half; None of fewer than four.

    Rings, backgrounds and the allocator's own stores fill in the first.
    """
    late = taken[len(taken) // 2 :]
    if len(late) < 2:
        return None
    mean_at = sum(each.at for each in late) / len(late)
    mean_mib = sum(each.rss_mib for each in late) / len(late)
    spread = sum((each.at - mean_at) ** 2 for each in late)
    if spread == 0:
        return None
    along = sum((each.at - mean_at) * (each.rss_mib - mean_mib) for each in late)
    return 3600 * along / spread
