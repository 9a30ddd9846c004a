"""Evidence goes when its time is over, and not a day before; what people decided stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from tests.api.house import CLIP, NOON, House, a_suspicion, digest, sign_in
from viahe_api import cases, handling, integrity, legal_holds, queries, second_looks, second_reviews
from viahe_api.cli import main
from viahe_api.errors import FormFault, NotFound, NotUndoable, RetentionEnded, RoleNeeded
from viahe_api.evidence_removal import Removed, remove_due_evidence
from viahe_api.handling import Outcome
from viahe_api.period_address import read_period
from viahe_api.report_reading import viewer_report
from viahe_api.retention_reading import case_kept, set_rule, wards_kept
from viahe_api.second_reviews import Sampling
from viahe_api.tables import AuditEntry, EvidenceRemoval, Ward
from viahe_api.vocabulary import CaseState, Handling, Keeping, Verdict
from viahe_rules.domain import Act

ALL = Sampling(100.0, "x")


def after(house: House, days: float) -> None:
    """Go on to that many days after noon of the first day."""
    house.clock.now = NOON + timedelta(days=days)


def remove(house: House) -> tuple[Removed, ...]:
    return remove_due_evidence(house.database, house.store, now=house.now)


def decide(house: House, code: str, verdict: Verdict, **said: Any) -> int:
    with house.database.writing() as session:
        return cases.decide(
            session,
            house.viewer("lan"),
            code,
            verdict,
            form_id=cases.new_form_id(),
            now=house.now,
            **said,
        ).id


def hand_over(house: House, code: str) -> None:
    with house.database.writing() as session:
        form_id = cases.new_form_id()
        handling.hand_over(session, house.viewer("duc"), code, form_id=form_id, now=house.now)


def record(house: House, code: str, step: Handling) -> None:
    with house.database.writing() as session:
        handling.record_outcome(
            session,
            house.viewer("duc"),
            code,
            Outcome(step),
            form_id=cases.new_form_id(),
            now=house.now,
        )


def hold(house: House, code: str, reason: str = "Đang có khiếu nại", login: str = "duc") -> None:
    with house.database.writing() as session:
        legal_holds.place_hold(session, house.viewer(login), code, reason, now=house.now)


def is_there(house: House, code: str) -> bool:
    return house.store.case_file("tay-ho", code, "clip.mp4").is_file()


def state_of(house: House, code: str) -> CaseState:
    with house.database.reading() as session:
        return queries.case_detail(session, house.viewer("lan"), code, now=house.now).state


def test_what_nobody_decided_is_kept_thirty_days_and_then_removed(house: House) -> None:
    code = house.report()
    after(house, 30)
    assert remove(house) == ()
    assert is_there(house, code)
    after(house, 31)
    (gone,) = remove(house)
    assert (gone.case, gone.keeping, gone.files) == (code, Keeping.UNREVIEWED, 4)
    assert not is_there(house, code)
    assert state_of(house, code) is CaseState.EXPIRED
    assert remove(house) == ()


@pytest.mark.parametrize(
    ("verdict", "said", "days"),
    [
        (Verdict.REJECT, {"reason": "1"}, 7),
        (Verdict.REJECT, {"reason": "8"}, 30),
        (Verdict.MORE, {}, 30),
        (Verdict.CONFIRM, {}, 731),
    ],
    ids=["no violation", "insufficient", "more wanted", "confirmed: two years of use"],
)
def test_each_decision_has_its_own_time(
    house: House, verdict: Verdict, said: dict[str, Any], days: int
) -> None:
    code = house.report()
    decide(house, code, verdict, **said)
    before = state_of(house, code)
    after(house, days)
    assert remove(house) == ()
    after(house, days + 1)
    assert [gone.case for gone in remove(house)] == [code]
    assert state_of(house, code) in (before, CaseState.EXPIRED)
    assert (state_of(house, code) is CaseState.EXPIRED) == (verdict is Verdict.MORE)


def test_an_encroachment_is_of_use_for_one_year_whatever_is_done_with_it(house: House) -> None:
    code = house.report(a_suspicion(act=Act.ENCROACHMENT))
    decide(house, code, Verdict.CONFIRM)
    after(house, 300)
    hand_over(house, code)
    record(house, code, Handling.REMINDED)
    after(house, 365)
    assert remove(house) == ()
    after(house, 366)
    assert [gone.keeping for gone in remove(house)] == [Keeping.REMINDED]
    assert state_of(house, code) is CaseState.SUFFICIENT


def test_a_reminder_keeps_the_evidence_for_a_year(house: House) -> None:
    code = house.report()
    decide(house, code, Verdict.CONFIRM)
    hand_over(house, code)
    after(house, 10)
    record(house, code, Handling.REMINDED)
    after(house, 10 + 365)
    assert remove(house) == ()
    after(house, 10 + 366)
    assert [gone.keeping for gone in remove(house)] == [Keeping.REMINDED]


def test_what_waits_for_a_second_look_is_kept_until_it_was_seen(house: House) -> None:
    code = house.report()
    decide(house, code, Verdict.REJECT, reason="1", sampling=ALL)
    after(house, 20)
    assert remove(house) == ()
    with house.database.writing() as session:
        second_looks.give_opinion(
            session, house.viewer("minh"), code, Verdict.REJECT, reason="1", now=house.now
        )
    assert [gone.case for gone in remove(house)] == [code]


def test_nobody_is_asked_to_look_a_second_time_at_what_was_removed(house: House) -> None:
    code = house.report()
    decide(house, code, Verdict.REJECT, reason="1", sampling=ALL)
    after(house, 31)
    assert [gone.case for gone in remove(house)] == [code]
    with house.database.reading() as session:
        assert second_reviews.count_waiting(session, house.viewer("minh")) == 0


def test_a_hold_keeps_evidence_until_it_is_lifted(house: House) -> None:
    code = house.report()
    hold(house, code)
    hold(house, code, "again")
    after(house, 4000)
    assert remove(house) == ()
    with house.database.reading() as session:
        kept = case_kept(session, house.viewer("duc"), code, now=house.now)
    assert kept.hold is not None
    assert (kept.hold.reason, kept.hold.by) == ("Đang có khiếu nại", "Lê Đức")
    with house.database.writing() as session:
        legal_holds.lift_hold(session, house.viewer("duc"), code, now=house.now)
    assert [gone.case for gone in remove(house)] == [code]
    with pytest.raises(RetentionEnded):
        hold(house, code)


def test_only_an_approver_says_so_and_why(house: House) -> None:
    code = house.report()
    for login, error in (("lan", RoleNeeded), ("an", NotFound), ("hoa", NotFound)):
        with pytest.raises(error):
            hold(house, code, login=login)
    with pytest.raises(FormFault):
        hold(house, code, "  ")


def test_what_somebody_has_open_does_not_go_from_under_the_eyes(house: House) -> None:
    code = house.report()
    after(house, 31)
    with house.database.writing() as session:
        cases.open_case(session, house.viewer("lan"), code, now=house.now)
    assert remove(house) == ()
    house.clock.advance(181)
    assert [gone.case for gone in remove(house)] == [code]


def test_a_removal_is_counted_logged_and_no_integrity_error(house: House) -> None:
    code = house.report()
    with house.database.reading() as session:
        november = read_period("2026-11")
        before = viewer_report(session, house.viewer("thu"), november, now=house.now).figures
    after(house, 31)
    remove(house)
    with house.database.reading() as session:
        after_it = viewer_report(session, house.viewer("thu"), november, now=house.now).figures
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "case.evidence_removed")
        ).one()
    assert after_it.counts == before.counts
    assert (entry.actor, entry.object, entry.detail["before"]) == (
        "system",
        f"case:{code}",
        "waiting",
    )
    assert set(entry.detail["files"]) == {
        "clip.mp4",
        "still_act.jpg",
        "overlay.json",
        "manifest.json",
    }
    assert integrity.verify_evidence(house.database, house.store, now=house.now).faults == ()


def test_a_run_that_was_killed_is_finished_by_the_next(house: House) -> None:
    code = house.report()
    folder = house.store.case_file("tay-ho", code, "clip.mp4").parent
    kept_aside = {path.name: path.read_bytes() for path in folder.iterdir()}
    after(house, 31)
    remove(house)
    folder.mkdir()
    for name, content in kept_aside.items():
        (folder / name).write_bytes(content)
    with house.database.writing() as session:
        session.execute(text("UPDATE evidence_removal SET erased_at = NULL"))
    remove(house)
    assert not folder.exists()
    with house.database.reading() as session:
        assert session.scalars(select(EvidenceRemoval)).one().erased_at == house.now


def test_a_decision_without_evidence_is_refused_and_none_is_undone(house: House) -> None:
    waiting, rejected = house.report(), house.report(a_suspicion("key-2"))
    decision = decide(house, rejected, Verdict.REJECT, reason="1")
    after(house, 31)
    assert {gone.case for gone in remove(house)} == {waiting, rejected}
    with pytest.raises(RetentionEnded):
        decide(house, waiting, Verdict.CONFIRM)
    with house.database.writing() as session, pytest.raises(NotUndoable):
        cases.undo(session, house.viewer("lan"), decision, now=house.now)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Chưa lưu: trường hợp đã hết thời hạn lưu trữ. Ghi chú được giữ lại."),
        ("en", "Not saved: retention of this case has ended. Note kept."),
    ],
)
def test_a_page_left_open_says_that_retention_has_ended(
    client: TestClient, house: House, language: str, sentence: str
) -> None:
    code = house.report()
    after(house, 31)
    remove(house)
    client.cookies.set("language", language)
    sign_in(client, "lan")
    token = client.get("/queue").text.split('name="csrf" value="')[1].split('"')[0]
    said = client.post(
        f"/cases/{code}/confirm", data={"csrf": token, "form_id": "f1", "note": "Túi <b>đen</b>"}
    )
    assert said.status_code == 410
    assert sentence in said.text
    assert "Túi &lt;b&gt;đen&lt;/b&gt;" in said.text
    assert "22/12/2026" not in said.text  # kept to its last day
    assert "23/12/2026" in said.text
    assert client.get(f"/media/cases/{code}/clip.mp4").status_code == 410


def test_a_detectors_second_sending_is_acknowledged_and_brings_nothing_back(
    client: TestClient, house: House
) -> None:
    code = house.report()
    after(house, 31)
    remove(house)
    again = client.put(
        "/api/v1/suspicions/key-1/files/clip.mp4",
        content=CLIP,
        headers={"Authorization": f"Bearer {house.token()}"},
    )
    assert (again.status_code, again.json()) == (200, {"sha256": digest(CLIP), "missing": []})
    assert not is_there(house, code)


def test_a_ward_sets_its_own_time_and_the_old_one_stays_on_file(house: House) -> None:
    mine, other = house.report(), house.report(ward="hong-ha")
    with house.database.writing() as session:
        ward_id = session.scalars(select(Ward.id).where(Ward.code == "tay-ho")).one()
        stage, source = (Keeping.UNREVIEWED, None), "Quy chế của phường"
        set_rule(session, house.viewer("an"), ward_id, stage, (0, 10), source, now=house.now)
        for login, error in (("lan", RoleNeeded), ("quan", NotFound)):
            with pytest.raises(error):
                set_rule(
                    session, house.viewer(login), ward_id, stage, (0, 9), source, now=house.now
                )
        for lasts in ((0, 0), (-1, 5), (121, 0), (0, 367)):
            with pytest.raises(FormFault):
                set_rule(session, house.viewer("an"), ward_id, stage, lasts, source, now=house.now)
    after(house, 11)
    assert [gone.case for gone in remove(house) if gone.ward == "tay-ho"] == [mine]
    after(house, 30)
    assert remove(house) == ()
    after(house, 31)
    assert [(gone.ward, gone.case) for gone in remove(house)] == [("hong-ha", other)]
    with house.database.reading() as session:
        (ward,) = wards_kept(session, house.viewer("an"), now=house.now)
    rule = ward.stages[0].rule
    assert rule is not None
    assert (rule.days, rule.source, rule.verified_by) == (10, source, None)
    assert [line.code for line in ward.removals] == [mine]


def test_the_administrator_reads_and_sets_periods_on_one_page(
    client: TestClient, house: House
) -> None:
    house.report()
    after(house, 24)
    sign_in(client, "an")
    page = client.get("/retention")
    assert "Nghị định 168/2024/NĐ-CP" in page.text
    assert "Chưa kiểm chứng" in page.text
    assert "1 trường hợp sẽ được xóa trong 7 ngày tới" in page.text
    ward_id = page.text.split('action="/retention/')[1].split('"')[0]
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    typed = {
        "csrf": token,
        "keeping": "unreviewed",
        "months": "",
        "days": "x",
        "rests_on": "Quy chế",
    }
    wrong = client.post(f"/retention/{ward_id}", data=typed)
    assert wrong.status_code == 400
    assert "Nhập số nguyên" in wrong.text
    assert 'value="Quy chế"' in wrong.text
    saved = client.post(f"/retention/{ward_id}", data={**typed, "days": "45"})
    assert "45 ngày" in saved.text
    assert "của phường, từ 16/12/2026" in saved.text
    for login in ("lan", "duc", "thu"):
        assert sign_in(client, login).get("/retention").status_code == 403


def test_the_page_of_a_case_says_until_when(client: TestClient, house: House) -> None:
    code = house.report(a_suspicion(act=Act.ENCROACHMENT))
    page = sign_in(client, "lan").get(f"/cases/{code}").text
    assert "lưu đến 22/12/2026" in page
    assert "đến 22/11/2027" in page
    decide(house, code, Verdict.CONFIRM)
    after(house, 350)
    page = sign_in(client, "duc").get(f"/cases/{code}").text
    assert "Chứng cứ còn giá trị sử dụng 15 ngày (đến 22/11/2027)." in page
    token = page.split('name="csrf" value="')[1].split('"')[0]
    held = client.post(
        f"/cases/{code}/hold", data={"csrf": token, "reason": "<script>x</script>"}
    ).text
    assert "&lt;script&gt;x&lt;/script&gt;" in held
    after(house, 400)
    assert (
        "Chứng cứ đã hết giá trị sử dụng sau ngày 22/11/2027."
        in sign_in(client, "duc").get(f"/cases/{code}").text
    )


def test_a_timer_may_remove_it_and_say_before_what_would_go(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with house.database.reading() as session:
        assert session.scalars(select(Ward)).all()
    start = datetime.now(UTC) - timedelta(days=40)
    house.clock.now = start
    code = house.report(start_at=start)
    (house.settings.data / "secret").write_text(house.settings.secret)
    asked = ["retention", "--data", str(house.settings.data)]
    assert main([*asked, "--preview"]) == 0
    assert f"tay-ho {code}: unreviewed" in capsys.readouterr().out
    assert is_there(house, code)
    assert main(asked) == 0
    assert "1 cases, " in capsys.readouterr().out
    assert not is_there(house, code)
