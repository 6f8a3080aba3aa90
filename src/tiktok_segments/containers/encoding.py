"""Text of an export, in whatever encoding people have, as UTF-8: whole or chunk by chunk."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.containers.sources import is_gzip, read_blocks
from tiktok_segments.errors import InputError, reason

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHUNK = 2**22
"""Bytes that are read and looked at at a time."""
_MOJIBAKE = "cp1252 for bytes that are not UTF-8"
_LONGEST = 64
"""Chunks of a file within which a line must end."""


class WholeText:
    """A text in memory, which is one chunk.

    Parameters
    ----------
    data : bytes
        A text file's contents.
    name : str
        The file's name, for messages.

    Attributes
    ----------
    text : bytes
        UTF-8 without a byte order mark and without line ends behind the last line.
    quotes, lines : int
        Quotation marks and line ends.
    holds_nul : bool
        Whether there is a NUL byte.
    warnings : list of str
        What a reader should know.

    Raises
    ------
    InputError
        If the data end within a character of UTF-16 or UTF-32.
    """

    chunk = CHUNK

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        text, self.warnings = to_utf8(data, name)
        self.text: bytes = text.rstrip(b"\r\n")
        self.quotes = self.text.count(b'"')
        self.lines = self.text.count(b"\n")
        self.holds_nul = b"\0" in self.text

    def chunks(self) -> Iterator[bytes]:
        """Give the text."""
        yield self.text


class TextFile:
    """The text of a file, plain or gzip, chunk by chunk.

    Parameters
    ----------
    path : Path
        The file.
    chunk : int
        Bytes to read at a time.

    Attributes
    ----------
    text : None
        It is never in memory as a whole.
    quotes, lines : int
        Quotation marks and line ends among the chunks given so far.
    holds_nul : bool
        Whether there is a NUL byte among them.
    warnings : list of str
        What a reader should know of them.
    """

    text = None

    def __init__(self, path: Path, chunk: int = CHUNK) -> None:
        self.path, self.chunk = path, chunk
        self.name = path.name.removesuffix(".gz") if is_gzip(path) else path.name
        self._restart()

    def _restart(self) -> None:
        self.quotes = self.lines = self._position = 0
        self.holds_nul = False
        self.warnings: list[str] = []

    def chunks(self) -> Iterator[bytes]:
        """Give the text from its start.

        Yields
        ------
        bytes
            UTF-8 without a byte order mark; whole lines but for the end of the last chunk.

        Raises
        ------
        NotStreamableError
            If the data are damaged, or a line is too long.
        InputError
            If the data unpack beyond what is safe.
        """
        self._restart()
        pending = b""
        try:
            for block in self._decoded():
                pending += block
                cut = pending.rfind(b"\n") + 1
                if cut:
                    yield self._as_utf8(pending[:cut])
                    pending = pending[cut:]
                elif len(pending) > _LONGEST * self.chunk:
                    raise NotStreamableError("a line is too long")
        except (OSError, EOFError, zlib.error, UnicodeError) as error:
            raise NotStreamableError(str(error)) from error
        if pending:
            yield self._as_utf8(pending)

    def _decoded(self) -> Iterator[bytes]:
        """Blocks without a mark; of UTF-16 and UTF-32 as UTF-8, of anything else as they are."""
        blocks = read_blocks(self.path, self.chunk)
        head = next(blocks, b"")
        mark, encoding = _guess_encoding(head)
        blocks = chain([head[len(mark) :]], blocks)
        if encoding == "utf-8":
            return blocks
        return (text.encode() for text in codecs.iterdecode(blocks, encoding))

    def _as_utf8(self, piece: bytes) -> bytes:
        text, warnings = _mend(piece, self.name, self._position, self.lines + 1)
        self._position += len(piece)
        self.warnings = self.warnings or warnings
        self.quotes += text.count(b'"')
        self.lines += text.count(b"\n")
        self.holds_nul = self.holds_nul or b"\0" in text
        return text


Text = WholeText | TextFile
"""Where a reader of text takes it from."""


def to_utf8(data: bytes, name: str) -> tuple[bytes, list[str]]:
    """Decode by byte order mark, else as UTF-8, else byte by byte as cp1252.

    Parameters
    ----------
    data : bytes
        A text file's contents.
    name : str
        The file's name, for messages.

    Returns
    -------
    text : bytes
        UTF-8 without a byte order mark.
    warnings : list of str
        Names the first byte that was not UTF-8 and its line.

    Raises
    ------
    InputError
        If the data end within a character of UTF-16 or UTF-32.

    Examples
    --------
    >>> to_utf8("naïve".encode("cp1252"), "x.csv")[0].decode()
    'naïve'
    """
    mark, encoding = _guess_encoding(data)
    data = data[len(mark) :]
    if encoding == "utf-8":
        return _mend(data, name)
    try:
        return data.decode(encoding).encode(), []
    except UnicodeError as error:
        raise InputError(
            f"{name} is damaged as {encoding} text ({reason(error)}).\nExport it again as UTF-8."
        ) from None


def _guess_encoding(data: bytes) -> tuple[bytes, str]:
    """Return the byte order mark that data begin with, if any, and their encoding."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return mark, encoding
    return b"", _without_mark(data)


def _mend(data: bytes, name: str, position: int = 0, line: int = 1) -> tuple[bytes, list[str]]:
    """Read bytes that are not UTF-8 as cp1252, and name the first; the data start at a line."""
    first = first_bad_byte(data)
    if first is None:
        return data, []
    at, on_line = position + first, line + data.count(b"\n", 0, first)
    warning = (
        f"{name} is not UTF-8: byte 0x{data[first]:02X} at position {at:,}, line {on_line:,}; "
        "such bytes were read as cp1252"
    )
    codecs.register_error(_MOJIBAKE, _as_cp1252)
    return data.decode("utf-8", errors=_MOJIBAKE).encode(), [warning]


def first_bad_byte(data: bytes) -> int | None:
    """Position of the first byte that is not UTF-8, or None."""
    if data.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _without_mark(data: bytes) -> str:
    """Tell UTF-16 without a mark, which shows as text with every second byte zero, from UTF-8."""
    head = data[:4096]
    half = len(head) // 2
    for encoding, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, texts = head[zero::2], head[1 - zero :: 2]
        if half >= 4 and zeros.count(0) > 0.7 * half and not texts.count(0):
            return encoding
    return "utf-8"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", errors="replace"), error.end
