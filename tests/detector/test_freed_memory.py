"""Memory that pictures leave behind is kept for the next ones."""

import platform
import subprocess
import sys

import pytest

COUNTED = """
import resource, sys
import numpy as np
from viahe_detector.freed_memory import keep_freed_memory

def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def come_and_go():
    planes = [np.ones((3, 180, 320), np.float32) for _ in range(4)]
    return sum(float(plane[0, 0, 0]) for plane in planes)

if sys.argv[1] == "kept":
    keep_freed_memory()
come_and_go()
before = pages()
for _ in range(100):
    come_and_go()
sys.stdout.write(str(pages() - before))
"""


def pages_cleared(how: str) -> int:
    """By the system, for a hundred looks' planes, in a process of its own."""
    command = [sys.executable, "-c", COUNTED, how]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told anything")
def test_the_system_clears_hardly_a_page_for_pictures_that_come_and_go() -> None:
    given_back = pages_cleared("given back")
    assert given_back > 10_000, "the precondition: by itself the library gives planes back"
    assert pages_cleared("kept") < given_back / 20
