"""The parts of a form with files, one after the other as its bytes come."""

from abc import ABC, abstractmethod

from python_multipart.multipart import MultipartParser, parse_options_header


def boundary_of(content_type: str) -> bytes:
    """What separates the parts; empty for what is no form with files."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary", b"") if kind == b"multipart/form-data" else b""


class FormParts(ABC):
    """Reads each part's header, `name` and `is_file`, and hands its content on."""

    def __init__(self) -> None:
        self._field = self._value = self._disposition = b""
        self.name, self.is_file = "", False

    def parser(self, boundary: bytes) -> MultipartParser:
        """To write the body to; raises MultipartParseError for what is no form."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": lambda data, start, end: self.take(data[start:end]),
                "on_part_end": self.end,
            },
        )

    @abstractmethod
    def begin(self) -> None:
        """A part begins, whose name is known by now."""

    @abstractmethod
    def take(self, content: bytes) -> None:
        """Some of the part's content."""

    @abstractmethod
    def end(self) -> None:
        """The part is over."""

    def _part_begin(self) -> None:
        self._field = self._value = self._disposition = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        self.is_file = b"filename" in options
        self.begin()
