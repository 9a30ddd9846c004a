"""The demo with a camera of one's own in the place of the staged ones."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tests.browser.staged_demo import Demo, running
from tests.detector.footage import Footage


def test_the_address_answers_as_soon_as_it_is_told(tmp_path: Path) -> None:
    """Nothing is staged here, which would take longer than the API to start."""
    file = Footage(seconds=4.0).write(tmp_path / "street.mp4")
    with running(tmp_path / "demo", "--port", "0", "--source", str(file)) as demo:
        address = demo.until(r"Viahe is at (http://\S+)/").group(1)
        page = httpx2.get(f"{address}/sign-in")
        drawn_at = urlsplit(demo.until(r"Draw a zone \(as quantri\): (http\S+)").group(1)).path
        assert page.status_code == 200
        assert re.fullmatch(r"/cameras/\d+", drawn_at)
        _sign_in(demo, address, "quantri")


def _sign_in(demo: Demo, address: str, login: str) -> None:
    entry = {"login": login, "password": demo.password(login)}
    assert httpx2.post(f"{address}/sign-in", data=entry).status_code == 303
