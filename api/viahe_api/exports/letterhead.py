"""The fixed words around an official document, as Decree 30/2020/NĐ-CP sets them.

Number, day, names and signature are for the office to fill in: nothing here signs or seals.
"""

from dataclasses import dataclass

from viahe_api.report import Report
from viahe_api.vocabulary import Authority

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
DAY = "…………, ngày      tháng      năm         "
KIND = "BÁO CÁO"
RECIPIENTS = ("Nơi nhận:", "- …………………;", "- Lưu: VT.")
ANNEX = "PHỤ LỤC"
UNITS = {"PHƯỜNG": "P", "XÃ": "X"}
"""What a ward is called first, and how numbers of its police abbreviate it."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose document it is: `body` and `office` stand above it, `number` is its place for one,
    `signature` the lines above the place of the signature."""

    body: str
    office: str
    number: str
    signature: tuple[str, ...]


def letterhead_of(report: Report) -> Letterhead:
    """That of the committee, or of the police where it governs the ward. Where several wards are
    counted together dots stand for the office, to be filled in."""
    wards = report.figures.wards
    office = wards[0].name.upper() if len(wards) == 1 else "…………………"
    if report.authority is not Authority.POLICE:
        signature = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
        return Letterhead("ỦY BAN NHÂN DÂN", office, "Số:         /BC-UBND", signature)
    unit = office.split()[0] if len(wards) == 1 else ""
    number = f"Số:         /BC-CA{UNITS.get(unit, '')}"
    head = f"TRƯỞNG CÔNG AN {unit}" if unit in UNITS else "TRƯỞNG CÔNG AN"
    return Letterhead("CÔNG AN", office, number, (head,))
