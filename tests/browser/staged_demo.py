"""The demo as a person starts it: its own processes, its address, its passwords."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

LATEST_S = 240.0
"""Seconds after which the demo is taken not to get there any more."""


@dataclass(slots=True)
class Demo:
    """A running demo and what it has printed so far."""

    process: "subprocess.Popen[str]"
    data: Path
    lines: list[str] = field(default_factory=list)

    def until(self, pattern: str) -> "re.Match[str]":
        """Read on until a line matches."""
        began = time.monotonic()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            found = re.search(pattern, line)
            if found:
                return found
            assert time.monotonic() - began < LATEST_S, self.said
        raise AssertionError(f"the demo ended before {pattern!r} came:\n{self.said}")

    @property
    def said(self) -> str:
        log = self.data / "detector.log"
        return "\n".join([*self.lines, log.read_text(encoding="utf-8") if log.exists() else ""])

    @property
    def address(self) -> str:
        """Where it says that it is, without a slash at the end."""
        found = re.search(r"Viahe is at (http://\S+)/", "\n".join(self.lines))
        assert found is not None, self.said
        return found.group(1)

    def password(self, login: str) -> str:
        """The password that was printed for somebody."""
        text = "\n".join(self.lines)
        found = re.search(rf"\b{login}\s+([a-z0-9-]{{19}})", text)
        assert found is not None, text
        return found.group(1)


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[Demo]:
    """`viahe-demo` in `data`, ended as Ctrl+C ends it."""
    command = [Path(sys.executable).with_name("viahe-demo"), "--data", data, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Demo(process, data)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=60)
            finally:
                process.kill()


def sign_in(page: Page, demo: Demo, login: str) -> None:
    """Sign in with the password that was printed, and wait for the role's first page."""
    page.goto(demo.address)
    page.fill("#login", login)
    page.fill("#password", demo.password(login))
    page.click("main form button.button-main")
    page.wait_for_url(lambda url: "/sign-in" not in url)
