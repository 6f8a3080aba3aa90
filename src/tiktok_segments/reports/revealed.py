"""A table or page of pseudonyms turned back into handles, by whoever has the key and the export.

A pseudonym cannot be computed back. The handles of the export are hashed anew, and looked up.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from tiktok_segments.accounts import open_accounts
from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.privacy import Pseudonyms, find_key
from tiktok_segments.accounts.privacy.pseudonyms import FORM
from tiktok_segments.errors import InputError, reason
from tiktok_segments.files import whole_file, write_whole
from tiktok_segments.segments.choice.side_tables import read_texts, workbook_errors
from tiktok_segments.spreadsheet import write_table

ENDINGS = (".csv", ".xlsx", ".parquet", ".html")


@dataclass(frozen=True)
class Revealed:
    """What became of the pseudonyms of a file.

    Attributes
    ----------
    output : Path
        The file with handles.
    handles : int
        Different pseudonyms whose handle is in the export.
    unknown : int
        Those whose is not; they stay as they are.
    """

    output: Path
    handles: int
    unknown: int


def reveal_file(
    file: Path, output: Path, config: Mapping[str, Any], tell: Callable[[str], None]
) -> Revealed:
    """Write a file anew, with handles in place of pseudonyms.

    Parameters
    ----------
    file : Path
        Ends in one of :data:`ENDINGS`.
    output : Path
        Ends likewise; appears whole or not at all.
    config : mapping
        ``data`` names the export, or a folder of them, in which the accounts are.
    tell : callable
        Called with one short text per step.

    Returns
    -------
    Revealed
        How many were found.

    Raises
    ------
    InputError
        If the key is not at hand, the export or the file cannot be read, it holds no pseudonym, or
        none of the export's accounts.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS or output.suffix.lower() != ending:
        raise InputError(
            f"{file.name} to {output.name}: both must end alike, in one of {', '.join(ENDINGS)}."
        )
    known = _handles(config, tell)
    found: set[str] = set()

    def handle_of(text: str) -> str:
        found.update(FORM.findall(text))
        return FORM.sub(lambda match: known.get(match[0], match[0]), text)

    try:
        write = _READERS[ending](file, handle_of)
    except (OSError, ValueError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {reason(error)}.") from None
    revealed = sum(name in known for name in found)
    if not found:
        raise InputError(f"{file} holds no pseudonym.")
    if not revealed:
        raise InputError(
            f"None of the {len(found):,} pseudonyms in {file.name} is of an account of this export "
            f"under the key {find_key().id}.\nName the export that they are of: data.path=FILE"
        )
    write(output)
    return Revealed(output, revealed, len(found) - revealed)


def _handles(config: Mapping[str, Any], tell: Callable[[str], None]) -> dict[str, str]:
    """Return the handle of every account of the export, by its pseudonym."""
    pseudonyms = Pseudonyms(find_key())
    plain = {**config, "data": {**config["data"], "pseudonyms": None}}
    with TemporaryDirectory() as folder:
        accounts = open_accounts(plain, folder=Path(folder), progress=tell, needed=())
        while True:
            known: dict[str, str] = {}
            try:
                for cleaned in accounts.batches():
                    handles = cleaned.frame["account_id"].tolist()
                    known.update(zip(pseudonyms.of(handles), handles, strict=True))
                return known
            except UnsettledError:
                continue  # the export is read again, with what the whole of it told


Replace = Callable[[str], str]
Write = Callable[[Path], object]


def _csv(file: Path, replace: Replace) -> Write:
    table = read_texts(file).map(replace)
    return lambda output: write_table(table, output)


def _workbook(file: Path, replace: Replace) -> Write:
    with workbook_errors():
        book = openpyxl.load_workbook(file)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = replace(cell.value)
    content = io.BytesIO()
    book.save(content)
    return lambda output: write_whole(output, content.getvalue())


def _parquet(file: Path, replace: Replace) -> Write:
    frame = pyarrow.parquet.read_table(file).to_pandas()
    for name in frame.select_dtypes(["object", "str"]):
        frame[name] = pd.Series(
            [replace(cell) if isinstance(cell, str) else cell for cell in frame[name]],
            index=frame.index,
            dtype=object,
        )

    def write(output: Path) -> None:
        with whole_file(output) as opened:
            pyarrow.parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), opened)

    return write


def _page(file: Path, replace: Replace) -> Write:
    """Replace within HTML: in its text, its attributes, and the data of its scripts."""
    text = file.read_text(encoding="utf-8")
    told = FORM.sub(lambda match: html.escape(replace(match[0])), text)
    return lambda output: write_whole(output, told)


_READERS: dict[str, Callable[[Path, Replace], Write]] = {
    ".csv": _csv,
    ".xlsx": _workbook,
    ".parquet": _parquet,
    ".html": _page,
}
