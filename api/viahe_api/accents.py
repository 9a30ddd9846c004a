"""Text without its accents, so that "ngo 52" finds "Ngõ 52" and "hoá" finds "hòa"."""

import unicodedata


def folded(text: str) -> str:
    """Lower case, marks removed, đ as d, runs of space as one."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
        if not unicodedata.combining(letter)
    )
    return " ".join(bare.split())
