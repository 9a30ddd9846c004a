"""Evidence whose gathering is interrupted: all of it is there under its name, or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.detector.staged_evidence import gathered, ring_of, source
from viahe_detector.errors import EvidenceError
from viahe_detector.manifest import Signer, verify


def test_gathering_again_changes_nothing(tmp_path: Path, signer: Signer) -> None:
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    first = gathered(tmp_path / "s-1", cut, signer)
    again = gathered(tmp_path / "s-1", cut, signer, previous="ef" * 32)
    assert again == first


def test_what_a_killed_process_left_half_done_is_cleared_away(
    tmp_path: Path, signer: Signer
) -> None:
    half = tmp_path / "out" / ".s-1.partial"
    half.mkdir(parents=True)
    (half / "rest.jpg").write_bytes(b"half")
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    gathered(tmp_path / "out" / "s-1", cut, signer)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["s-1"]
    assert verify(tmp_path / "out" / "s-1") == ()


PREPARED = """
import os, resource, shutil, signal, sys
from pathlib import Path
from tests.detector import staged_evidence as t
from viahe_detector.errors import DiskFull
from viahe_detector.manifest import Signer, verify
folder = Path(sys.argv[1])
signer = Signer.load_or_create(folder / "key.pem")
film = t.source()
cut = t.ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
out = folder / "out" / "s-1"
"""

LIMITED = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    t.gathered(out, cut, signer)
except DiskFull as error:
    print(error)
"""

KILLED_AT_EVERY_STEP = """
TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}

def gather_until(step):
    left = step
    def hook(event, _):
        nonlocal left
        left -= event in TOUCHES
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    t.gathered(out, cut, signer)
    os._exit(0)

for step in range(1, 1000, 2):
    child = os.fork()
    if child == 0:
        gather_until(step)
    _, status = os.waitpid(child, 0)
    print("whole" if out.exists() and len(list(out.iterdir())) == 7 and not verify(out)
          else "broken" if out.exists() else "nothing")
    shutil.rmtree(out, ignore_errors=True)
    if status == 0:
        break
"""


def said_by(script: str, *arguments: object) -> list[str]:
    """The lines a process of its own prints; signals and limits stay with it."""
    command = [sys.executable, "-c", PREPARED + script, *map(str, arguments)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    return done.stdout.splitlines()


@pytest.mark.parametrize("limit", [100, 4_000])
def test_a_disk_without_room_is_named_with_the_bytes_and_nothing_half_written_stays(
    tmp_path: Path, limit: int
) -> None:
    (said,) = said_by(LIMITED, tmp_path, limit)
    assert said.startswith(f"{tmp_path / 'out'}: no room for about ")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_kill_at_any_step_leaves_the_whole_of_it_or_nothing_under_its_name(
    tmp_path: Path,
) -> None:
    after = said_by(KILLED_AT_EVERY_STEP, tmp_path)
    assert len(after) > 10  # so many steps on the disk it died at, every other one
    assert set(after) == {"nothing", "whole"}
    assert after == sorted(after)  # once whole, whole
    assert [each.name for each in (tmp_path / "out").iterdir()] == []


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, signer: Signer) -> None:
    (tmp_path / "out").write_bytes(b"a file where a folder should be")
    film = source()
    cut = ring_of(film.packets, facts=film.facts).cut(film.run, 1.2, 4.5)
    with pytest.raises(EvidenceError, match="out"):
        gathered(tmp_path / "out" / "s-1", cut, signer)
