"""Text of an export as UTF-8: whole, in memory, or of a file chunk by chunk."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from tiktok_segments.export.compression import GZIP, check_size
from tiktok_segments.export.encoding import (
    decode_as_cp1252,
    describe_bad_byte,
    first_bad_byte,
    guess_encoding,
    to_utf8,
)
from tiktok_segments.export.records import NotStreamableError

CHUNK = 2**22
"""Bytes that are read at a time."""
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
        self.path = path
        self.chunk = chunk
        with path.open("rb") as file:
            self._packed = file.read(2) == GZIP
        self.name = path.name.removesuffix(".gz") if self._packed else path.name
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
        blocks = self._blocks()
        head = next(blocks, b"")
        mark, encoding = guess_encoding(head)
        if encoding == "utf-8":
            yield head[len(mark) :]
            yield from blocks
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        yield decoder.decode(head[len(mark) :]).encode()
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()

    def _blocks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            if not self._packed:
                while block := file.read(self.chunk):
                    yield block
                return
            with gzip.GzipFile(fileobj=file) as stream:
                size = self.path.stat().st_size
                while block := stream.read(self.chunk):
                    yield block
                    check_size(stream.tell(), size, self.path.name)

    def _as_utf8(self, piece: bytes) -> bytes:
        first = first_bad_byte(piece)
        position = self._position
        self._position += len(piece)
        if first is not None:
            if not self.warnings:
                line = self.lines + piece.count(b"\n", 0, first) + 1
                at = position + first
                self.warnings.append(describe_bad_byte(self.name, piece[first], at, line))
            piece = decode_as_cp1252(piece)
        self.quotes += piece.count(b'"')
        self.lines += piece.count(b"\n")
        self.holds_nul = self.holds_nul or b"\0" in piece
        return piece


Text = WholeText | TextFile
"""Where a reader of text takes it from."""
