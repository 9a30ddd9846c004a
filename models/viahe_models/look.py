"""Asking a network what is in a picture: the same way for a checkpoint and for an export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from viahe_models.graph import Picture, Rows, fit

Look: TypeAlias = Callable[[Picture], Rows]
"""A picture in; what is there out, boxes in pixels of that picture."""


def torch_look(network: Any, size: tuple[int, int]) -> Look:
    """A look through a module of `graph.trimmed`, at (height, width) of its input."""
    import torch  # noqa: PLC0415

    def look(picture: Picture) -> Rows:
        fitted, scale = fit(picture, size)
        rgb = np.ascontiguousarray(fitted[:, :, ::-1].transpose(2, 0, 1)[None])
        with torch.inference_mode():
            rows = network(torch.from_numpy(rgb).float() / 255)[0].numpy()
        return _back(rows, scale, picture)

    return look


def openvino_look(
    model: Path | Any, size: tuple[int, int], hint: str = "f32", threads: int = 1
) -> Look:
    """A look through an exported graph, compiled for this machine's CPU.

    `hint` is the type its floats are computed in: `f32`, or `bf16` where the CPU has it.
    """
    compiled = compiled_graph(model, size, hint, threads)
    request = compiled.create_infer_request()

    def look(picture: Picture) -> Rows:
        fitted, scale = fit(picture, size)
        rows = np.array(request.infer([fitted[None]])[0][0], dtype=np.float32)
        return _back(rows, scale, picture)

    return look


def compiled_graph(model: Path | Any, size: tuple[int, int], hint: str, threads: int) -> Any:
    """The exported graph (or its path) fixed to a size and compiled, for one look at a time."""
    import openvino  # noqa: PLC0415

    core = openvino.Core()
    graph = core.read_model(model) if isinstance(model, Path) else model
    graph.reshape([1, *size, 3])
    options = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": hint,
        "INFERENCE_NUM_THREADS": threads,
    }
    return core.compile_model(graph, "CPU", options)


def _back(rows: Rows, scale: float, picture: Picture) -> Rows:
    height, width = picture.shape[:2]
    rows = rows.copy()
    rows[:, :4] /= scale
    rows[:, :4] = rows[:, :4].clip(0, (width, height, width, height))
    return rows
