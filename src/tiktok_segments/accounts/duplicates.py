"""Several rows for one account: which one stays, in memory and in a file beyond it.

Of a file beyond memory each account's handle is kept as a hash of 64 bits. Rows whose hash comes
twice, the only ones that can be duplicates, are set apart on disk, in parts small enough for memory
that hold all rows of an account, and there :func:`find_duplicates` compares the handles themselves:
two handles of one hash cost a little time and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.schema import COLUMNS

PART_ROWS = 500_000
"""Rows of a part on disk, about."""

SORTED_AT_ONCE = 10_000_000
"""Hashes that are sorted at once, about: sorting takes as much memory again, twice."""


def find_duplicates(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Mark every row of an account but one.

    The newest by ``collected_at`` stays; without times, or among equal ones, the last.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns and ``line``.

    Returns
    -------
    rule : ndarray of str, shape (n_rows,)
        ``identical duplicate``, ``older duplicate``, ``contradictory duplicate`` where no time says
        which is older, or empty for the row that stays.
    value : ndarray of str, shape (n_rows,)
        The line of the row that stays, why where no time says it, and the columns that disagree.

    Examples
    --------
    >>> frame = pd.DataFrame({"account_id": ["a", "a"], "followers": [1, 2], "line": [2, 3]})
    >>> [part.tolist() for part in find_duplicates(frame)]
    [['contradictory duplicate', ''], ['line 3, the last, is kept; it differs in followers', '']]
    """
    rule = np.full(len(frame), "", dtype=object)
    value = np.full(len(frame), "", dtype=object)
    repeated = frame["account_id"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return rule, value
    names = [name for name in frame if name in COLUMNS]
    group = frame[repeated].reset_index(drop=True)
    order = (
        group.sort_values("collected_at", kind="stable", na_position="first")
        if ("collected_at" in group)
        else group
    )
    stays = order.drop_duplicates("account_id", keep="last")
    winner = pd.Series(stays.index, index=stays["account_id"]).loc[group["account_id"]].to_numpy()
    kept = group.loc[winner].reset_index(drop=True)
    differs = pd.DataFrame(
        {n: (group[n] != kept[n]) & ~(group[n].isna() & kept[n].isna()) for n in names}
    )
    disagrees = differs.any(axis=1).to_numpy()
    loses = winner != np.arange(len(group))
    where = np.flatnonzero(repeated)
    older, dated = _compare_times(group, kept)
    contradicts = disagrees & ~older
    why = np.where(contradicts, np.where(dated, ", the dated one,", ", the last,"), "")
    text: pd.Series = "line " + kept["line"].astype(str) + why + " is kept"
    listed = differs.astype(int).dot(
        pd.Series([f", {n}" for n in names], index=names, dtype=object)
    )
    detail = text + "; it differs in " + listed.astype(str).str.removeprefix(", ")
    differing = np.where(older, "older duplicate", "contradictory duplicate")
    rule[where[loses]] = np.where(disagrees, differing, "identical duplicate")[loses]
    value[where[loses]] = np.where(disagrees, detail, text)[loses]
    return rule, value


def _compare_times(rows: pd.DataFrame, kept: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Say which rows are older than the row that is kept, and beside which it alone has a time."""
    if "collected_at" not in rows:
        return np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    own, newest = rows["collected_at"], kept["collected_at"]
    return (own < newest).to_numpy(), (own.isna() & newest.notna()).to_numpy()


@dataclass(frozen=True)
class Duplicates:
    """Rows that are left out for another of the same account.

    Parameters
    ----------
    rows : ndarray of shape (n_rows,)
        Their numbers among the file's readable rows, ascending.
    rule, value : Series of str
        As find_duplicates returns them.
    """

    rows: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    rule: pd.Series = field(default_factory=lambda: pd.Series(dtype="category"))
    value: pd.Series = field(default_factory=lambda: pd.Series(dtype="str"))

    def of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return rule and value for rows of the file, empty where they stay."""
        rule = np.full(len(rows), "", dtype=object)
        value = np.full(len(rows), "", dtype=object)
        first, last = np.searchsorted(self.rows, [rows[0], rows[-1] + 1]) if len(rows) else (0, 0)
        listed = self.rows[first:last]
        there = np.isin(listed, rows)
        places = np.searchsorted(rows, listed[there])
        rule[places] = self.rule.iloc[first:last][there].astype(object)
        value[places] = self.value.iloc[first:last][there].astype(object)
        return rule, value


def hash_texts(texts: pd.Series) -> np.ndarray:
    """Hash texts to 64 bits.

    Not for what an adversary must not guess: two texts of one hash are to be harmless.

    Parameters
    ----------
    texts : Series of str, shape (n_texts,)
        None missing.

    Returns
    -------
    ndarray of uint64, shape (n_texts,)
        The same for the same text.

    Examples
    --------
    >>> first, second, again = hash_texts(pd.Series(["maya", "maya.b", "maya"]))
    >>> bool(first == again), bool(first == second)
    (True, False)
    """
    return pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)


class Handles:
    """The hashes of the accounts of the rows so far: eight bytes a row."""

    def __init__(self) -> None:
        self._hashes: list[np.ndarray] = []

    def add(self, accounts: pd.Series) -> np.ndarray:
        """Take in the accounts of a batch's rows, and return their hashes."""
        self._hashes.append(hash_texts(accounts))
        return self._hashes[-1]

    def repeated(self) -> tuple[np.ndarray, int]:
        """Return the hashes that come more than once, ascending, and how many rows have them."""
        # Parts by the first bits: as many as a power of two has, two at least.
        bits = max((sum(map(len, self._hashes)) // SORTED_AT_ONCE).bit_length(), 1)
        found, n_rows = [], 0
        for part in range(2**bits):
            own = [hashes[hashes >> np.uint64(64 - bits) == part] for hashes in self._hashes]
            ordered = np.concatenate(own)
            ordered.sort()
            again = ordered[1:][ordered[1:] == ordered[:-1]]
            found.append(np.unique(again))
            n_rows += len(again) + len(found[-1])
        return np.concatenate(found), n_rows


def resolve_duplicates(
    batches: Iterable[tuple[np.ndarray, pd.DataFrame]],
    repeated: np.ndarray,
    n_parts: int,
    folder: Path,
) -> Duplicates:
    """Find which rows of repeated accounts are left out.

    Parameters
    ----------
    batches : iterable of (ndarray of shape (n_rows,), DataFrame)
        The file's rows that could be kept, with the hashes of their accounts, and their numbers.
    repeated : ndarray of uint64
        Hashes that come twice, ascending.
    n_parts : int
        How many parts to set the rows apart in; one is in memory at a time.
    folder : Path
        Where to set rows apart meanwhile.

    Returns
    -------
    Duplicates
        The rows that are left out.
    """
    with TemporaryDirectory(dir=folder, prefix=".duplicates.") as apart:
        files = _set_apart(batches, repeated, n_parts, Path(apart))
        parts = [_resolve(file) for file in files]
    if not parts:
        return Duplicates()
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows)
    rule = pd.concat([part.rule for part in parts], ignore_index=True).astype("category")
    value = pd.concat([part.value for part in parts], ignore_index=True)
    return Duplicates(rows[order], rule.iloc[order], value.iloc[order])


def _set_apart(
    batches: Iterable[tuple[np.ndarray, pd.DataFrame]],
    repeated: np.ndarray,
    n_parts: int,
    folder: Path,
) -> list[Path]:
    writers: dict[int, pa.ipc.RecordBatchFileWriter] = {}
    try:
        for rows, frame in batches:
            hashes = frame[KEY].to_numpy()
            places = np.searchsorted(repeated, hashes).clip(max=max(len(repeated) - 1, 0))
            chosen = np.flatnonzero(repeated[places] == hashes)
            part_of = places[chosen] * n_parts // len(repeated)
            for part in np.unique(part_of).tolist():
                own = chosen[part_of == part]
                table = pa.Table.from_pandas(
                    frame.iloc[own].assign(row=rows[own]), preserve_index=False
                )
                if part not in writers:
                    writers[part] = pa.ipc.new_file(str(folder / f"{part}.arrow"), table.schema)
                writers[part].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()
    return [folder / f"{part}.arrow" for part in sorted(writers)]


def _resolve(file: Path) -> Duplicates:
    with pa.OSFile(str(file)) as source:
        frame = pa.ipc.open_file(source).read_pandas()
    rule, value = find_duplicates(frame.drop(columns="row"))
    lost = np.flatnonzero(rule != "")
    return Duplicates(
        frame["row"].to_numpy()[lost],
        pd.Series(rule[lost], dtype="str"),
        pd.Series(value[lost], dtype="str"),
    )
