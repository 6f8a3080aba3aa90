"""Outcome of reading and cleaning: what was matched, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tiktok_segments.cells.texts import as_strings
from tiktok_segments.containers.records import Place, Records, rejections
from tiktok_segments.errors import InputError
from tiktok_segments.export.faults import FaultyCells
from tiktok_segments.export.matching import Matching
from tiktok_segments.schema import COLUMNS, READABLE, REQUIRED

SHOWN = 3
"""How many of a file's first rows are shown as they are."""

KEY = "account_key"
"""A column that tells accounts apart: the hashes of their ids."""

BOOKKEEPING = ("line", "source_rows", "file", KEY)
"""Columns of an export's frame that tell where a row comes from, and whose it is."""


@dataclass(frozen=True)
class Matches:
    """What was matched to what.

    Parameters
    ----------
    columns : mapping of str to str
        Canonical column to the file's own column.
    unmatched : tuple of str
        The file's columns that serve nothing.
    per_video : bool
        Whether the file has one row per video.
    units : mapping of str to str
        Column of numbers to its unit in the file, and what says so.
    about : tuple of str
        What the file is, and where its columns' names stand.
    before : DataFrame of shape (n_shown, n_columns)
        The first rows as they are in the file, as texts in canonical columns.
    """

    columns: Mapping[str, str]
    unmatched: tuple[str, ...]
    per_video: bool
    units: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    before: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False)


def name_matches(
    names: Sequence[str], matching: Matching, head: Records | None, place: Place
) -> Matches:
    """Return what was matched, by the columns' own names.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    matching : Matching
        Which of them is which.
    head : Records or None
        The first records, where they may be shown.
    place : Place
        What the file is, and where its columns' names stand.
    """
    used = {position for claim in matching.positions.values() for position in claim}
    before = {
        canonical: as_strings(head.columns[claim[0]].slice(0, SHOWN)).to_pandas().astype(object)
        for canonical, claim in matching.positions.items()
        if head is not None
    }
    return Matches(
        {canonical: names[claim[0]] for canonical, claim in matching.positions.items()},
        tuple(name for position, name in enumerate(names) if position not in used),
        matching.per_video,
        {name: unit for name, unit in matching.units.items() if name in matching.positions},
        (f"It is {place.kind}.", f"The columns' names stand in {place.where}."),
        pd.DataFrame(before).fillna(""),
    )


@dataclass(frozen=True)
class Export:
    """One export, read.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns that the file has or that follow from it (numbers as float64 with NaN
        for missing), and where each row comes from: ``line`` (see Records.lines), ``source_rows``
        (input rows merged into it; 1 unless the file has a row per video) and, for several
        files, ``file``.
    rejected : DataFrame
        Rows left out so far: line, account, rule, value (and file, for several files).
    matches : Matches
        The columns' names in the file.
    derived : tuple of str
        Formulas used for columns that the file lacks.
    warnings : tuple of str
        What a reader should know.
    rows : int
        Input rows: those of the frame's ``source_rows`` and the rejected ones.
    sha256 : str
        Of the file's bytes as they lie on disk; for several files of their sorted hashes.
    source : str
        Absolute path.
    faults : tuple of FaultyCells
        Cells left empty in columns that no row is rejected for.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    matches: Matches
    derived: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rows: int = 0
    sha256: str = ""
    source: str = ""
    faults: tuple[FaultyCells, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether no cell is missing or wrong, whichever columns are needed."""
        judged = [
            name for name, column in COLUMNS.items() if not (column.nullable or column.required)
        ]
        given = [name for name in judged if name in self.frame]
        about = self.rejected["rule"].str.rsplit(" ", n=1).str[-1]
        return not (
            self.faults
            or self.frame[given].isna().to_numpy().any()
            or about.isin(READABLE.keys() - set(REQUIRED)).any()
        )

    @classmethod
    def of(cls, frame: pd.DataFrame, *, source: str, sha256: str = "") -> Export:
        """Wrap a frame that is canonical already, such as synthetic profiles.

        Parameters
        ----------
        frame : DataFrame
            Canonical columns; one row per account. Not changed.
        source : str
            What to call it.
        sha256 : str
            Its digest.

        Returns
        -------
        Export
            Lines are the rows' numbers, from 1.
        """
        names = {str(name): str(name) for name in frame.columns}
        numbered = frame.reset_index(drop=True)
        numbered = numbered.assign(line=np.arange(1, len(frame) + 1), source_rows=1)
        rejected = rejections([], [], "")
        matches = Matches(names, (), False)
        return cls(numbered, rejected, matches, rows=len(frame), sha256=sha256, source=source)


