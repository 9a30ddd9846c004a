"""What the wheel holds, and what each of the slim installs imports."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TREE_OF = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):
    if '.versions' not in module.name and not module.name.endswith('.env'):
        importlib.import_module(module.name)
present = [name for name, module in sys.modules.items() if module is not None]
print(' '.join(sorted({name.split('.')[0] for name in present})))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_everything_in_the_wheel_begins_with_our_name(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    ours = {
        "viahe_rules",
        "viahe_detector",
        "viahe_models",
        "viahe_api",
        "viahe_samples",
    }
    assert ours <= tops
    assert {top for top in tops - ours if not top.startswith("viahe-")} == set()


def test_the_wheel_carries_what_programs_read(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    for wanted in (
        r"viahe_models/weights/street/int8/model\.bin",
        r"viahe_models/weights/street/card\.json",
        r"viahe_api/web/templates/.+\.html",
        r"viahe_api/web/static/.+\.css",
        r"viahe_api/web/locale/vi/LC_MESSAGES/viahe\.po",
        r"viahe_api/migrations/versions/.+\.py",
        r"viahe_rules/py\.typed",
    ):
        assert any(re.fullmatch(wanted, name) for name in names), wanted
    assert not [name for name in names if name.endswith((".pt", ".mp4", ".jpg"))]


def imported_by(package: str) -> set[str]:
    """Top-level modules in memory once every module of the package is, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", TREE_OF, package], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_rules_import_the_standard_library_alone() -> None:
    foreign = imported_by("viahe_rules") - set(sys.stdlib_module_names) - {"viahe_rules"}
    assert {name for name in foreign if not name.startswith("_")} == set()


@pytest.mark.parametrize(
    ("package", "heavy"),
    [
        ("viahe_api", {"cv2", "av", "openvino", "torch", "numpy", "ultralytics"}),
        (
            "viahe_detector",
            {"torch", "ultralytics", "fastapi", "sqlalchemy", "nncf", "openvino_telemetry"},
        ),
    ],
)
def test_a_slim_install_imports_nothing_heavy(package: str, heavy: set[str]) -> None:
    assert imported_by(package) & heavy == set()


LOOKING_WITHOUT_A_NETWORK = """
import socket
def refused(*arguments):
    raise AssertionError(f'a connection to {arguments[1:]}')
socket.socket.connect = socket.socket.connect_ex = refused
import numpy, viahe_detector.inference
network = viahe_detector.inference.Network.open('street')
network.detect(numpy.zeros((540, 960, 3), numpy.uint8))
"""


def test_looking_connects_to_nobody() -> None:
    command = [sys.executable, "-c", LOOKING_WITHOUT_A_NETWORK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def declared(extra: str) -> set[str]:
    """The distributions an extra installs, those it depends on included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: set[str] = set()
    waiting = list(project["optional-dependencies"][extra])
    while waiting:
        requirement = waiting.pop()
        match = re.match(r"[A-Za-z0-9_.-]+", requirement)
        assert match is not None
        name = match.group().lower().replace("_", "-")
        if name in found or "extra ==" in requirement:
            continue
        found.add(name)
        try:
            waiting += metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
    return found


def test_an_api_host_installs_neither_video_nor_networks() -> None:
    heavy = {"opencv-python", "opencv-python-headless", "av", "openvino", "torch", "numpy"}
    assert declared("api") & heavy == set()


def test_a_detector_host_installs_no_torch_and_the_headless_opencv() -> None:
    installed = declared("detector")
    assert "opencv-python-headless" in installed
    assert installed & {"torch", "opencv-python", "ultralytics", "fastapi"} == set()


def test_only_the_headless_opencv_is_installed_for_the_tests() -> None:
    installed = {dist.metadata["Name"].lower() for dist in metadata.distributions()}
    assert "opencv-python" not in installed
