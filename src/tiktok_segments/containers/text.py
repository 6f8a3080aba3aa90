"""Text of an export as UTF-8: whole or chunk by chunk."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tiktok_segments.containers.charset import SAMPLE, Charset, Judge, recognise
from tiktok_segments.containers.encoding import (
    CHUNK,
    MARK,
    advise,
    is_mended,
    lost,
    mend,
    on_errors,
    to_utf8,
    told,
)
from tiktok_segments.containers.records import NotStreamableError
from tiktok_segments.containers.sources import GZIP, check_size

_LONGEST = 64  # chunks of a file within which a line must end


class WholeText:
    """A text in memory, which is one chunk.

    Parameters
    ----------
    data : bytes
        A text file's contents.
    name : str
        The file's name, for messages.
    said : str, optional
        The encoding that the user says.
    judge : callable, optional
        How well a text names known columns, where its encoding is to be recognised.

    Attributes
    ----------
    text : bytes
        UTF-8 without a byte order mark and without line ends behind the last line.
    lines : int
        Line ends.
    holds_nul : bool
        Whether there is a NUL byte.
    warnings : list of str
        What a reader should know.
    read_as : str
        Names the encoding where it is not Unicode, for messages.

    Raises
    ------
    InputError
        If the data are not in the encoding that the user says, or end within a character of UTF-16
        or UTF-32.
    """

    chunk = CHUNK

    def __init__(
        self, data: bytes, name: str, said: str | None = None, judge: Judge | None = None
    ) -> None:
        self.name = name
        charset = recognise(data, said, judge)
        text, self.warnings = to_utf8(data, name, charset)
        self.read_as, self.encoding = charset.shown(), charset.encoding
        self.text: bytes = text.rstrip(b"\r\n")
        self.lines = self.text.count(b"\n")
        self.holds_nul = b"\0" in self.text

    def chunks(self) -> Iterator[bytes]:
        """Give the text."""
        yield self.text

    def beginning(self) -> bytes:
        """Return the text."""
        return self.text


class TextFile:
    """The text of a file, plain or gzip, chunk by chunk.

    Parameters
    ----------
    path : Path
        The file.
    chunk : int
        Bytes to read at a time.
    said : str, optional
        The encoding that the user says.
    judge : callable, optional
        How well a text names known columns, where its encoding is to be recognised.

    Attributes
    ----------
    text : None
        It is never in memory as a whole.
    lines : int
        Line ends among the chunks given so far.
    holds_nul : bool
        Whether there is a NUL byte among them.
    warnings : list of str
        What a reader should know of them.
    read_as : str
        Names the encoding where it is not Unicode, for messages.
    """

    text = None

    def __init__(
        self,
        path: Path,
        chunk: int = CHUNK,
        said: str | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.path, self.chunk = path, chunk
        self._said, self._judge = said, judge
        self._charset: Charset | None = None
        self.name = path.name.removesuffix(".gz") if is_gzip(path) else path.name
        self._restart()

    @property
    def read_as(self) -> str:
        """Name the encoding where it is not Unicode; known after the first chunk."""
        return self._charset.shown() if self._charset else ""

    @property
    def encoding(self) -> str:
        """The encoding, as Python calls it; known after the first chunk."""
        return self._charset.encoding if self._charset else ""

    def _restart(self) -> None:
        self.lines = self._position = 0
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
        for block in self._decoded():
            pending += block
            cut = pending.rfind(b"\n") + 1
            if cut:
                yield self._as_utf8(pending[:cut])
                pending = pending[cut:]
            elif len(pending) > _LONGEST * self.chunk:
                raise NotStreamableError("a line is too long")
        if pending:
            yield self._as_utf8(pending)

    def beginning(self) -> bytes:
        """Return the first block as UTF-8, wherever it ends; as :meth:`chunks` where damaged."""
        return next(self._decoded(), b"")

    def _decoded(self) -> Iterator[bytes]:
        """Blocks without a mark; of UTF-8 as they are, of anything else as UTF-8."""
        try:
            if self._charset is None:
                head = next(read_blocks(self.path, SAMPLE), b"")
                self._charset = recognise(head, self._said, self._judge)
            charset = self._charset
            self.warnings += told(charset, self.name)
            blocks = read_blocks(self.path, self.chunk)
            blocks = chain([next(blocks, b"")[len(charset.mark) :]], blocks)
            if is_mended(charset):
                yield from blocks
                return
            texts = codecs.iterdecode(blocks, charset.encoding, on_errors(charset))
            first = next(texts, "").removeprefix(MARK)
            yield from (text.encode(errors="replace") for text in chain([first], texts))
        except (OSError, EOFError, zlib.error, UnicodeError) as error:
            raise NotStreamableError(str(error)) from error

    def _as_utf8(self, piece: bytes) -> bytes:
        charset = self._charset or Charset("utf-8")
        n_told = len(told(charset, self.name))
        if is_mended(charset):
            text, warnings = mend(piece, self.name, self._position, self.lines + 1)
            warnings = advise(warnings, charset)
        else:
            text, warnings = piece, lost(piece, charset, self.name, self.lines + 1)
        self._position += len(piece)
        if len(self.warnings) == n_told:
            self.warnings += warnings
        self.lines += text.count(b"\n")
        self.holds_nul = self.holds_nul or b"\0" in text
        return text


Text = WholeText | TextFile
"""Where a reader of text takes it from."""


def is_gzip(file: Path) -> bool:
    """Whether a file's contents are packed by gzip."""
    with file.open("rb") as opened:
        return opened.read(2) == GZIP


def read_blocks(file: Path, size: int) -> Iterator[bytes]:
    """Read a file block by block, gzip undone.

    Parameters
    ----------
    file : Path
        The file.
    size : int
        Bytes to read at a time.

    Yields
    ------
    bytes
        The next block.

    Raises
    ------
    InputError
        If the data unpack beyond what is safe.
    OSError, EOFError, zlib.error
        If the file cannot be read, or is damaged.
    """
    packed = file.stat().st_size
    with gzip.open(file) if is_gzip(file) else file.open("rb") as opened:
        while block := opened.read(size):
            yield block
            if isinstance(opened, gzip.GzipFile):
                check_size(opened.tell(), packed, file.name)
