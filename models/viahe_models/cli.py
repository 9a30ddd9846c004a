"""`viahe-models`: train, measure, export and verify the networks, all on this machine alone."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from viahe_models.errors import ModelsError
from viahe_models.registry import WEIGHTS, find, names, read_card

COMMAND = "viahe-models"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 where all is well, 1 where a check fails, 2 where the input is wrong."""
    wanted = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = wanted.command
    try:
        return command(wanted)
    except ModelsError as wrong:
        print(f"{COMMAND}: {wrong}", file=sys.stderr)
        return 2


def _train(wanted: argparse.Namespace) -> int:
    from viahe_models.recipe import read_recipe
    from viahe_models.train import train

    recipe = read_recipe(wanted.recipe)
    print(train(recipe, wanted.pictures, wanted.base, wanted.run, wanted.threads))
    return 0


def _distil(wanted: argparse.Namespace) -> int:
    from viahe_models.distil import distil
    from viahe_models.recipe import read_recipe

    recipe = read_recipe(wanted.recipe)
    kept = distil(recipe, wanted.pictures, wanted.base, wanted.run, _said)
    print(f"{kept} boxes in {wanted.run / 'teacher'}")
    return 0


def _export(wanted: argparse.Namespace) -> int:
    from viahe_models.export import export
    from viahe_models.recipe import read_recipe

    recipe = read_recipe(wanted.recipe)
    print(export(recipe, wanted.pictures, wanted.run, wanted.weights, _said))
    return 0


def _evaluate(wanted: argparse.Namespace) -> int:
    from viahe_models.evaluate import evaluate_into_card
    from viahe_models.recipe import read_recipe

    recipe = read_recipe(wanted.recipe)
    card = wanted.weights / recipe.name / "card.json"
    kept = evaluate_into_card(recipe, wanted.pictures, wanted.base, wanted.run, card, _said)
    if wanted.page:
        _write_page(wanted.weights, wanted.page)
    return 0 if kept else 1


def _speed(wanted: argparse.Namespace) -> int:
    from viahe_models.card import write_card
    from viahe_models.page import speed_table
    from viahe_models.speed import speeds

    for name in names(wanted.weights):
        card = wanted.weights / name / "card.json"
        rows = speeds(card)
        print("\n".join([f"{name}:", *speed_table(rows)]))
        if wanted.write:
            write_card(card, read_card(card) | {"speed": rows})
    return 0


def _page(wanted: argparse.Namespace) -> int:
    _write_page(wanted.weights, wanted.page)
    return 0


def _from_cases(wanted: argparse.Namespace) -> int:
    from viahe_models.from_cases import make

    kept = make(wanted.cases, wanted.place, _said)
    print(f"{kept} pictures in {wanted.place}; look at its sheets before training on them")
    return 0


def _verify(wanted: argparse.Namespace) -> int:
    for which in wanted.network or names(wanted.weights):
        card = find(which, _precisions(which, wanted.weights)[0], wanted.weights).card
        for precision in _precisions(str(card), wanted.weights):
            network = find(str(card), precision)
            print(f"{network.name} {precision}: {network.status}, sha256 {network.sha256}")
    return 0


def _said(line: str) -> None:
    print(line, flush=True)


def _precisions(which: str, weights: Path) -> list[str]:
    card = Path(which) if which.endswith(".json") else weights / which / "card.json"
    if not card.is_file():
        return ["int8"]
    return sorted(read_card(card).get("precisions", {})) or ["int8"]


def _write_page(weights: Path, place: Path | None) -> None:
    from viahe_models.page import page

    if place is None:
        print(page(weights), end="")
    else:
        place.write_text(page(weights), encoding="utf-8")
        print(place)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, says, takes in (
        ("distil", _distil, "let the base label a recipe's pictures", _with_base),
        ("train", _train, "train a recipe's network", _with_base),
        ("export", _export, "write the graphs a detector runs, with their card", _with_weights),
        ("evaluate", _evaluate, "measure every variant and note it on the card", _with_all),
    ):
        one = commands.add_parser(name, help=says, description=says)
        one.add_argument("recipe", type=Path, help="a TOML file, as in configs/models")
        one.add_argument("--pictures", type=Path, required=True, help="root of the data folders")
        one.add_argument("--run", type=Path, required=True, help="the run's folder")
        takes(one)
        one.set_defaults(command=command)
    commands.choices["train"].add_argument("--threads", type=int, default=2, help="of Torch")
    dataset = commands.add_parser("dataset", help="make pictures to learn from")
    made = dataset.add_subparsers(required=True, metavar="SOURCE")
    cases = made.add_parser("from-cases", help="of reviewed cases, split by camera")
    cases.add_argument("cases", type=Path, help="what `viahe-api cases pictures` wrote")
    cases.add_argument("place", type=Path, help="the folder to make, below the pictures' root")
    cases.set_defaults(command=_from_cases)
    verify = commands.add_parser("verify", help="check every byte of the networks")
    verify.add_argument("network", nargs="*", help="a name or a card.json; all where left out")
    verify.add_argument("--weights", type=Path, default=WEIGHTS)
    verify.set_defaults(command=_verify)
    speed = commands.add_parser("speed", help="how long a look takes on this machine")
    speed.add_argument("--weights", type=Path, default=WEIGHTS)
    speed.add_argument("--write", action="store_true", help="note the times on the cards")
    speed.set_defaults(command=_speed)
    page = commands.add_parser("page", help="the reference page, from the cards")
    page.add_argument("--weights", type=Path, default=WEIGHTS)
    page.add_argument("--page", type=Path, help="the file to write; printed where left out")
    page.set_defaults(command=_page)
    return parser


def _with_base(one: argparse.ArgumentParser) -> None:
    one.add_argument("--base", type=Path, required=True, help="the checkpoint to start from")


def _with_weights(one: argparse.ArgumentParser) -> None:
    one.add_argument("--weights", type=Path, default=WEIGHTS, help="where networks are kept")


def _with_all(one: argparse.ArgumentParser) -> None:
    _with_base(one)
    _with_weights(one)
    one.add_argument("--page", type=Path, help="also write the reference page")


if __name__ == "__main__":
    sys.exit(main())