@dataclass(frozen=True)
class Cleaned:
    """The clean frame and what became of every input row.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns in their dtypes, one row per account, index 0 to n-1. A column with
        missing values, which no account needs, is of ``Int64`` or ``boolean``.
    rejected : DataFrame
        line, account, rule, value of every row that was bad; from reading and from cleaning.
    filtered : dict of str to int
        Input rows that a filter took away, by filter.
    summary : DataFrame
        rule, rows: ``input`` first, then ``kept``, ``filtered: ...`` and ``rejected: ...``, which
        add up to it.
    warnings : tuple of str
        Columns treated as absent.
    keys : ndarray of uint64, shape (n_accounts,), or None
        The hashes of the accounts' ids, where an export beyond memory is looked through by them
        for accounts that come twice.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    filtered: Mapping[str, int]
    summary: pd.DataFrame
    warnings: tuple[str, ...] = ()
    keys: np.ndarray | None = None


def nothing_left(
    source: str, summary: pd.DataFrame, examples: Mapping[str, str] | None = None
) -> InputError:
    """Return the error for an export of which no account is left.

    Parameters
    ----------
    source : str
        The export, and the line of its first bad row where that is known.
    summary : DataFrame
        As in :class:`Cleaned`.
    examples : mapping of str to str, optional
        What a row held that a rule rejects, by rule.

    Returns
    -------
    InputError
        Names what took most rows.
    """
    why = summary.iloc[2:].nlargest(1, "rows")
    reason = f"{why.rule.iloc[0]} ({why.rows.iloc[0]:,} rows)" if len(why) else "no row"
    example = (examples or {}).get(reason.partition(" (")[0].removeprefix("rejected: "))
    reason += f", as in {example!r}" if example else ""
    advice = "Check that the right columns were matched (data.columns.NAME=COLUMN) and the filter."
    if "ambiguous " in reason:
        advice = 'Say what the decimal mark of its numbers is: data.decimal="," or data.decimal="."'
    return InputError(
        f"{source}: none of {summary.rows.iloc[0]:,} rows is left. Most: {reason}.\n{advice}"
    )


def require_accounts(export: Export, cleaned: Cleaned) -> None:
    """Refuse to go on when nothing is left.

    Raises
    ------
    InputError
        If no account is in the clean frame; names what took most rows.
    """
    if not len(cleaned.frame):
        most = cleaned.summary.iloc[2:].nlargest(1, "rows")["rule"].str.removeprefix("rejected: ")
        lines = cleaned.rejected.loc[cleaned.rejected["rule"].isin(most), "line"].head(1)
        where = "".join(f", line {line:,}" for line in lines)
        given = cleaned.rejected[cleaned.rejected["value"] != ""].drop_duplicates("rule")
        examples = dict(zip(given["rule"], given["value"], strict=True))
        raise nothing_left(f"{export.source}{where}", cleaned.summary, examples)


def with_used(summary: pd.DataFrame, outliers: int, used: int) -> pd.DataFrame:
    """Return the table of cleaning with the accounts left out as outliers, and those used."""
    left = pd.DataFrame({"rule": ["outliers left out", "accounts used"], "rows": [outliers, used]})
    return pd.concat([summary, left], ignore_index=True)
