"""The report in a page of plain sentences, to be read out at a meeting or over loudspeakers.

In the official register and in Vietnamese alone; streets and groups are named, nobody is.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from viahe_api.exports.document import write_document_text
from viahe_api.exports.heading import wards_said
from viahe_api.exports.narrative import compared, handled
from viahe_api.exports.portable import write_portable_text
from viahe_api.figures import COMPARABLE, Figures
from viahe_api.language import Language, local
from viahe_api.periods import PeriodKind
from viahe_api.report import Report
from viahe_api.web.period_words import period_name
from viahe_api.web.wording import ACTS

TITLE = "BẢN TÓM TẮT ĐỂ ĐỌC"
PLACES_NAMED = 3


def heading_of(report: Report, language: Language) -> tuple[str, str]:
    """Whose counts, and of when."""
    figures = report.figures
    name = period_name(figures.period, language)
    if figures.period.kind is PeriodKind.CUT_OFF_MONTH:
        name += " theo kỳ chốt"
    days = (language.day(day) for day in (figures.period.first, figures.period.last))
    return (
        wards_said(figures, language),
        f"{name} (từ ngày {next(days)} đến hết ngày {next(days)})",
    )


def read_out(report: Report, language: Language) -> tuple[str, ...]:
    """The sentences, a paragraph each. Coverage comes first: it says what the rest is worth."""
    figures = report.figures
    return (
        _seen(figures, language),
        _found(figures, language),
        *compared(figures, language),
        *_where(figures, language),
        handled(figures, language),
        *_lost(figures, language),
        _standing(report),
    )


def write_reading(report: Report, ending: str, language: Language, path: Path) -> None:
    """Write the page as docx or pdf. Raises TotalsDisagree."""
    report.summaries(language)
    write = {"docx": write_document_text, "pdf": write_portable_text}[ending]
    write(TITLE, heading_of(report, language), read_out(report, language), path)


def _seen(figures: Figures, language: Language) -> str:
    n, hours = language.number, figures.hours
    if hours.coverage is None:
        return "Trong kỳ không có camera hoạt động."
    said = (
        f"Trong kỳ có {n(figures.cameras_on_duty)} camera hoạt động, ghi nhận được "
        f"{n(hours.seen)} giờ trên {n(hours.expected)} giờ, đạt {n(hours.coverage * 100, 1)} %; "
        f"mất tín hiệu {n(hours.lost)} giờ."
    )
    if hours.coverage < COMPARABLE:
        said += " Do camera hoạt động dưới 80 % thời gian, số liệu có thể chưa phản ánh đầy đủ."
    return said


def _found(figures: Figures, language: Language) -> str:
    n, counts = language.number, figures.counts
    acts = " và ".join(
        f"{n(act.counts.sufficient)} trường hợp {_lowered(language.gettext(ACTS[act.act]))}"
        for act in figures.acts
    )
    return (
        f"Trên địa bàn ghi nhận {n(counts.recorded)} trường hợp nghi vi phạm. Qua xem xét, cán bộ "
        f"xác định {n(counts.sufficient)} trường hợp đủ căn cứ, gồm {acts}. Còn lại "
        f"{n(counts.insufficient)} trường hợp không đủ căn cứ, {n(counts.not_violation)} trường "
        f"hợp không vi phạm, {n(counts.duplicate)} trường hợp trùng lặp và "
        f"{n(counts.in_verification)} trường hợp đang xác minh."
    )


def _where(figures: Figures, language: Language) -> Iterator[str]:
    """The streets with most sufficient grounds, of many wards the wards, and the hour: never a
    house, never a person."""
    where, called = Counter[str](), "Tuyến phố"
    if figures.folded:
        called = "Phường, xã"
        for camera in figures.cameras:
            where[camera.ward] += camera.counts.sufficient
    else:
        for place in figures.places:
            if place.street:
                where[place.street] += place.sufficient
    worst = [(name, count) for name, count in where.most_common(PLACES_NAMED) if count]
    if worst:
        named = "; ".join(f"{name} ({language.number(count)} trường hợp)" for name, count in worst)
        yield f"{called} có nhiều trường hợp đủ căn cứ: {named}."
    hours = Counter[int]()
    for found in figures.hours_of_week:
        hours[found.hour % 24] += found.counts.sufficient
    ((hour, count),) = hours.most_common(1) or [(0, 0)]
    if count:
        yield (
            f"Khung giờ có nhiều trường hợp đủ căn cứ nhất: từ {hour} giờ đến "
            f"{hour + 1} giờ ({language.number(count)} trường hợp)."
        )


def _lost(figures: Figures, language: Language) -> Iterator[str]:
    if figures.counts.integrity_errors:
        yield (
            f"Có {language.number(figures.counts.integrity_errors)} trường hợp lỗi toàn vẹn dữ "
            "liệu, không tính vào số liệu."
        )


def _standing(report: Report) -> str:
    moment = report.locked_at or report.figures.taken_at
    said = local(moment).strftime("%H giờ %M phút ngày %d/%m/%Y")
    if report.locked_at is None:
        return f"Số liệu chưa chốt, lấy lúc {said} và có thể thay đổi."
    return f"Số liệu đã chốt lúc {said}."


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
