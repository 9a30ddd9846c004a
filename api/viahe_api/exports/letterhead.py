"""The fixed words around an official document, as Decree 30/2020/NĐ-CP sets them.

Number, day, names and signature are for the office to fill in: nothing here signs or seals.
"""

from viahe_api.report import Report

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BODY = "ỦY BAN NHÂN DÂN"
NUMBER = "Số:         /BC-UBND"
DAY = "…………, ngày      tháng      năm         "
KIND = "BÁO CÁO"
RECIPIENTS = ("Nơi nhận:", "- …………………;", "- Lưu: VT.")
SIGNATURE = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
ANNEX = "PHỤ LỤC"


def office_of(report: Report) -> str:
    """The ward in capitals; dots to be filled in where several are counted together."""
    wards = report.figures.wards
    return wards[0].name.upper() if len(wards) == 1 else "…………………"
