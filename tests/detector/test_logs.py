"""What a running detector writes down: for a person, for a program, and never a credential."""

import io
import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viahe_detector.logs import LastLines, Lines, Objects, kept, without_credentials
from viahe_detector.logs import written as written_to

SIGNS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/?#"), min_size=8
)
ADDRESS = "rtsp://admin:Mat-Khau-9@192.0.2.7:554/live"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(message: str, *args: object, as_json: bool = True, **about: object) -> str:
    stream = io.StringIO()
    with written_to(stream, "json" if as_json else "text", ("cam-1", "cam-2")):
        logging.getLogger("viahe_detector.capture").warning(message, *args, extra=about)
    return stream.getvalue()


@pytest.mark.parametrize("message", ["camera %s: no packets", "%s: no packets"])
def test_a_line_about_a_camera_names_it_in_a_field(message: str) -> None:
    told = json.loads(written(message, "cam-2"))
    assert told["camera"] == "cam-2"
    assert told["message"] == message % "cam-2"
    assert (told["level"], told["logger"]) == ("warning", "viahe_detector.capture")
    assert told["at"].endswith("Z")


def test_runs_and_keys_are_fields_too() -> None:
    run = "r-20261122T120230.122"
    told = json.loads(written("camera cam-1: jumped after run %s", run, key="4f1c"))
    assert (told["camera"], told["run"], told["key"]) == ("cam-1", run, "4f1c")


def test_what_only_looks_like_a_camera_is_none() -> None:
    assert "camera" not in json.loads(written("metrics: 127.0.0.1 cannot be listened at"))


def test_every_line_is_one_object_whatever_the_message_holds() -> None:
    lines = written("two\nlines, “quoted” and %s", "đường").splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["two\nlines, “quoted” and đường"]


@pytest.mark.parametrize("as_json", [True, False])
def test_no_password_is_written_in_messages_or_tracebacks(as_json: bool) -> None:
    stream = io.StringIO()
    with written_to(stream, "json" if as_json else "text", ()):
        try:
            raise OSError(f"{ADDRESS} cannot be opened")
        except OSError:
            logging.getLogger("x").exception("camera cam-1: %s refused", ADDRESS)
    said = stream.getvalue()
    assert said.count("rtsp://192.0.2.7:554/live") == 2
    assert "admin" not in said
    assert "Mat-Khau-9" not in said


@given(user=SIGNS, password=SIGNS)
def test_whatever_signs_a_password_holds_it_is_taken_out_of_a_sentence(
    user: str, password: str
) -> None:
    said = without_credentials(f"camera cam-1: rtsp://{user}:{password}@192.0.2.7/live is gone")
    assert said == "camera cam-1: rtsp://192.0.2.7/live is gone"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rtsp://u:pass/word@192.0.2.7/live", "rtsp://192.0.2.7/live"),
        ("http://192.0.2.7:8000/a@b", "http://192.0.2.7:8000/a@b"),
        (
            "open rtsp://192.0.2.7/live?user=a&password=b now",
            "open rtsp://192.0.2.7/live?user=***&password=*** now",
        ),
        ("nobody@example.org wrote", "nobody@example.org wrote"),
    ],
)
def test_what_is_no_credential_stays(text: str, said: str) -> None:
    assert without_credentials(text) == said


@pytest.mark.parametrize(
    ("stream", "wanted", "as_json"),
    [
        (io.StringIO(), "auto", True),
        (Terminal(), "auto", False),
        (Terminal(), "json", True),
        (io.StringIO(), "text", False),
    ],
)
def test_a_person_is_written_lines_and_a_program_objects(
    stream: io.StringIO, wanted: str, as_json: bool
) -> None:
    with written_to(stream, wanted, ()):
        logging.getLogger("x").info("ready")
    assert stream.getvalue().startswith("{") is as_json


def test_lines_kept_while_a_table_is_shown_are_written_afterwards(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = LastLines(2)
    with written_to(sys.stderr, "text", ()), kept(lines, instead_of_writing=True):
        for number in range(3):
            logging.getLogger("x").info("line %d", number)
        assert capsys.readouterr().err == ""
    assert [line.split(" I ")[1] for line in lines.lines()] == ["line 1", "line 2"]
    assert capsys.readouterr().err.count("line") == 2


def test_lines_go_on_being_written_where_nobody_looks_at_a_table() -> None:
    stream, lines = io.StringIO(), LastLines(9)
    with written_to(stream, "json", ("cam-1",)), kept(lines, instead_of_writing=False):
        logging.getLogger("x").info("cam-1: ready")
    assert json.loads(stream.getvalue())["camera"] == "cam-1"
    assert len(lines.lines()) == 1


def test_afterwards_everything_is_handled_as_before() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with written_to(io.StringIO(), "json", (), verbose=True), kept(LastLines(1), True):
        assert root.level == logging.DEBUG
    assert (root.handlers, root.level) == (before, level)


def test_both_forms_stand_for_themselves() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "cam-1: %s", (ADDRESS,), None)
    assert Lines().format(record).endswith("I cam-1: rtsp://192.0.2.7:554/live")
    assert json.loads(Objects({"cam-1"}).format(record))["camera"] == "cam-1"
