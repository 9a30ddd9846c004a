"""The one door through which Ultralytics is imported: shut to the network before it opens.

Left alone it asks for updates, sends usage events, downloads weights and pictures it knows by
name, and installs packages it misses. Here none of that happens. Its settings file lies in a
folder of this process, so neither reads nor changes the settings of whoever runs it.
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from viahe_models.errors import ModelsError, NetworkMissing

_ENVIRONMENT = {
    "YOLO_OFFLINE": "1",
    "YOLO_AUTOINSTALL": "0",
    "OPENVINO_TELEMETRY_OPT_OUT": "1",
    "NNCF_TELEMETRY_OPT_OUT": "1",
}


@cache
def ultralytics() -> Any:
    """The ultralytics module, offline. Raises ModelsError where it is not installed."""
    folder = tempfile.mkdtemp(prefix="viahe-models-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(_ENVIRONMENT | {"YOLO_CONFIG_DIR": folder})
    try:
        import ultralytics as module  # noqa: PLC0415
        from ultralytics import settings  # noqa: PLC0415
    except ImportError as missing:
        raise ModelsError(
            f"{missing.name} is not installed; training and export need `pip install viahe[models]`"
        ) from missing
    loggers = ("clearml", "comet", "dvc", "mlflow", "raytune", "tensorboard", "wandb")
    update: Any = settings.update
    update({"sync": False, **dict.fromkeys(loggers, False)})
    return module


def checkpoint(path: Path) -> Any:
    """A `.pt` checkpoint opened as `ultralytics.YOLO`. Raises NetworkMissing.

    A missing file is refused here, since Ultralytics would take its name for one to download.
    """
    if not path.is_file():
        raise NetworkMissing(f"no checkpoint at {path}; see docs/design/models.md")
    return ultralytics().YOLO(str(path.resolve()))


def bound_threads(threads: int) -> None:
    """Bounds Torch's threads: on a busy machine they wait for each other by spinning."""
    ultralytics()
    import torch  # noqa: PLC0415

    torch.set_num_threads(threads)


def threads_at_work() -> int:
    """How many threads Torch has now."""
    import torch  # noqa: PLC0415 - takes seconds, and a training alone asks

    return int(torch.get_num_threads())
