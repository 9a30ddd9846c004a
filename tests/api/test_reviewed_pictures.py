"""Reviewed cases handed out as pictures, for making networks better."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.api.house import FILES, NOON, House, a_suspicion
from viahe_api import audit, cases
from viahe_api.reviewed_pictures import hand_out
from viahe_api.seeding import find_ward
from viahe_api.tables import AuditEntry
from viahe_api.vocabulary import RejectReason, Verdict


def decide(house: House, key: str, verdict: Verdict, reason: str | None = None) -> None:
    with house.database.writing() as session:
        viewer = house.viewer("lan")
        cases.open_case(session, viewer, key, now=NOON)
        cases.decide(session, viewer, key, verdict, form_id=key, now=NOON, reason=reason)


def handed_out(house: House, folder: Path) -> list[dict[str, Any]]:
    with house.database.writing() as session:
        ward = find_ward(session, "tay-ho")
        count = hand_out(session, house.store, ward, folder, NOON)
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    assert count == len(lines)
    return [json.loads(line) for line in lines]


def test_what_people_said_of_a_case_goes_with_its_still_and_without_their_names(
    house: House, tmp_path: Path
) -> None:
    for key in ("key-1", "key-2", "key-3"):
        house.report(a_suspicion(key))
    decide(house, "key-1", Verdict.CONFIRM)
    decide(house, "key-2", Verdict.REJECT, RejectReason.DETECTOR_MISTAKE)
    confirmed, rejected = handed_out(house, tmp_path / "pictures")
    assert (confirmed["verdict"], confirmed["reason"]) == ("confirm", None)
    assert (rejected["verdict"], rejected["reason"]) == ("reject", "9")
    assert confirmed["camera"] == "cam-1"
    assert len(confirmed["place"]) == 4
    still = tmp_path / "pictures" / confirmed["still"]
    assert still.read_bytes() == FILES["still_act.jpg"][2]
    assert "lan" not in (tmp_path / "pictures" / "cases.jsonl").read_text(encoding="utf-8").lower()


def test_writing_into_the_pictures_leaves_the_evidence_as_it_was(
    house: House, tmp_path: Path
) -> None:
    house.report(a_suspicion("key-1"))
    decide(house, "key-1", Verdict.CONFIRM)
    (told,) = handed_out(house, tmp_path / "pictures")
    (tmp_path / "pictures" / told["still"]).write_bytes(b"drawn on")
    original = house.store.case_file("tay-ho", told["code"], "still_act.jpg")
    assert original.read_bytes() == FILES["still_act.jpg"][2]


def test_handing_out_leaves_an_audit_row(house: House, tmp_path: Path) -> None:
    assert handed_out(house, tmp_path / "pictures") == []
    with house.database.reading() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert newest is not None
        assert (newest.action, newest.actor) == ("cases.pictures", audit.COMMAND_LINE)
