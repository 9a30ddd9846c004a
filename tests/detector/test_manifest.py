"""A manifest is the same bytes for the same content, signed with a key nobody else can read."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viahe_detector.errors import ConfigError, EvidenceError
from viahe_detector.manifest import Signer, canonical, verify

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, object]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical(value) == canonical(backwards)
    assert json.loads(canonical(value)) == value


def test_canonical_json_has_no_spaces_and_keeps_vietnamese_letters() -> None:
    assert canonical({"vỉa hè": [1, 2.5], "a": None}) == '{"a":null,"vỉa hè":[1,2.5]}'.encode()


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"score": float("nan")})


def test_a_key_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.pem"
    first = Signer.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["signing.pem"]
    again = Signer.load_or_create(path)
    assert again.public_key == first.public_key
    assert len(first.public_key) == 64
    assert again.sign(b"x") == first.sign(b"x")


def test_a_key_that_others_may_read_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    Signer.load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match=r"signing\.pem: others may read"):
        Signer.load_or_create(path)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_that_is_no_key_is_refused_by_name_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "signing.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"signing\.pem"):
        Signer.load_or_create(path)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="nowhere"):
        verify(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"files":{}}',
        b'{"files":{"../key":"00"},"previous":null,"public_key":"00"}',
        b'{"files":[],"previous":null,"public_key":"00"}',
        b'{"files": {},"previous":null,"public_key":"00"}',
        b'{"public_key":"00","previous":null,"files":{}}',
    ],
)
def test_what_is_no_canonical_manifest_is_named_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    (tmp_path / "manifest.sig").write_bytes(bytes(64))
    assert [(f.code, f.name) for f in verify(tmp_path)] == [("malformed", "manifest.json")]
