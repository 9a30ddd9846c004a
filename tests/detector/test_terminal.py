"""The detector as a person starts it: in a real terminal, and where a program reads."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.detector.footage import Footage
from viahe_detector.terminal import FIRST_SCREEN, HOME, OTHER_SCREEN

COMMAND = Path(sys.executable).with_name("viahe-detector")
PASSWORD = "Mat-Khau-9"
LATEST_S = 60.0


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    Footage(seconds=60, fps=10, group=10).write(folder / "street.mp4")
    path = folder / "detector.toml"
    path.write_text(
        'data = "data"\n[watch]\nlook_every_s = 1.0\n[network]\nrubbish = ""\n'
        '[[cameras]]\nid = "gate"\nsource = "street.mp4"\n'
        f'[[cameras]]\nid = "gone"\nsource = "rtsp://admin:{PASSWORD}@127.0.0.1:9/live"\n',
        encoding="utf-8",
    )
    return path


def at_a_terminal(columns: int, lines: int, *arguments: str, until: str) -> tuple[str, int]:
    """What a terminal of this size shows until something matches, and how the command ends when
    it is then interrupted from the keyboard."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    with subprocess.Popen(
        [COMMAND, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color"},
        start_new_session=True,
    ) as process:
        os.close(slave)
        shown, asked, began = b"", False, time.monotonic()
        while time.monotonic() - began < LATEST_S:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    shown += os.read(master, 65536)
                except OSError:
                    break
            if not asked and re.search(until, shown.decode(errors="ignore")):
                process.send_signal(signal.SIGINT)
                asked = True
        process.wait(timeout=LATEST_S)
    os.close(master)
    return shown.decode(), process.returncode


def test_a_person_sees_a_table_and_then_the_terminal_as_it_was(configuration: Path) -> None:
    shown, status = at_a_terminal(
        100, 20, "run", "--config", str(configuration), until=r"gate +\S*ok +\S* +[2-9] "
    )
    assert status == 0
    assert shown.count(OTHER_SCREEN) == shown.count(FIRST_SCREEN) == 1
    screens = shown.split(HOME)[1:]
    assert len(screens) > 1
    assert "1 online" in screens[-1]
    assert "1 offline" in screens[-1]
    after = shown.split(FIRST_SCREEN)[1]
    assert "camera gone: rtsp://127.0.0.1:9/live cannot be opened" in after
    assert PASSWORD not in shown


def test_whoever_wants_the_log_at_a_terminal_is_given_it(configuration: Path) -> None:
    shown, status = at_a_terminal(
        100, 20, "run", "--plain", "--config", str(configuration), until="cannot be opened"
    )
    assert status == 0
    assert OTHER_SCREEN not in shown
    assert re.search(r"\d W camera gone: rtsp://127\.0\.0\.1:9/live cannot be opened", shown)
    assert PASSWORD not in shown


def test_a_program_reads_objects_and_no_table(configuration: Path) -> None:
    with subprocess.Popen(
        [COMMAND, "run", "--config", configuration],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1].get("camera") == "gone" and lines[-1]["level"] == "warning":
                break
        process.send_signal(signal.SIGINT)
        said, rest = process.communicate(timeout=LATEST_S)
    assert said == ""
    assert PASSWORD not in json.dumps(lines) + rest
    assert {"at", "level", "logger", "message"} <= set(lines[0])
