"""Every check in the order that fails soonest, with the time each part took.

`python -m tests.run` runs all of it; `python -m tests.run checks` only what needs no test run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy"],
    "import contracts": ["lint-imports", "--no-cache"],
}
PYTEST = ["pytest", "-q", "--durations=12", "-p", "no:cacheprovider"]
GROUPS = {
    "browser": {"browser"},
    "street": {"detector", "rules", "samples"},
    "desk": {"api", "contract"},
}
AT_ONCE = 2
COLUMNS = "240"  # pytest cuts what a failed test says to the width it is told


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has run."""

    name: str
    seconds: float
    failed: bool
    unheld: Sequence[str] = ()
    """The tests that failed or could not begin, each with the first line of what it says."""


def groups() -> Mapping[str, Sequence[str]]:
    """All tests in four groups: of browsers, of what watches the street, of the desk, and of all
    else. The longest comes first and the shortest last, for two to end at about the same time."""
    folders = {path.parent.name for path in Path(__file__).parent.glob("*/__init__.py")}
    named = {**GROUPS, "others": folders.difference(*GROUPS.values())}
    return {
        name: [*PYTEST, *(f"tests/{folder}" for folder in sorted(folders & of))]
        for name, of in named.items()
    }


def run(name: str, words: Sequence[str], margin: str = "") -> Part:
    """Run one part; each line it prints comes after `margin`."""
    # Each line in one piece, its end with it: another group's would come between.
    print(f"{margin}== {name}: {' '.join(words)}\n", end="", flush=True)
    began = time.monotonic()
    program, *rest = words
    told = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": COLUMNS}
    unheld = []
    with subprocess.Popen(
        [BIN / program, *rest],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(f"{margin}{line}", end="", flush=True)
            if line.startswith(("FAILED ", "ERROR ")):
                unheld.append(line.rstrip())
    return Part(name, time.monotonic() - began, process.returncode != 0, unheld)


def run_tests() -> list[Part]:
    """Two groups at a time: each waits for streams, browsers and clocks much of its time."""
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        coming = [
            at_once.submit(run, name, words, f"{name:7} | ") for name, words in groups().items()
        ]
    return [each.result() for each in coming]


def main(arguments: list[str]) -> int:
    parts = [run(name, words) for name, words in CHECKS.items()]
    if arguments != ["checks"]:
        parts += run_tests()
    for part in parts:
        print(f"{part.seconds:7.1f} s  {part.name}{'  FAILED' if part.failed else ''}")
    # Again, and last: two groups print between each other, and of a long log the end is read.
    for part in parts:
        for line in part.unheld:
            print(line)
    return int(any(part.failed for part in parts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
