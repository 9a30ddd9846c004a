"""A training run: recipe, pictures and base in; a folder with weights and a record out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from viahe_models.augmentation import augmented
from viahe_models.dataset import Sample, fingerprint, lay_out, samples
from viahe_models.errors import DatasetError
from viahe_models.offline import bound_threads, checkpoint, threads_at_work, ultralytics
from viahe_models.recipe import Recipe, Training
from viahe_models.registry import file_hash


def train(recipe: Recipe, pictures: Path, base: Path, run: Path, threads: int = 2) -> Path:
    """Trains and returns `run/weights.pt`; beside it lies `run.json`, what went in.

    The last epoch is taken, not the best: the validation pictures choose nothing, so what is
    measured on them later was held out. Raises DatasetError, RecipeError or NetworkMissing.
    """
    bound_threads(threads)
    network = checkpoint(base)
    parts = training_samples(recipe, pictures, run)
    held_out = [sample for folder in recipe.data.validate for sample in samples(pictures, folder)]
    names = network.names if recipe.keep_head else dict(enumerate(recipe.labels))
    data = lay_out(run / "data", parts, held_out, names)
    # Ultralytics leaves a core of each machine idle, of two one, whatever was said before.
    network.add_callback("on_pretrain_routine_end", lambda _: bound_threads(threads))
    worked: list[int] = []
    network.add_callback("on_train_epoch_end", lambda _: worked.append(threads_at_work()))
    if recipe.training.frozen_statistics:
        network.add_callback("on_train_batch_start", _freeze_statistics)
    if recipe.training.bfloat16:
        network.add_callback("on_train_start", _in_bfloat16)
    network.train(**_arguments(recipe.training, data, base, run))
    weights = _blended(run / "ultralytics" / "weights" / "last.pt", base, recipe, run)
    _record(recipe, base, parts, weights, run, min(worked, default=0))
    return weights


def training_samples(recipe: Recipe, pictures: Path, run: Path) -> list[Sample]:
    """What one epoch sees: the recipe's folders, repeated, the teacher's labels where asked, and
    what is made of them."""
    parts: list[Sample] = []
    for folder in recipe.data.train:
        found = samples(pictures, folder)
        if folder in recipe.data.distilled:
            found = tuple(_distilled(sample, run / "teacher" / folder) for sample in found)
        parts.extend(found * recipe.data.repeat.get(folder, 1))
    if recipe.augmentation is not None:
        made = run / "augmented"
        parts += augmented(recipe.augmentation, pictures, parts, made, recipe.training.seed)
    return parts


def _distilled(sample: Sample, folder: Path) -> Sample:
    labels = folder / f"{sample.picture.stem}.txt"
    if not labels.is_file():
        raise DatasetError(
            f"the teacher has not labelled {sample.picture.name} (no {labels}); "
            "run `viahe-models distil` with the same recipe and --run first"
        )
    return Sample(sample.picture, labels)


def _arguments(training: Training, data: Path, base: Path, run: Path) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "data": str(data),
        "epochs": training.epochs,
        "imgsz": training.size_px,
        "batch": training.batch,
        "nbs": training.batch,
        "optimizer": training.optimizer,
        "lr0": training.learning_rate,
        "lrf": training.final_fraction,
        "warmup_epochs": training.warmup_epochs,
        # A bias that starts at Ultralytics' 0.1 throws away what a trained head knows.
        "warmup_bias_lr": training.learning_rate,
        "weight_decay": training.weight_decay,
        "mosaic": training.mosaic,
        "close_mosaic": training.plain_epochs,
        "scale": training.scale,
        "translate": training.translate,
        "fliplr": training.fliplr,
        "freeze": training.freeze or None,
        "seed": training.seed,
        "deterministic": True,
        "device": "cpu",
        "workers": 0,
        "amp": False,
        "val": False,
        "plots": False,
        "project": str(run.absolute()),
        "name": "ultralytics",
        "exist_ok": True,
    }
    if training.feature_loss:
        arguments |= {"distill_model": str(base.resolve()), "dis": training.feature_loss}
    return arguments


def _freeze_statistics(trainer: Any) -> None:
    import torch  # noqa: PLC0415

    for part in trainer.model.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.eval()


def _in_bfloat16(trainer: Any) -> None:
    """Runs the layers in bfloat16, twice as fast where the CPU has it; losses stay in floats.

    Ultralytics offers this on GPUs alone. Its losses decode boxes in the type they are given, and
    bfloat16 has steps of two pixels there, hence the way back to floats.
    """
    import torch  # noqa: PLC0415

    network = trainer.model.to(memory_format=torch.channels_last)
    whole = network.predict

    def predict(pictures: Any, *rest: Any, **more: Any) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            answer = whole(pictures.to(memory_format=torch.channels_last), *rest, **more)
        return _floats(answer)

    network.predict = predict


def _floats(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _floats(part) for name, part in answer.items()}
    if isinstance(answer, list | tuple):
        return type(answer)(_floats(part) for part in answer)
    return answer.float()


def _blended(trained: Path, base: Path, recipe: Recipe, run: Path) -> Path:
    import torch  # noqa: PLC0415

    network = checkpoint(trained)
    share = recipe.training.blend
    if share < 1:
        before = checkpoint(base).model.float().state_dict()
        after = network.model.float().state_dict()
        mixed = {
            name: torch.lerp(before[name], value, share) if value.is_floating_point() else value
            for name, value in after.items()
        }
        network.model.load_state_dict(mixed)
    weights = run / "weights.pt"
    network.save(str(weights))
    return weights


def _record(
    recipe: Recipe, base: Path, parts: Sequence[Sample], weights: Path, run: Path, threads: int
) -> None:
    document = {
        "threads": threads,  # on another number of them the last digits differ
        "training": asdict(recipe.training),
        "base": {"file": base.name, "sha256": file_hash(base)},
        "pictures": len(parts),
        "data_sha256": fingerprint(parts),
        "weights_sha256": file_hash(weights),
        "made_with": {"ultralytics": ultralytics().__version__},
    }
    (run / "run.json").write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
