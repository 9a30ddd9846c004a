"""The demo ends when it is asked to, and what it started with it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LATEST_S = 60


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_started_where_an_interrupt_is_not_heard_ends_all_the_same(
    tmp_path: Path, ending: signal.Signals
) -> None:
    """As a shell starts what it leaves in the background."""
    program = Path(sys.executable).with_name("viahe-demo")
    started = f"trap '' INT; exec '{program}' --port 0 --data '{tmp_path / 'demo'}'"
    with subprocess.Popen(["sh", "-c", started], stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            first = demo.stdout.readline()
            demo.send_signal(ending)
            said, _ = demo.communicate(timeout=LATEST_S)
        finally:
            demo.kill()
    assert "rendering" in first, first
    assert (demo.returncode, said.splitlines()[-1]) == (0, "stopped")
    assert not _running_in(tmp_path)


def _running_in(folder: Path) -> list[bytes]:
    """The commands of processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command:
            found.append(command)
    return found
