"""The summary to read out: whole sentences, the report's own numbers, coverage, no names."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pypdf
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.crowd import settle
from tests.api.house import House, sign_in
from viahe_api.counts import Counts, Hours, Outcomes
from viahe_api.exports.narrative import told
from viahe_api.exports.reading import read_out, write_reading
from viahe_api.figures import Figures
from viahe_api.language import read_language
from viahe_api.period_address import read_period
from viahe_api.report import Report
from viahe_api.report_reading import ward_report
from viahe_api.tables import AuditEntry

VI = read_language("vi")


@pytest.fixture
def report(house: House) -> Report:
    settle(house, cases=800, cameras=3, days=64, first=datetime(2026, 9, 20, tzinfo=UTC))
    with house.database.reading() as session:
        return ward_report(session, "tay-ho", read_period("2026-11"), now=house.now)


def test_every_number_read_out_is_the_reports(report: Report) -> None:
    said, counts = " ".join(read_out(report, VI)), report.figures.counts
    assert f"ghi nhận {counts.recorded} trường hợp nghi vi phạm" in said
    assert f"{counts.sufficient} trường hợp đủ căn cứ" in said
    assert f"{counts.not_violation} trường hợp không vi phạm" in said
    assert f"{counts.in_verification} trường hợp đang xác minh" in said
    assert f"mất tín hiệu {VI.number(report.figures.hours.lost)} giờ" in said


def test_every_number_in_words_is_the_figures_own(report: Report) -> None:
    """Of the summary and of the narrative: what became of cases, outcomes, money, comparisons."""
    dumping, encroachment = (
        replace(
            act,
            counts=Counts(recorded=1_500 + n, insufficient=30 + n, duplicate=40 + n, sufficient=7),
            previous=Counts(sufficient=10 + n),
            year_before=Counts(sufficient=3),
            outcomes=Outcomes(
                reminded=11 + n,
                committed=21 + n,
                drawn_up=31 + n,
                sanctioned=41 + n,
                fined_dong=2_500_000 + n,
                paid_dong=1_000_000 + n,
            ),
        )
        for n, act in enumerate(report.figures.acts)
    )
    seen = tuple(
        replace(one, hours=Hours(one.hours.expected, one.hours.expected, 0))
        for one in report.figures.cameras
    )
    figures = replace(
        report.figures,
        acts=(dumping, encroachment),
        cameras=seen,
        hours_previous=Hours(700, 700, 0),
        hours_year_before=Hours(700, 700, 0),
        taken_at=report.figures.period.end,
    )
    found = replace(report, figures=figures)
    handled = (
        "nhắc nhở 23 trường hợp, ký cam kết 43, lập biên bản 63, quyết định xử phạt 83 với số tiền "
        "5.000.001 đồng, đã nộp 2.000.001 đồng."
    )
    against = (
        "So với kỳ trước, số trường hợp đủ căn cứ giảm từ 21 xuống 14 trường hợp (33,3 %).",
        "So với cùng kỳ năm trước, số trường hợp đủ căn cứ tăng từ 6 lên 14 trường hợp (133,3 %).",
    )
    aloud = " ".join(read_out(found, VI))
    written = " ".join(text for _, texts in told(found, VI) for text in texts)
    for said in (aloud, written):
        assert handled in said
        for sentence in against:
            assert sentence in said
    assert "14 trường hợp đủ căn cứ, gồm 7 trường hợp đổ rác thải" in aloud
    assert "Còn lại 61 trường hợp không đủ căn cứ, 0 trường hợp không vi phạm, 81" in aloud
    assert "ghi nhận 3.001 trường hợp; sau khi cán bộ xem xét: 14 đủ căn cứ, 61 không" in written
    assert "0 không vi phạm, 81 trùng lặp, 0 đang xác minh." in written


def test_coverage_comes_first_and_a_poor_one_is_said(report: Report) -> None:
    coverage = report.figures.hours.coverage
    assert coverage is not None
    assert f"đạt {VI.number(coverage * 100, 1)} %" in read_out(report, VI)[0]
    blind = replace(
        report.figures,
        cameras=tuple(
            replace(camera, hours=replace(camera.hours, seen=camera.hours.expected / 2))
            for camera in report.figures.cameras
        ),
    )
    first, _, compared, *_ = read_out(replace(report, figures=blind), VI)
    assert "dưới 80 %" in first
    assert "chưa so sánh" in compared
    over = replace(blind, taken_at=blind.period.end)
    assert "không so sánh" in read_out(replace(report, figures=over), VI)[2]


def test_it_is_sentences_in_the_register_without_anybodys_name(report: Report) -> None:
    for sentence in read_out(report, VI):
        assert sentence.endswith(".")
        assert not re.search(r"[!?]|\bbạn\b", sentence)
        for name in ("Nguyễn", "Trần", "Camera Phường", "số 12"):
            assert name not in sentence


def test_whether_the_figures_are_locked_is_said(report: Report) -> None:
    assert "chưa chốt" in read_out(report, VI)[-1]
    locked = replace(report, locked_at=datetime(2026, 12, 1, 2, 5, tzinfo=UTC), locked_by="Lê Đức")
    assert read_out(locked, VI)[-1] == "Số liệu đã chốt lúc 09 giờ 05 phút ngày 01/12/2026."


def test_nothing_seen_and_nothing_found_is_read_out_too(report: Report) -> None:
    figures: Figures = replace(report.figures, cameras=(), places=(), hours_of_week=())
    assert read_out(replace(report, figures=figures), VI)[0] == (
        "Trong kỳ không có camera hoạt động."
    )


def test_it_is_one_page_and_the_files_say_what_the_page_says(
    house: House, client: TestClient, report: Report, tmp_path: Path
) -> None:
    sentences = read_out(report, VI)
    page = sign_in(client, "thu").get("/reports/2026-11/reading").text
    for ending in ("docx", "pdf"):
        write_reading(report, ending, VI, tmp_path / f"r.{ending}")
        answer = client.get(f"/reports/2026-11/reading.{ending}")
        assert answer.status_code == 200
        assert f"tom-tat-tay-ho-2026-11.{ending}" in answer.headers["content-disposition"]
    book = pypdf.PdfReader(tmp_path / "r.pdf")
    assert len(book.pages) == 1
    pdf = " ".join(book.pages[0].extract_text().split())
    document = [p.text for p in docx.Document(str(tmp_path / "r.docx")).paragraphs]
    for sentence in sentences:
        assert sentence in page
        assert sentence in document
        assert " ".join(sentence.split()) in pdf
    assert client.get("/reports/2026-11/reading.xlsx").status_code == 422
    assert client.get("/reports/2027-01/reading").status_code == 404


def test_handing_it_out_is_audited(house: House, client: TestClient) -> None:
    sign_in(client, "thu").get("/reports/2026-11/reading.pdf")
    with house.database.reading() as session:
        newest = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
        entry = session.scalars(newest).one()
    assert (entry.action, entry.detail["file"]) == (
        "report.exported",
        "tom-tat-tay-ho-2026-11.pdf",
    )
