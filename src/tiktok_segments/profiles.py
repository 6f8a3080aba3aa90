"""Read a profile export into canonical columns, every value still the text of the file."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.files import sha256_of
from tiktok_segments.schema import COLUMNS

ALIASES = {
    "awg_engagement_rate": "engagement_rate",
    "like_engagement_rate": "like_rate",
    "comment_engagement_rate": "comment_rate",
    "videos_count": "videos",
    "timestamp": "collected_at",
}
"""Names of the published file's columns, to canonical names."""


@dataclass(frozen=True)
class Export:
    """A profile export as read, nothing dropped yet.

    Attributes
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Canonical columns that the file has, as text; ``line`` is the record's number in the file,
        the header being 1.
    source : str
        Absolute path of the file.
    sha256 : str
        SHA-256 of the file's bytes.
    """

    frame: pd.DataFrame
    source: str
    sha256: str


def read_profiles(path: Path) -> Export:
    """Read an export in CSV with the published file's columns, or the canonical ones.

    Parameters
    ----------
    path : Path
        The export. Relative paths count from the current folder.

    Returns
    -------
    Export
        The rows in the file's order.

    Raises
    ------
    InputError
        If there is no such file, it is a folder, empty, not a CSV in UTF-8, or lacks the columns
        every use needs (``account_id`` and ``followers``).
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; data.path= takes one CSV file.")
    if not path.is_file():
        raise InputError(
            f"There is no file {path}.\n"
            "Give data.path=FILE, or download the published profiles: python scripts/fetch_data.py"
        )
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        raise InputError(f"{path} is empty.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}).") from None
    except (pd.errors.ParserError, csv.Error) as error:
        raise InputError(f"{path} is not a well-formed CSV: {error}") from None
    frame = frame.rename(columns=ALIASES)
    missing = [name for name in ("account_id", "followers") if name not in frame]
    if missing:
        raise InputError(
            f"{path} has no column {' and no column '.join(missing)}.\n"
            f"Its columns are: {', '.join(frame.columns[:12])}."
        )
    if frame.empty:
        raise InputError(f"{path} has a header but no rows.")
    frame = frame[[name for name in COLUMNS if name in frame]]
    frame.insert(0, "line", range(2, len(frame) + 2))
    return Export(frame=frame, source=str(path.resolve()), sha256=sha256_of(path))
