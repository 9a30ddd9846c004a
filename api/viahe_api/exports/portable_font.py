"""The face PDF files are set in: Source Serif Pro, under the OFL, from the package of that name.

Chosen by its letters: Liberation Serif, free and cut to the widths of the decree's Times New
Roman, has no ễ, ộ or ư. Source Serif's italics lack them too, so nothing is set in italics.
"""

from importlib.resources import files

from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

FACE, BOLD = "SourceSerif", "SourceSerif-Bold"


def register_font() -> None:
    """Make both faces known to the library, which keeps them for the process; harmless again."""
    folder = files("font_source_serif_pro") / "files"
    for name, file in ((FACE, "SourceSerifPro-Regular.ttf"), (BOLD, "SourceSerifPro-Bold.ttf")):
        registerFont(TTFont(name, str(folder / file)))
    registerFontFamily(FACE, normal=FACE, bold=BOLD, italic=FACE, boldItalic=BOLD)
