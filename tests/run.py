"""Every check in the order that fails soonest, with the time each part took.

`python -m tests.run` runs all of it; `python -m tests.run checks` only what needs no test run.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy"],
    "import contracts": ["lint-imports", "--no-cache"],
}
TESTS = {
    "tests": ["pytest", "-q", "--durations=12", "-m", "not browser"],
    "browser": ["pytest", "-q", "--durations=12", "-m", "browser"],
}


def main(arguments: list[str]) -> int:
    parts = CHECKS if arguments == ["checks"] else {**CHECKS, **TESTS}
    took: dict[str, float] = {}
    failed = []
    for name, (program, *rest) in parts.items():
        print(f"== {name}: {program} {' '.join(rest)}", flush=True)
        began = time.monotonic()
        done = subprocess.run([BIN / program, *rest], cwd=ROOT, check=False)
        took[name] = time.monotonic() - began
        if done.returncode:
            failed.append(name)
    for name, seconds in took.items():
        print(f"{seconds:7.1f} s  {name}{'  FAILED' if name in failed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
