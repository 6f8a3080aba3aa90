"""Two sets of segments on the same accounts: the cross table, and what it says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.wording import percent

PART = 0.05
"""A part of a segment below this share is not named in a sentence."""


def cross_segments(
    first: np.ndarray, second: np.ndarray, first_names: Sequence[str], second_names: Sequence[str]
) -> pd.DataFrame:
    """Count the accounts in each pair of segments.

    Parameters
    ----------
    first, second : ndarray of shape (n_accounts,)
        Position of each account's segment.
    first_names, second_names : sequence of str
        Names by position.

    Returns
    -------
    DataFrame of shape (n_first, n_second)
        Accounts; the first segments are the rows.

    Examples
    --------
    >>> cross_segments(np.array([0, 0, 1]), np.array([0, 1, 1]), ["A", "B"], ["C", "D"]).values
    array([[1, 1],
           [0, 1]])
    """
    shape = len(first_names), len(second_names)
    counts = np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1])
    return pd.DataFrame(counts.reshape(shape), index=list(first_names), columns=list(second_names))


def describe_crossing(table: pd.DataFrame) -> list[str]:
    """Say which segments split, merge, go on or dissolve.

    A segment splits where two or more of the second set each have most of their accounts from it;
    segments merge where most of the accounts of each go to the same one. "Most" is more than half.

    Parameters
    ----------
    table : DataFrame of shape (n_first, n_second)
        As :func:`cross_segments` returns it.

    Returns
    -------
    list of str
        Splits, merges, what remains without a partner, then what goes on; every segment that has
        accounts is in one of them.

    Examples
    --------
    >>> table = pd.DataFrame([[9, 0, 0], [1, 6, 4]], index=["A", "B"], columns=["A", "C", "D"])
    >>> for sentence in describe_crossing(table):
    ...     print(sentence)
    “B” splits into “C” (54.5 % of it), “D” (36.4 %) and “A” (9.09 %).
    “A” stays: 100 % of its accounts are there, and are 90 % of it.
    """
    table = table.loc[table.sum(axis=1) > 0, table.sum(axis=0) > 0]
    counts = table.to_numpy(dtype=float)
    of_row, of_column = counts / counts.sum(axis=1, keepdims=True), counts / counts.sum(axis=0)
    names = _Names([str(name) for name in table.index], [str(name) for name in table.columns])
    rows, columns = range(counts.shape[0]), range(counts.shape[1])
    children = {row: [c for c in columns if of_column[row, c] > 0.5] for row in rows}
    # One that is hardly anything of what it goes into has not merged with the rest of it.
    into = (of_row > 0.5) & (of_column >= PART)
    parents = {column: [r for r in rows if into[r, column]] for column in columns}
    splits = {row: found for row, found in children.items() if len(found) > 1}
    merges = {column: found for column, found in parents.items() if len(found) > 1}
    goes_on = {
        row: found[0]
        for row, found in children.items()
        if len(found) == 1 and parents[found[0]] == [row]
    }
    told_rows = {*splits, *goes_on, *(row for found in merges.values() for row in found)}
    told_columns = {*merges, *goes_on.values(), *(c for found in splits.values() for c in found)}
    return [
        *(names.split(row, of_row[row]) for row in splits),
        *(names.merge(column, rows, of_column[:, column]) for column, rows in merges.items()),
        *(names.drawn(c, of_column[:, c]) for c in columns if c not in told_columns),
        *(names.spread(row, of_row[row]) for row in rows if row not in told_rows),
        *(names.stay(row, c, of_row[row], of_column[row, c]) for row, c in goes_on.items()),
    ]


@dataclass(frozen=True)
class _Names:
    """Names of both sets of segments, to make sentences with."""

    first: list[str]
    second: list[str]

    def split(self, row: int, shares: np.ndarray) -> str:
        return f"“{self.first[row]}” splits into {_listed(self.second, shares, ' of it')}."

    def merge(self, column: int, rows: list[int], shares: np.ndarray) -> str:
        merged = [f"“{self.first[row]}”" for row in rows]
        return (
            f"{', '.join(merged[:-1])} and {merged[-1]} merge into “{self.second[column]}”, "
            f"{percent(shares[rows].sum())} of whose accounts are theirs."
        )

    def drawn(self, column: int, shares: np.ndarray) -> str:
        parts = _listed(self.first, shares, " of its accounts")
        return f"“{self.second[column]}” is drawn from {parts}."

    def spread(self, row: int, shares: np.ndarray) -> str:
        verb = "dissolves in" if shares.max() > 0.5 else "is spread over"
        return f"“{self.first[row]}” {verb} {_listed(self.second, shares, ' of it')}."

    def stay(self, row: int, column: int, shares: np.ndarray, of_column: float) -> str:
        old, new = self.first[row], self.second[column]
        verb = "stays" if old == new else f"goes on as “{new}”"
        others = np.where(np.arange(len(shares)) == column, 0, shares)
        others_said = (
            f"; others are in {_listed(self.second, others)}" if others.max() >= PART else ""
        )
        return (
            f"“{old}” {verb}: {percent(shares[column])} of its accounts are there, and are "
            f"{percent(of_column)} of it{others_said}."
        )


def _listed(names: list[str], shares: np.ndarray, unit: str = "") -> str:
    """Name the parts, the largest first: “A” (60 % of it), “B” (30 %) and others."""
    order = [place for place in np.argsort(-shares, kind="stable") if shares[place] >= PART]
    parts = [
        f"“{names[place]}” ({percent(shares[place])}{unit if number == 0 else ''})"
        for number, place in enumerate(order)
    ]
    if unit and 1 - shares[order].sum() >= PART:
        parts.append("others")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
