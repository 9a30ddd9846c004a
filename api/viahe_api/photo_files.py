"""Photos as files of a case: the original as evidence, and beside it what may be shown."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viahe_api.photographs import Photograph
from viahe_api.store import Store
from viahe_api.tables import EvidenceFile
from viahe_api.vocabulary import FileKind

SHOWN = "_shown"


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """One file to be kept; `number` is the photo's, from 1."""

    number: int
    name: str
    kind: FileKind
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def photo_files(photos: Sequence[Photograph], named: str) -> tuple[PhotoFile, ...]:
    """Two files for each photo, called `named` and its number and hash: other bytes never take
    the place of what was kept."""
    return tuple(
        PhotoFile(number, _name(named, number, photo, tag), kind, photo.media_type, kept)
        for number, photo in enumerate(photos, start=1)
        for tag, kind, kept in (
            ("", FileKind.PHOTO_ORIGINAL, photo.original),
            (SHOWN, FileKind.PHOTO, photo.shown),
        )
    )


def _name(named: str, number: int, photo: Photograph, tag: str) -> str:
    sha256 = hashlib.sha256(photo.original).hexdigest()
    return f"{named}_{number}_{sha256[:8]}{tag}.{photo.extension}"


def original_of(shown: str) -> str:
    """The name of the original of a shown photo."""
    return shown.replace(SHOWN, "")


def row_of(photo: PhotoFile) -> EvidenceFile:
    """The row that announces a file; its bytes are not on disk yet."""
    return EvidenceFile(
        name=photo.name,
        kind=photo.kind,
        media_type=photo.media_type,
        sha256=photo.sha256,
        size=len(photo.content),
    )


def store_photos(store: Store, ward_code: str, case_code: str, photos: Iterable[PhotoFile]) -> None:
    """Put the files on disk, where the case's others are. Raises StorageFull."""
    for photo in photos:
        path = store.case_file(ward_code, case_code, photo.name)
        with store.receive(path, len(photo.content)) as incoming:
            incoming.write(photo.content)
            incoming.keep(photo.sha256)
