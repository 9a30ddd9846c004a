"""Whatever a camera sends: errors stay in their tree, memory in its bounds, packets in the ring."""

from pathlib import Path

import pytest

from tests.detector.fuzz import KINDS, Tried, resident_mib, try_one

TIMES = 30


@pytest.mark.parametrize("kind", KINDS, ids=" in ".join)
def test_a_damaged_stream_loses_nothing_beyond_its_own_damage(
    tmp_path: Path, kind: tuple[str, str]
) -> None:
    tried = Tried()
    try_one(0, kind, tmp_path, tried)
    before = resident_mib()
    for seed in range(1, TIMES):
        try_one(seed, kind, tmp_path, tried)
    assert tried.read > 3, "nothing was readable enough to test anything"
    assert tried.packets > 50
    assert tried.clips > 3
    assert resident_mib() - before < 100
