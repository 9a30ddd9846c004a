"""Finds a network by name, checks every byte of it, and says how to feed it.

Standard library only: a detector host has no Torch, and this is all it imports of the package.

Every graph has the same door. Input: one picture `[1, height, width, 3]`, unsigned bytes, BGR as
decoders and OpenCV give it, scaled to fit and padded with `PAD`; colour order, scaling to 0..1 and
the channel order are inside the graph. Height and width are free in the file and must be fixed
before compiling, to one of `Network.sizes` (`model.reshape([1, height, width, 3])`); other
multiples of 32, from 160 up, work too and were not measured. Output: `[1, 300, 6]` floats, a row a
thing, best first: left, top, right, bottom in pixels of the input (they may overshoot it by a
few), score in 0..1, index into `Network.labels`. The rows need no suppression of overlaps; rows
below `Network.threshold` are to be dropped.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from viahe_models.errors import CardUnreadable, NetworkDamaged, NetworkMissing

WEIGHTS = Path(__file__).parent / "weights"
PAD = 114
"""Grey of the border around a picture that does not fill the input; training used the same."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network whose files were found and hashed.

    `model` is the OpenVINO graph; its weights lie beside it. `sizes` are (height, width) in
    pixels the card has figures for, the first being the default. `sha256` names graph and
    weights together: it is the hash of the two lines `sha256sum model.bin model.xml` prints.
    `threshold` is the score under which a row says nothing. `status` is `trained`, or says why not.
    """

    name: str
    precision: str
    status: str
    model: Path
    card: Path
    labels: tuple[str, ...]
    sizes: tuple[tuple[int, int], ...]
    threshold: float
    sha256: str


def find(which: str, precision: str = "fp16", weights: Path = WEIGHTS) -> Network:
    """The network `which` (a name in `weights`, or the path of a `card.json`), verified.

    Raises NetworkMissing, NetworkDamaged or CardUnreadable.
    """
    card = Path(which) if which.endswith(".json") else _card_of(which, weights)
    return read(card, precision)


def read(card: Path, precision: str) -> Network:
    """The network this card describes; its files lie in `<card's folder>/<precision>`."""
    document = read_card(card)
    try:
        hashes = _hashes(document["precisions"], precision, card)
        return Network(
            name=str(document["name"]),
            precision=precision,
            status=str(document["status"]),
            model=card.parent / precision / "model.xml",
            card=card,
            labels=tuple(document["labels"]),
            sizes=tuple((int(height), int(width)) for height, width in document["sizes_px"]),
            threshold=float(document["threshold"]),
            sha256=_verify(card.parent / precision, hashes),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CardUnreadable(
            f"{card}: {wrong!r} is missing or malformed; export the network again "
            "with `viahe-models export`"
        ) from wrong


def read_card(card: Path) -> dict[str, Any]:
    """The card's JSON object as it stands. Raises NetworkMissing or CardUnreadable."""
    try:
        document = json.loads(card.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NetworkMissing(f"no card at {card}; name the card.json an export wrote") from None
    except (OSError, ValueError) as wrong:
        raise CardUnreadable(f"{card} cannot be read as a card: {wrong}") from wrong
    if not isinstance(document, dict):
        raise CardUnreadable(f"{card} holds no JSON object; export the network again")
    return document


def names(weights: Path = WEIGHTS) -> tuple[str, ...]:
    """The networks that have a card in this folder."""
    return tuple(sorted(card.parent.name for card in weights.glob("*/card.json")))


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def identity(hashes: Mapping[str, str]) -> str:
    """One hash for several files, as `sha256sum <names in order> | sha256sum` gives it."""
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _card_of(name: str, weights: Path) -> Path:
    present = names(weights)
    if name in present:
        return weights / name / "card.json"
    near = get_close_matches(name, present, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    raise NetworkMissing(
        f"no network {name!r}{hint} in {weights}; there is: {', '.join(present) or 'none'}. "
        "Name one of these, or the path of a card.json"
    )


def _hashes(precisions: Any, wanted: str, card: Path) -> Mapping[str, str]:
    if wanted not in precisions:
        raise NetworkMissing(
            f"{card}: no precision {wanted!r}; there is: {', '.join(sorted(precisions))}"
        )
    files = precisions[wanted]
    if not {"model.xml", "model.bin"} <= set(files):
        raise KeyError("model.xml and model.bin")
    return {str(name): str(digest) for name, digest in files.items()}


def _verify(folder: Path, hashes: Mapping[str, str]) -> str:
    for name, expected in hashes.items():
        path = folder / name
        if not path.is_file():
            raise NetworkMissing(f"{path} is missing, though its card names it; install again")
        found = file_hash(path)
        if found != expected:
            raise NetworkDamaged(
                f"{path} is not the file its card names: expected sha256 {expected}, "
                f"found {found}. Install again, or export the network again"
            )
    return identity(hashes)
