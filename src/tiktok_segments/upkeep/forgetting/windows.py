"""Files of any size looked through for names, window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from tiktok_segments.upkeep.forgetting.words import Name

_BLOCK = 2**24
_OVERLAP = 2**12
"""Bytes that a window has of the one before: more than the longest name takes."""

_MARGIN = 8
"""Letters at the cut edge of a window, where what stands beside a name is not seen; its neighbour
has them within."""

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def has_letters(source: BinaryIO, accounts: Sequence[Name]) -> bool:
    """Say whether the letters of a name are anywhere in a file, as a word of their own or not."""
    return any(_encodings(window, accounts) for window, _, _ in _windows(source))


def is_named(file: Path, accounts: Sequence[Name]) -> bool:
    r"""Say whether a file's name or its bytes, packed ones as they are, name an account.

    Parameters
    ----------
    file : Path
        Of any kind.
    accounts : sequence of Name
        Whom to look for.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export = Path(folder, "june.csv")
    ...     _ = export.write_text("id;account\n1;maya_b2\n", encoding="utf-16")
    ...     is_named(export, [Name("maya_b2")]), is_named(export, [Name("maya_b")])
    (True, False)
    """
    if any(name.is_in(file.name) for name in accounts):
        return True
    with file.open("rb") as source:
        return any(
            _stands_in(window.decode(encoding, errors="replace"), accounts, first, last)
            for window, first, last in _windows(source)
            for encoding in _encodings(window, accounts)
        )


def _windows(source: BinaryIO) -> Iterator[tuple[bytes, bool, bool]]:
    """Give overlapping pieces of a file, each with whether it is the first and the last."""
    window, first = source.read(_BLOCK), True
    while window:
        block = source.read(_BLOCK)
        yield window, first, not block
        window, first = (window[-_OVERLAP:] + block if block else b""), False


def _encodings(window: bytes, accounts: Sequence[Name]) -> list[str]:
    lower = window.lower()
    return [
        encoding
        for encoding in _ENCODINGS
        if any(form.encode(encoding) in lower for name in accounts for form in name.forms)
    ]


def _stands_in(text: str, accounts: Sequence[Name], first: bool, last: bool) -> bool:
    begin = 0 if first else _MARGIN
    end = len(text) if last else len(text) - _MARGIN
    places = (place for name in accounts for place in name.places(text))
    return any(begin <= start and stop <= end for start, stop in places)
