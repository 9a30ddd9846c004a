"""An address in a log or an error never carries a user's name or password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.media import redacted

SIGNS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/?#"), min_size=8
)


@given(user=SIGNS, password=SIGNS)
def test_no_user_or_password_survives_whatever_signs_they_hold(user: str, password: str) -> None:
    said = redacted(f"rtsp://{user}:{password}@10.0.0.7:554/stream1")
    assert said == "rtsp://10.0.0.7:554/stream1"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("rtsp://10.0.0.7/cam", "rtsp://10.0.0.7/cam"),
        ("/var/video/a@b.mp4", "/var/video/a@b.mp4"),
        (
            "rtsp://10.0.0.7/live?user=admin&password=x&channel=1",
            "rtsp://10.0.0.7/live?user=***&password=***&channel=1",
        ),
    ],
)
def test_what_tells_a_camera_from_its_neighbours_stays(address: str, said: str) -> None:
    assert redacted(address) == said
