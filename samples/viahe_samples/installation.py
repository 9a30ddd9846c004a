"""The demo's own installation: an API and a detector on the loopback, each in its folder."""

import socket
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from .programs import CannotStart, Program, Programs

HOST = "127.0.0.1"
API_STARTS_IN_S = 60.0


def start_api(programs: Programs, data: Path, address: str) -> None:
    """Serve the API whose folder is `data/api` at the address."""
    port = address.rpartition(":")[2]
    arguments = ["serve", "--data", str(data / "api"), "--host", HOST, "--port", port]
    programs.start(Program("the API", "viahe-api", arguments, data / "api.log"))


def wait_for_api(programs: Programs, address: str) -> None:
    """Return once the API answers at the address, so that whoever is told it can open it.

    Raises CannotStart if it ends as it starts, or has not answered in a minute.
    """
    latest = time.monotonic() + API_STARTS_IN_S
    while not _answers(address):
        programs.keep_running()
        if time.monotonic() >= latest:
            raise CannotStart(f"the API does not answer at {address}: read api.log in its folder")
        time.sleep(0.1)  # a program of its own, which tells nobody but by answering


def _answers(address: str) -> bool:
    asking = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def start_detector(
    programs: Programs, data: Path, token: str, address: str, sources: dict[str, str]
) -> None:
    """Watch each source under its camera\'s name, reporting to the address."""
    configuration = data / "detector.toml"
    configuration.write_text(_configuration(address, sources), encoding="utf-8")
    environment = {"VIAHE_DEVICE_TOKEN": token, **_secrets(sources)}
    arguments = ["run", "--config", str(configuration)]
    log = data / "detector.log"
    programs.start(Program("the detector", "viahe-detector", arguments, log, environment))


def _configuration(address: str, sources: dict[str, str]) -> str:
    """The detector's file; addresses, which may hold passwords, stay in its environment."""
    lines = [
        'data = "detector"',
        'log_format = "text"',  # people read the demo's log
        "[watch]",
        "look_every_s = 1.0",  # the staged acts last seconds, not minutes
        "[api]",
        f'address = "{address}"',
        "configuration_every_s = 2.0",
        "health_every_s = 5.0",
    ]
    for number, name in enumerate(sources):
        lines += ["[[cameras]]", f'id = "{name}"', f'source = "${{VIAHE_SOURCE_{number}}}"']
    return "\n".join(lines) + "\n"


def _secrets(sources: dict[str, str]) -> dict[str, str]:
    return {f"VIAHE_SOURCE_{number}": source for number, source in enumerate(sources.values())}


def free_port(wanted: int) -> int:
    """The wanted port, or one the system names if somebody has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("viahe-demo: no port is free on the loopback")
