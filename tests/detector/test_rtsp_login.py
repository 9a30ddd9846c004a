"""Proving who asks, as cameras demand it."""

import re
from hashlib import md5, sha256

from viahe_detector.media.rtsp_login import Login

URL = "rtsp://192.0.2.7/live"


def proof(header: str | None) -> dict[str, str]:
    assert header is not None
    return {key: a or b for key, a, b in re.findall(r'(\w+)=(?:"([^"]*)"|([^,]+))', header)}


def test_nothing_is_proved_before_it_is_asked() -> None:
    assert Login("viewer", "Kh0-Do4n").header("DESCRIBE", URL) is None


def test_digest_is_preferred_to_sending_the_password() -> None:
    login = Login("viewer", "Kh0-Do4n")
    assert login.take(['Basic realm="cam"', 'Digest realm="cam", nonce="abc"'])
    header = login.header("DESCRIBE", URL)
    told = proof(header)
    who = md5(b"viewer:cam:Kh0-Do4n").hexdigest()  # noqa: S324 - what cameras speak
    what = md5(f"DESCRIBE:{URL}".encode()).hexdigest()  # noqa: S324
    assert told["response"] == md5(f"{who}:abc:{what}".encode()).hexdigest()  # noqa: S324
    assert (told["username"], told["uri"]) == ("viewer", URL)
    assert "Kh0-Do4n" not in str(header)


def test_a_camera_that_wants_sha256_and_a_count_gets_both() -> None:
    login = Login("viewer", "Kh0-Do4n")
    assert login.take(['Digest realm="cam", nonce="abc", qop="auth,auth-int", algorithm=SHA-256'])
    for count in ("00000001", "00000002"):
        told = proof(login.header("PLAY", URL))
        who = sha256(b"viewer:cam:Kh0-Do4n").hexdigest()
        what = sha256(f"PLAY:{URL}".encode()).hexdigest()
        proved = f"{who}:abc:{count}:{told['cnonce']}:auth:{what}"
        assert told["response"] == sha256(proved.encode()).hexdigest()
        assert (told["qop"], told["nc"], told["algorithm"]) == ("auth", count, "SHA-256")


def test_basic_sends_name_and_password_where_nothing_else_is_asked() -> None:
    login = Login("viewer", "pass:word")
    assert login.take(['Basic realm="cam"'])
    assert login.header("DESCRIBE", URL) == "Basic dmlld2VyOnBhc3M6d29yZA=="


def test_a_demand_nobody_knows_cannot_be_met() -> None:
    assert not Login("viewer", "x").take(["Negotiate", 'Digest realm="c", algorithm=MD9'])


def test_no_record_shows_the_password() -> None:
    assert "Kh0-Do4n" not in repr(Login("viewer", "Kh0-Do4n"))
