"""Bytes in whatever encoding people have, as UTF-8."""

from __future__ import annotations

import codecs
import re

from tiktok_segments.containers.charset import WESTERN, Charset, recognise
from tiktok_segments.errors import InputError, reason

CHUNK = 2**22
"""Bytes that are read and looked at at a time."""
MARK = "\ufeff"
"""A byte order mark, decoded."""
_MOJIBAKE = "cp1252 for bytes that are not UTF-8"
_UNREADABLE = "\ufffd".encode()


def to_utf8(data: bytes, name: str, charset: Charset | None = None) -> tuple[bytes, list[str]]:
    """Decode by byte order mark, else as UTF-8, else as the encoding that is said or likeliest.

    Parameters
    ----------
    data : bytes
        A text file's contents.
    name : str
        The file's name, for messages.
    charset : Charset, optional
        Their encoding; recognised by default.

    Returns
    -------
    text : bytes
        UTF-8 without a byte order mark.
    warnings : list of str
        Names the encoding where it is not Unicode, and the first byte that was not of it.

    Raises
    ------
    InputError
        If the data are not in the encoding that the user says, or end within a character of UTF-16
        or UTF-32.

    Examples
    --------
    >>> to_utf8("naïve".encode("cp1252"), "x.csv")[0].decode()
    'naïve'
    """
    charset = charset or recognise(data)
    data = data[len(charset.mark) :]
    if is_mended(charset):
        mended, warnings = mend(data, name)
        return mended, advise(warnings, charset)
    try:
        text = data.decode(charset.encoding, on_errors(charset)).removeprefix(MARK)
    except UnicodeDecodeError as error:
        raise _undecodable(error, charset, name) from None
    utf8 = text.encode(errors="replace")
    return utf8, told(charset, name) + lost(utf8, charset, name)


def is_mended(charset: Charset) -> bool:
    """Whether a text is UTF-8, or read as such with Western bytes for those that are not.

    So UTF-8 further on is read as what it is, whatever the beginning of a file looks like.
    """
    return charset.encoding in ("utf-8", WESTERN) and charset.why != "said"


def on_errors(charset: Charset) -> str:
    """Return what a decoder does with a byte that is not of the encoding."""
    return "replace" if charset.why == "recognised" else "strict"


def told(charset: Charset, name: str) -> list[str]:
    """Tell the encoding where it was recognised; :func:`mend` tells which bytes are Western."""
    if charset.why != "recognised" or is_mended(charset):
        return []
    return advise([f"{name} is not UTF-8: read as {charset.encoding}"], charset)


def advise(warnings: list[str], charset: Charset) -> list[str]:
    """Add to warnings how to say another encoding, where it was recognised."""
    advice = "; data.encoding=NAME says another" if charset.why == "recognised" else ""
    return [warning + advice for warning in warnings]


def lost(text: bytes, charset: Charset, name: str, line: int = 1) -> list[str]:
    """Name the line of the first byte that the recognised encoding does not have."""
    first = text.find(_UNREADABLE) if charset.why == "recognised" else -1
    if first < 0:
        return []
    on_line = line + text.count(b"\n", 0, first)
    return [f"{name}, line {on_line:,}: bytes that are not {charset.encoding} are shown as \ufffd"]


def _undecodable(error: UnicodeDecodeError, charset: Charset, name: str) -> InputError:
    if charset.why != "said":
        return InputError(
            f"{name} is damaged as {charset.encoding} text ({reason(error)}).\n"
            "Export it again as UTF-8."
        )
    before = error.object[: error.start].decode(charset.encoding, errors="replace")
    on_line = before.count("\n") + 1
    return InputError(
        f"{name}, line {on_line:,}: byte 0x{error.object[error.start]:02X} is not "
        f"{charset.encoding}, which data.encoding says.\n"
        "Say another encoding, or leave data.encoding out to have it recognised."
    )


def mend(data: bytes, name: str, position: int = 0, line: int = 1) -> tuple[bytes, list[str]]:
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


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", errors="replace"), error.end


# Half of a surrogate pair is no character and cannot be stored; pairs and other escapes stay.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..|[^u])", re.DOTALL)


def without_half_pairs(text: str) -> str:
    r"""Replace escapes in JSON of what is no character and could not be stored.

    Examples
    --------
    >>> print(without_half_pairs(r'"\ud83d x"'))
    "\ufffd x"
    """
    return _ESCAPE.sub(_without_half_pair, text)


def _without_half_pair(escape: re.Match[str]) -> str:
    return r"\ufffd" if len(escape.group()) == 6 else escape.group()
