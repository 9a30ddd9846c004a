"""From a checkpoint to the graph the detector runs: the door described in `registry`."""

import copy
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from viahe_models.errors import DatasetError
from viahe_models.offline import checkpoint
from viahe_models.registry import PAD

Picture = npt.NDArray[np.uint8]
"""Height, width, 3; BGR."""
Rows = npt.NDArray[np.float32]
"""A row a thing: left, top, right, bottom in pixels, score, label index."""


def read_picture(path: Path) -> Picture:
    """The picture in this file. Raises DatasetError where it is none."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise DatasetError(f"{path} cannot be read as a picture; remove it or fetch it again")
    return np.asarray(picture, dtype=np.uint8)


def fit(picture: Picture, size: tuple[int, int]) -> tuple[Picture, float]:
    """The picture scaled into `size` (height, width) at the top left corner, and the scale used.

    What it does not fill is grey. Dividing box coordinates by the scale leads back to the picture.
    """
    height, width = size
    scale = min(height / picture.shape[0], width / picture.shape[1])
    across, down = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    canvas = np.full((height, width, 3), PAD, np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas[:down, :across] = cv2.resize(picture, (across, down), interpolation=way)
    return canvas, scale


def trimmed(weights: Path, slots: Sequence[int]) -> Any:
    """The checkpoint as a Torch module that answers for these class slots only, end to end.

    The other slots are independent sigmoids, so leaving them out changes no score that stays;
    it leaves room among the 300 rows and makes an index an index into our own labels.
    """
    import torch  # noqa: PLC0415

    network = copy.deepcopy(checkpoint(weights).model).float().eval()
    network.model[-1].end2end = True
    network.fuse(verbose=False)
    head = network.model[-1]
    for branch in head.one2one_cv3:
        last = branch[-1]
        kept: Any = torch.nn.Conv2d(last.in_channels, len(slots), 1)
        kept.weight.data = last.weight.data[list(slots)].clone()
        kept.bias.data = last.bias.data[list(slots)].clone()
        branch[-1] = kept
    head.nc = len(slots)
    head.no = head.nc + 4 * head.reg_max
    head.export, head.format, head.dynamic, head.shape = True, "openvino", True, None
    for part in network.modules():
        if hasattr(part, "forward_split"):
            part.forward = part.forward_split
    return network.requires_grad_(False)


def to_openvino(network: Any) -> Any:
    """The trimmed module as an OpenVINO graph: floats RGB `[1, 3, height, width]`, sizes free."""
    import openvino  # noqa: PLC0415
    import torch  # noqa: PLC0415

    jit: Any = torch.jit
    example = torch.zeros(1, 3, 640, 640)
    with warnings.catch_warnings():
        # Torch announces torch.export instead; its graphs would have to be verified anew.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", jit.TracerWarning)  # branches on sizes, none of ours
        traced = jit.trace(network, example, strict=False, check_trace=False)
    return openvino.convert_model(traced, input=[(1, 3, -1, -1)], example_input=example)


def quantised(graph: Any, pictures: Sequence[Path], sizes: Sequence[tuple[int, int]]) -> Any:
    """The graph in eight bits, its ranges measured on these pictures, sizes taken in turn.

    The last layers and the decoding of boxes stay in floats: eight bits there cost accuracy and
    save little.
    """
    import nncf  # noqa: PLC0415

    data = nncf.Dataset(list(_fed(pictures, sizes)))
    ignored = nncf.IgnoredScope(names=_head_operations(graph))
    return nncf.quantize(
        graph,
        data,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pictures),
        ignored_scope=ignored,
    )


def with_door(graph: Any) -> Any:
    """The graph taking unsigned bytes, BGR, `[1, height, width, 3]`."""
    import openvino  # noqa: PLC0415
    from openvino.preprocess import ColorFormat, PrePostProcessor  # noqa: PLC0415

    door = PrePostProcessor(graph)
    tensor = door.input().tensor().set_element_type(openvino.Type.u8)
    tensor.set_layout(openvino.Layout("NHWC")).set_color_format(ColorFormat.BGR)
    steps = door.input().preprocess().convert_element_type(openvino.Type.f32)
    steps.convert_color(ColorFormat.RGB).scale(255.0)
    door.input().model().set_layout(openvino.Layout("NCHW"))
    return door.build()


def save(graph: Any, folder: Path) -> None:
    """`model.xml` and `model.bin` in the folder; what is not in eight bits is in half floats."""
    import openvino  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(graph, folder / "model.xml", compress_to_fp16=True)


def _head_operations(graph: Any) -> list[str]:
    operations = [operation.get_friendly_name() for operation in graph.get_ordered_ops()]
    sigmoids = [
        operation.get_friendly_name()
        for operation in graph.get_ordered_ops()
        if operation.get_type_name() == "Sigmoid"
    ]
    head = sigmoids[-1].split("/", 1)[0]
    return [name for name in operations if name.startswith((f"{head}/", f"{head}."))]


def _fed(
    pictures: Sequence[Path], sizes: Sequence[tuple[int, int]]
) -> Iterator[npt.NDArray[np.float32]]:
    for turn, path in enumerate(pictures):
        fitted, _ = fit(read_picture(path), sizes[turn % len(sizes)])
        rgb = fitted[:, :, ::-1].transpose(2, 0, 1)[None]
        yield np.ascontiguousarray(rgb, dtype=np.float32) / np.float32(255)
