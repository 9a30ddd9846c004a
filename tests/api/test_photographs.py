"""What people send as a photo: told by its bytes, shown without where it was taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.photos import (
    MAKER,
    PLACE,
    a_photo,
    from_a_telephone,
    picture_of,
    turned_to_be_seen,
)
from viahe_api.errors import FormFault
from viahe_api.photographs import LARGEST_PHOTO, read_photograph

KINDS = ("jpg", "png", "webp")
FAULTS = {"not_a_photo", "photo_damaged", "photo_too_wide"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_has_the_picture_and_not_the_place(kind: str) -> None:
    came = from_a_telephone(kind)
    assert PLACE in came
    assert MAKER in came
    photo = read_photograph(came)
    assert photo.original == came
    assert PLACE not in photo.shown
    assert MAKER not in photo.shown
    assert np.array_equal(picture_of(photo.shown), picture_of(came))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_taken_on_its_side_is_still_shown_upright(orientation: int) -> None:
    came = from_a_telephone("jpg", orientation=orientation)
    assert turned_to_be_seen(read_photograph(came).shown) == turned_to_be_seen(came)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_with_nothing_around_it_stays_as_it_is(kind: str) -> None:
    came = a_photo(kind)
    assert read_photograph(came).shown == came


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\0 a program", b"%PDF-1.7", b"GIF89a", b"<svg onload='x'>", b"\0\0\0 ftypheic"],
)
def test_a_renamed_file_is_refused(content: bytes) -> None:
    with pytest.raises(FormFault) as refused:
        read_photograph(content)
    assert refused.value.fault == "not_a_photo"


@pytest.mark.parametrize("kind", KINDS)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_photo_that_ends_early_is_refused(kind: str, share: float) -> None:
    whole = a_photo(kind)
    with pytest.raises(FormFault) as refused:
        read_photograph(whole[: int(len(whole) * share)])
    assert refused.value.fault in FAULTS


@given(kind=st.sampled_from(KINDS), at=st.integers(0, 4000), value=st.integers(0, 255))
def test_whatever_a_byte_becomes_the_answer_is_a_photo_or_a_refusal(
    kind: str, at: int, value: int
) -> None:
    content = bytearray(from_a_telephone(kind))
    content[at % len(content)] = value
    assert fault_of(bytes(content)) in FAULTS | {None}


def test_a_photo_of_a_few_bytes_that_would_unpack_to_gigabytes_is_refused() -> None:
    png = bytearray(a_photo("png"))
    png[16:20] = (60_000).to_bytes(4, "big")
    with pytest.raises(FormFault):
        read_photograph(bytes(png))
    jpeg = a_photo("jpg")
    at = jpeg.index(b"\xff\xc0")
    wide = jpeg[: at + 5] + b"\xff\xff\xff\xff" + jpeg[at + 9 :]
    with pytest.raises(FormFault) as refused:
        read_photograph(wide)
    assert refused.value.fault == "photo_too_wide"


def test_a_photo_has_its_size() -> None:
    with pytest.raises(FormFault) as refused:
        read_photograph(b"\xff\xd8\xff" + bytes(LARGEST_PHOTO))
    assert refused.value.fault == "photo_too_large"


def fault_of(content: bytes) -> str | None:
    """The word a photo is refused by, None if it is taken."""
    try:
        read_photograph(content)
    except FormFault as refused:
        return refused.fault
    return None
