"""The table a person sees, on terminals of every size."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.live_table import COLUMNS, Row, Totals, drawn

WELL = Row("cam-1", "online", "ok", "", 1234, 2.0, None, 0.2, 0, 90.0, 3)
TURNED = replace(
    WELL,
    camera="ngo-52",
    state="degraded",
    condition="moved",
    detail="3.0 % to the left; its zones no longer fit",
)
GONE = replace(WELL, camera="cho-buoi", state="offline", condition="no_packets", lag_s=None)
TOTALS = Totals(running_s=3725.0, cores=1.3, looks_per_s=25.0, outbox=2)
PAINT = re.compile(r"\x1b\[\d+m")


def bare(lines: list[str]) -> list[str]:
    return [PAINT.sub("", line) for line in lines]


def ward(count: int) -> list[Row]:
    return [replace(WELL, camera=f"cam-{number:03}") for number in range(count)]


def test_everything_one_asks_about_a_camera_is_in_its_line() -> None:
    head, names, line = bare(drawn([WELL], TOTALS, (), (160, 24)))
    assert names.split() == [word for column in COLUMNS for word in column.name.split()]
    assert line.split() == ["cam-1", "ok", "1,234", "2.0", "–", "0.2", "0", "90", "3"]
    for said in ("1:02:05", "1 online", "1.30 cores", "25.0 looks/s", "2 to send", "3 dropped"):
        assert said in head


def test_what_is_the_matter_is_said_beside_a_camera_or_below_it() -> None:
    wide = bare(drawn([TURNED], TOTALS, (), (160, 24)))
    assert wide[2].endswith(f"       3 {TURNED.detail}")
    narrow = bare(drawn([TURNED], TOTALS, (), (60, 24)))
    assert narrow[3] == f"  {TURNED.detail}"


def test_who_needs_somebody_comes_first_and_the_rest_are_counted() -> None:
    lines = bare(drawn([*ward(200), TURNED, GONE], TOTALS, (), (120, 12)))
    assert [line.split()[0] for line in lines[2:4]] == ["cho-buoi", "ngo-52"]
    assert lines[-1] == "and 193 more, all well"
    hidden = bare(drawn([TURNED, GONE], TOTALS, (), (120, 3)))
    assert hidden[-1] == "and 2 more, 2 of them not well"


def test_a_suspicion_moves_a_camera_up_among_those_that_are_well() -> None:
    told = replace(WELL, camera="cam-9", suspicions=1)
    assert bare(drawn([WELL, told], TOTALS, (), (120, 12)))[2].startswith("cam-9")


def test_the_log_stands_below_where_there_is_room_for_it() -> None:
    log = [f"line {number}" for number in range(20)]
    high, low = (bare(drawn(ward(3), TOTALS, log, (80, lines))) for lines in (24, 6))
    assert high[-6:] == log[-6:]
    assert not any(line.startswith("line") for line in low)


def test_the_least_important_columns_go_first_for_want_of_room() -> None:
    kept = [len(bare(drawn([WELL], TOTALS, (), (width, 9)))[1].split()) for width in (80, 50, 30)]
    assert kept == sorted(kept, reverse=True)
    assert bare(drawn([WELL], TOTALS, (), (20, 9)))[1].split() == ["camera", "state"]
    assert len(COLUMNS) > 2


ROWS = st.builds(
    Row,
    camera=st.from_regex(r"[a-z0-9][a-z0-9-]{0,40}", fullmatch=True),
    state=st.sampled_from(["online", "degraded", "offline"]),
    condition=st.sampled_from(["ok", "moved", "clock_off", "no_packets"]),
    detail=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=90),
    looks=st.integers(0, 10**9),
    gap_s=st.none() | st.floats(0, 1e5),
    waiting_s=st.none() | st.floats(0, 1e5),
    lag_s=st.none() | st.floats(0, 1e5),
    suspicions=st.integers(0, 10**6),
    ring_s=st.floats(0, 1e5),
    dropped=st.integers(0, 10**9),
)


@given(
    rows=st.lists(ROWS, max_size=12),
    log=st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126)), max_size=9),
    width=st.integers(1, 200),
    height=st.integers(1, 40),
)
def test_no_terminal_is_too_small(rows: list[Row], log: list[str], width: int, height: int) -> None:
    lines = bare(drawn(rows, TOTALS, log, (width, height)))
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
