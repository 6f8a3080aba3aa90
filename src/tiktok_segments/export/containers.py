"""Which container a file is, told from its first bytes, never from its name."""

from __future__ import annotations

import re

from tiktok_segments.errors import InputError
from tiktok_segments.export.delimited import read_delimited
from tiktok_segments.export.encoding import to_utf8
from tiktok_segments.export.json_records import read_json
from tiktok_segments.export.parquet import read_parquet
from tiktok_segments.export.records import Records, Select

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
KNOWN_BINARY = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or a locked workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"SQLite format 3": "an SQLite database",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}
_SUPPORTED = "Give CSV, TSV, JSON, JSON Lines, Parquet or .xlsx, plain, gzip or zip."


def read_container(data: bytes, name: str, select: Select, sheet: str | None) -> Records:
    """Read one unpacked file.

    Parameters
    ----------
    data : bytes
        The file's contents, gzip and zip already undone.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read.
    sheet : str or None
        Sheet of a workbook.

    Returns
    -------
    Records
        Unparsed columns and the records' lines.

    Raises
    ------
    InputError
        If the file is empty or of no known kind.
    """
    if not data:
        raise InputError(f"{name} is empty.\nExport it again.")
    if data.startswith(b"PAR1"):
        return read_parquet(data, name, select)
    if data.startswith(b"PK\x03\x04"):
        from tiktok_segments.export.workbook import read_workbook  # a tenth of a second

        return read_workbook(data, name, select, sheet)
    for magic, kind in KNOWN_BINARY.items():
        if data.startswith(magic):
            raise InputError(f"{name} is {kind}, which is not read.\n{_SUPPORTED}")
    text, warnings = to_utf8(data, name)
    check_text(text, name)
    read = read_json if text.lstrip()[:1] in (b"{", b"[") else read_delimited
    records = read(text, name, select)
    records.warnings.extend(warnings)
    return records


def check_text(text: bytes, name: str) -> None:
    """Refuse what is no text of an export, by its beginning.

    Raises
    ------
    InputError
        If it is blank, a web page, or full of control characters.
    """
    if not text.strip():
        raise InputError(f"{name} holds nothing but blanks.\nExport it again.")
    if text.lstrip()[:1] == b"<":
        raise InputError(f"{name} is a web page or XML, not an export.\n{_SUPPORTED}")
    head = text[: 2**16]
    control = _CONTROL.search(head)
    # A few of them are damage in some rows; many are no text at all.
    if control and len(_CONTROL.findall(head)) > max(8, 0.02 * len(head)):
        line = head.count(b"\n", 0, control.start()) + 1
        raise InputError(
            f"{name} is not text: byte 0x{control.group()[0]:02X} at line {line}.\n{_SUPPORTED}"
        )
