"""A network is found by name, and only when every byte is the one its card names."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from viahe_models import registry
from viahe_models.cli import main
from viahe_models.errors import CardUnreadable, NetworkDamaged, NetworkMissing


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with one network, `street`, in one precision, `int8`."""
    files = {"model.xml": b"<graph/>", "model.bin": b"weights"}
    place = tmp_path / "street" / "int8"
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    card = {
        "name": "street",
        "status": "trained",
        "labels": ["person", "car"],
        "sizes_px": [[640, 640], [384, 640]],
        "threshold": 0.25,
        "precisions": {
            "int8": {name: hashlib.sha256(part).hexdigest() for name, part in files.items()}
        },
    }
    (tmp_path / "street" / "card.json").write_text(json.dumps(card))
    return tmp_path


def changed(card: Path, **entries: Any) -> None:
    card.write_text(json.dumps(json.loads(card.read_text()) | entries))


def test_a_network_is_found_by_name_with_labels_in_the_order_of_the_card(weights: Path) -> None:
    network = registry.find("street", "int8", weights)
    assert network.labels == ("person", "car")
    assert network.sizes[0] == (640, 640)
    assert network.model == weights / "street" / "int8" / "model.xml"


def test_a_card_outside_the_package_is_named_by_its_path(weights: Path) -> None:
    by_path = registry.find(str(weights / "street" / "card.json"), "int8")
    assert by_path == registry.find("street", "int8", weights)


def test_the_identity_is_what_sha256sum_prints(weights: Path) -> None:
    place = weights / "street" / "int8"
    lines = "".join(
        f"{hashlib.sha256((place / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("model.bin", "model.xml")
    )
    expected = hashlib.sha256(lines.encode()).hexdigest()
    assert registry.find("street", "int8", weights).sha256 == expected


def test_a_file_with_another_hash_is_refused_with_both_hashes(weights: Path) -> None:
    damaged = weights / "street" / "int8" / "model.bin"
    expected = hashlib.sha256(damaged.read_bytes()).hexdigest()
    damaged.write_bytes(b"weightz")
    with pytest.raises(NetworkDamaged) as refusal:
        registry.find("street", "int8", weights)
    found = hashlib.sha256(b"weightz").hexdigest()
    for part in (str(damaged), expected, found, "nstall again"):
        assert part in str(refusal.value)


def test_a_missing_file_is_named(weights: Path) -> None:
    (weights / "street" / "int8" / "model.bin").unlink()
    with pytest.raises(NetworkMissing, match=r"model\.bin is missing"):
        registry.find("street", "int8", weights)


def test_an_unknown_network_is_answered_with_what_there_is(weights: Path) -> None:
    with pytest.raises(NetworkMissing, match=r"'stret' \(did you mean street.*is: street"):
        registry.find("stret", "int8", weights)


def test_an_unknown_precision_is_answered_with_what_there_is(weights: Path) -> None:
    with pytest.raises(NetworkMissing, match=r"no precision 'int4'; there is: int8"):
        registry.find("street", "int4", weights)


def test_a_card_that_is_no_json_is_refused_by_name(weights: Path) -> None:
    card = weights / "street" / "card.json"
    card.write_text("{")
    with pytest.raises(CardUnreadable, match=r"card\.json cannot be read"):
        registry.find("street", "int8", weights)


@pytest.mark.parametrize("wrong", [{"labels": None}, {"sizes_px": [[640]]}, {"threshold": "high"}])
def test_a_card_with_a_malformed_entry_is_refused(weights: Path, wrong: dict[str, Any]) -> None:
    card = weights / "street" / "card.json"
    changed(card, **wrong)
    with pytest.raises(CardUnreadable, match=r"export the network again"):
        registry.find("street", "int8", weights)


def test_a_card_that_lacks_an_entry_says_which(weights: Path) -> None:
    card = weights / "street" / "card.json"
    entries = json.loads(card.read_text())
    del entries["labels"]
    card.write_text(json.dumps(entries))
    with pytest.raises(CardUnreadable, match=r"labels"):
        registry.find("street", "int8", weights)


def test_the_registry_imports_nothing_heavy() -> None:
    program = (
        "import sys, viahe_models.registry;"
        "print(*{name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name for name in answer.stdout.split() if not name.startswith(("_", "sitecustomize"))}
    assert loaded == {"viahe_models"}


def test_verify_names_every_precision_and_its_hash(
    weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--weights", str(weights)]) == 0
    identity = registry.find("street", "int8", weights).sha256
    assert f"street int8: trained, sha256 {identity}" in capsys.readouterr().out


def test_verify_of_a_damaged_network_fails_in_one_line(
    weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (weights / "street" / "int8" / "model.xml").write_bytes(b"<grap/>")
    assert main(["verify", "street", "--weights", str(weights)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("viahe-models: ")
    assert said.count("\n") == 1
