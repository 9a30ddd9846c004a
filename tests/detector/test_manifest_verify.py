"""Whatever is done to evidence after it was signed is found, and the file is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detector.staged_evidence import gathered, ring_of, source
from viahe_detector.manifest import Finding, Signer, canonical, verify


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.load_or_create(tmp_path_factory.mktemp("key") / "signing.pem")


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> list[Path]:
    """Three pieces of evidence, each linked to the one before."""
    folder = tmp_path_factory.mktemp("links")
    film = source()
    ring = ring_of(film.packets, facts=film.facts)
    previous, made = None, []
    for number in range(3):
        cut = ring.cut(film.run, 1.0 + number / 2, 4.0)
        files = gathered(folder / f"s-{number}", cut, signer, previous=previous, key=f"s-{number}")
        previous = next(file.sha256 for file in files if file.kind == "manifest")
        made.append(folder / f"s-{number}")
    return made


@pytest.fixture
def evidence(tmp_path: Path, links: list[Path]) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copytree(links[1], tmp_path / "s-1"))


def found(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.code, finding.name) for finding in findings]


def test_untouched_evidence_is_well(evidence: Path, links: list[Path], signer: Signer) -> None:
    before = (links[0] / "manifest.json").read_bytes()
    assert verify(evidence, signer.public_key, before) == ()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_bit_turned_anywhere_is_found_in_its_file(
    data: st.DataObject, links: list[Path]
) -> None:
    folder = links[2]
    name = data.draw(st.sampled_from(sorted(each.name for each in folder.iterdir())))
    path = folder / name
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) * 8 - 1))
    turned = bytearray(whole)
    turned[place // 8] ^= 1 << place % 8
    path.write_bytes(turned)
    try:
        findings = verify(folder)
    finally:
        path.write_bytes(whole)
    signed = {"manifest.json", "manifest.sig"}
    assert {f.name for f in findings} & (signed if name in signed else {name})
    assert name in signed or found(findings) == [("altered", name)]


@pytest.mark.parametrize(
    ("harm", "findings"),
    [
        (lambda e: (e / "clip.mp4").unlink(), [("missing", "clip.mp4")]),
        (lambda e: (e / "manifest.json").unlink(), [("missing", "manifest.json")]),
        (lambda e: (e / "manifest.sig").unlink(), [("missing", "manifest.sig")]),
        (lambda e: (e / "note.txt").write_text("x"), [("added", "note.txt")]),
        (
            lambda e: (e / "still_act.jpg").write_bytes((e / "still_after.jpg").read_bytes()),
            [("swapped", "still_act.jpg")],
        ),
        (lambda e: cut_short(e / "clip.mp4"), [("altered", "clip.mp4")]),
        (
            lambda e: exchange(e / "still_onset.jpg", e / "still_after.jpg"),
            [("swapped", "still_after.jpg"), ("swapped", "still_onset.jpg")],
        ),
    ],
    ids=["a file gone", "no manifest", "no signature", "one more", "copied", "cut", "exchanged"],
)
def test_harm_is_found_and_named(
    evidence: Path, harm: Callable[[Path], object], findings: list[tuple[str, str]]
) -> None:
    harm(evidence)
    assert found(verify(evidence)) == findings


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def exchange(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def test_the_clip_of_another_case_is_found(evidence: Path, links: list[Path]) -> None:
    shutil.copy(links[2] / "clip.mp4", evidence / "clip.mp4")
    assert found(verify(evidence)) == [("altered", "clip.mp4")]


def test_a_manifest_signed_anew_by_somebody_else_is_found(
    evidence: Path, signer: Signer, tmp_path: Path
) -> None:
    forger = Signer.load_or_create(tmp_path / "forger.pem")
    forged = (
        (evidence / "manifest.json")
        .read_bytes()
        .replace(signer.public_key.encode(), forger.public_key.encode())
    )
    (evidence / "manifest.json").write_bytes(forged)
    (evidence / "manifest.sig").write_bytes(forger.sign(forged))
    assert verify(evidence) == ()  # whole in itself: only the known key tells
    assert found(verify(evidence, signer.public_key)) == [
        ("key", "manifest.json"),
        ("signature", "manifest.sig"),
    ]


def test_a_removed_or_exchanged_link_is_found(links: list[Path], signer: Signer) -> None:
    manifests = [(link / "manifest.json").read_bytes() for link in links]
    assert verify(links[2], signer.public_key, manifests[1]) == ()
    assert found(verify(links[2], previous=manifests[0])) == [("link", "manifest.json")]
    assert found(verify(links[1], previous=manifests[2])) == [("link", "manifest.json")]
    assert found(verify(links[0], previous=manifests[1])) == [("link", "manifest.json")]


def test_a_manifest_of_nothing_with_a_good_signature_is_whole(
    tmp_path: Path, signer: Signer
) -> None:
    content = canonical({"files": {}, "previous": None, "public_key": signer.public_key})
    (tmp_path / "manifest.json").write_bytes(content)
    (tmp_path / "manifest.sig").write_bytes(signer.sign(content))
    assert verify(tmp_path, signer.public_key) == ()
