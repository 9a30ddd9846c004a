"""The report's narrative: what the figures say in sentences, and room for what they cannot.

The wording is the official register's and stands in Vietnamese alone.
"""

from collections.abc import Iterator

from viahe_api.cells import Cell
from viahe_api.counts import Counts, change
from viahe_api.exports.said import NOTHING
from viahe_api.figures import Figures, PlaceFigures, Uncompared
from viahe_api.language import Language
from viahe_api.report import Report
from viahe_api.web.period_words import period_name
from viahe_api.web.wording import ACTS

BLANK = "……………………………………………………………………"
"""For the officer to write in."""
PLACES_NAMED = 5


def subject_of(report: Report, language: Language) -> str:
    """What the report is about, as under its title."""
    days = (language.day(day) for day in (report.figures.period.first, report.figures.period.last))
    return (
        "Kết quả phát hiện, xử lý hành vi đổ rác thải bừa bãi và lấn chiếm vỉa hè, lòng đường "
        f"qua camera, {_lowered(period_name(report.figures.period, language))} "
        f"(từ ngày {next(days)} đến ngày {next(days)})"
    )


def told(report: Report, language: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Headings of the four parts, each with its paragraphs."""
    figures = report.figures
    yield "I. Tình hình chung", tuple(_situation(figures, language))
    yield "II. Kết quả phát hiện, xử lý", tuple(_results(report, language))
    yield "III. Tồn tại, hạn chế, nguyên nhân", tuple(_shortcomings(figures, language))
    yield "IV. Phương hướng, kiến nghị", (BLANK, BLANK)


def _situation(figures: Figures, language: Language) -> Iterator[str]:
    hours, n = figures.hours, language.number
    coverage = NOTHING if hours.coverage is None else f"{n(hours.coverage * 100, 1)} %"
    yield (
        f"Trong kỳ có {n(figures.cameras_on_duty)} camera hoạt động; số giờ phải hoạt động "
        f"{n(hours.expected, 1)} giờ, số giờ thực tế ghi nhận {n(hours.seen, 1)} giờ "
        f"({coverage}), số giờ mất tín hiệu {n(hours.lost, 1)} giờ."
    )


def _results(report: Report, language: Language) -> Iterator[str]:
    figures, n = report.figures, language.number
    counts = figures.counts
    yield (
        f"Hệ thống ghi nhận {n(counts.recorded)} trường hợp; sau khi cán bộ xem xét: "
        f"{_of(counts, language)}."
    )
    for act in figures.acts:
        yield (
            f"- {language.gettext(ACTS[act.act])}: ghi nhận {n(act.counts.recorded)} trường hợp, "
            f"đủ căn cứ {n(act.counts.sufficient)} trường hợp."
        )
    yield from compared(figures, language)
    worst = [place for place in figures.places if place.repeats][:PLACES_NAMED]
    if worst:
        named = "; ".join(
            f"{_called(place, figures)} ({_lowered(language.gettext(ACTS[place.act]))}, "
            f"{n(place.repeats)} lần)"
            for place in worst
        )
        yield f"Vị trí tái vi phạm nhiều: {named}."
    yield handled(figures, language)
    yield (
        "Phát hiện tính theo thời điểm xảy ra hành vi; xử lý tính theo ngày xử lý. Chi tiết tại "
        "Biểu 01 đến Biểu 04 kèm theo; danh sách trường hợp (Biểu 05) kèm theo bằng bảng tính."
    )


def _called(place: PlaceFigures, figures: Figures) -> str:
    """Cameras of several wards are often called the same."""
    ward = f", {_lowered(place.ward)}" if place.ward and len(figures.wards) > 1 else ""
    return f"{place.camera}, khu vực {place.zone}{ward}"


def handled(figures: Figures, language: Language) -> str:
    """What came of cases in the period, and the sums of money."""
    n, outcomes = language.number, [act.outcomes for act in figures.acts]
    reminded = sum(outcome.reminded for outcome in outcomes)
    committed = sum(outcome.committed for outcome in outcomes)
    drawn_up = sum(outcome.drawn_up for outcome in outcomes)
    sanctioned = sum(outcome.sanctioned for outcome in outcomes)
    fined = sum(outcome.fined_dong for outcome in outcomes)
    paid = sum(outcome.paid_dong for outcome in outcomes)
    return (
        f"Kết quả xử lý trong kỳ: nhắc nhở {n(reminded)} trường hợp, ký cam kết {n(committed)}, "
        f"lập biên bản {n(drawn_up)}, quyết định xử phạt {n(sanctioned)} với số tiền "
        f"{n(fined)} đồng, đã nộp {n(paid)} đồng."
    )


def _of(counts: Counts, language: Language) -> str:
    n = language.number
    return (
        f"{n(counts.sufficient)} đủ căn cứ, {n(counts.insufficient)} không đủ căn cứ, "
        f"{n(counts.not_violation)} không vi phạm, {n(counts.duplicate)} trùng lặp, "
        f"{n(counts.in_verification)} đang xác minh"
    )


def compared(figures: Figures, language: Language) -> Iterator[str]:
    """Sufficient grounds against the period before and the same period of the year before, a
    sentence each, or why they are not compared. Where both are one period it is said once."""
    if figures.uncompared_with_previous is Uncompared.RUNNING:
        yield "Kỳ chưa kết thúc: chưa so sánh với kỳ trước và với cùng kỳ năm trước."
        return
    now = figures.counts.sufficient
    if figures.previous != figures.year_before:
        before = sum(act.previous.sufficient for act in figures.acts)
        yield _against("kỳ trước", figures.uncompared_with_previous, now, before, language)
    before = sum(act.year_before.sufficient for act in figures.acts)
    last_year = "cùng kỳ năm trước"
    yield _against(last_year, figures.uncompared_with_year_before, now, before, language)


def _against(
    other: str, uncompared: Uncompared | None, now: int, before: int, language: Language
) -> str:
    if uncompared:
        return f"Số giờ camera của kỳ này hoặc {other} dưới 80 %: không so sánh với {other}."
    if now == before:
        return f"Số trường hợp đủ căn cứ bằng {other} ({language.number(before)})."
    share = change(now, before)
    said = "" if share is None else f" ({language.number(abs(share) * 100, 1)} %)"
    way, to = ("tăng", "lên") if now > before else ("giảm", "xuống")
    return (
        f"So với {other}, số trường hợp đủ căn cứ {way} từ {language.number(before)} {to} "
        f"{language.number(now)} trường hợp{said}."
    )


def _shortcomings(figures: Figures, language: Language) -> Iterator[str]:
    weak, names = figures.weak_cameras
    if weak:
        yield (
            f"Có {language.number(weak)} camera hoạt động dưới 80 % thời gian: "
            f"{', '.join(names[:10])}."
        )
    yield from counting(figures, language)
    yield BLANK


def counting(figures: Figures, language: Language) -> dict[str, Cell]:
    """Sentences that say of how many cases something is wrong, and which cases those are."""
    n, sentences = language.number, {}
    if figures.clocks_off:
        said = (
            f"Có {n(figures.clocks_off)} trường hợp do camera có đồng hồ chưa được đồng bộ ghi "
            "nhận: thời điểm có thể sai lệch."
        )
        sentences[said] = Cell("clocks_off")
    if figures.counts.integrity_errors:
        said = (
            f"Có {n(figures.counts.integrity_errors)} trường hợp lỗi toàn vẹn dữ liệu, không tính "
            "vào báo cáo."
        )
        sentences[said] = Cell("integrity_errors")
    return sentences


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
