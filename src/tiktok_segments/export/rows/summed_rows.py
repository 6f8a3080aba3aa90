"""Rows that sum up the others, told by their numbers: totals, averages, extremes and counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.texts import is_text
from tiktok_segments.export.rows.named_totals import may_be_totals

Read = Callable[[np.ndarray], Mapping[str, np.ndarray]]
"""Positions of rows in; their counts out, by column, be they whole or not."""

_WORDS = (
    "max", "min", "maximum", "minimum", "count", "n", "std", "sd", "stdev", "std dev", "std. dev.",
    "anzahl", "mode", "25%", "50%", "75%", "q1", "q2", "q3", "highest", "lowest", "top", "peak",
    "range", "variance", "var", "rows", "creators", "accounts", "anz.", "nombre", "nb", "número",
    "cantidad", "conteo", "contagem", "numero", "conteggio", "liczba", "количество", "кол-во",
    "кількість", "sayı", "adet", "jumlah akun", "số lượng", "最大", "最小", "最大値", "最小値",
    "最大值", "最小值", "件数", "数量", "數量", "个数", "최대", "최소", "최댓값", "최솟값", "개수",
    "макс", "мин", "максимум", "минимум", "máximo", "mínimo", "massimo", "minimo", "standardabw.",
    "standardabweichung", "écart-type", "maksimum", "najwyższy", "العدد", "الحد الأقصى", "गिनती",
)  # fmt: skip
"""What a row may be called that sums up the others, and what an account may be called, too."""

_KNOWN = sorted({form for word in _WORDS for form in (word, word.title(), word.upper())})
_MANY = 64
"""Rows beyond which those without a name are no rows that sum up."""

_CLOSE, _NEARLY = 1e-3, 6e-3
"""Relative difference of a sum that is one; in a row without a name, whose numbers may be rounded.
"""
_ENDS, _FEWEST = (0, -2, -1), 2
"""Rows that may be totals whatever they are called; columns that must agree, and vary."""


def sum_up_by_values(
    accounts: pa.ChunkedArray, counts: Mapping[str, np.ndarray], others: np.ndarray, read: Read
) -> np.ndarray:
    """Say which rows hold the totals, averages, extremes or the number of the others.

    A row that is called so, or not called anything, may be any of them; the first and the last
    rows, whatever they are called, only totals and averages. Two columns must agree at least.

    Parameters
    ----------
    accounts : pyarrow.ChunkedArray
        What stands in the account's place.
    counts : mapping of str to ndarray of shape (n_rows,)
        Columns of counts, ``followers`` among them, NaN where there is none.
    others : ndarray of bool, shape (n_rows,)
        Rows that are accounts, as far as is known.
    read : callable
        See :data:`Read`.

    Returns
    -------
    ndarray of bool, shape (n_rows,)
        A handle as max stays an account where its numbers are its own.

    Examples
    --------
    >>> counts = {"followers": np.array([10.0, 30, 80, 3]), "likes": np.array([5.0, 7, 9, 3])}
    >>> read = lambda rows: {name: values[rows] for name, values in counts.items()}
    >>> accounts = pa.chunked_array([["ana", "bea", "max", "Count"]])
    >>> sum_up_by_values(accounts, counts, np.ones(4, dtype=bool), read).tolist()
    [False, False, False, True]
    """
    found = np.zeros(len(accounts), dtype=bool)
    if not counts or len(accounts) < 4:
        return found
    nameless, called = _nameless(accounts), _called(accounts) | may_be_totals(accounts)
    if nameless.sum() > _MANY:
        nameless[:] = False
    ends = np.zeros_like(found)
    ends[list(_ENDS)] = True
    doubted = nameless | called
    rows = np.flatnonzero((doubted | ends) & others)
    given = read(rows)
    sums = {name: _sum_of(values, others) for name, values in counts.items()}
    for place, row in enumerate(rows.tolist()):
        own = {name: values[place] for name, values in given.items() if values[place] > 0}
        tolerance = _NEARLY if nameless[row] else _CLOSE
        if len(own) < _FEWEST or "followers" not in own:
            continue
        expected = _totals(row, own, counts, sums)
        if doubted[row]:
            groups = _groups(row, doubted, others)
            expected += [
                one for group in groups for one in _statistics([counts[n][group] for n in own])
            ]
        agrees = any(_agree(list(own.values()), one, tolerance) for one in expected)
        # Where all accounts hold the same, each is the average and the largest.
        found[row] = agrees and _number_varying(counts, own, others & ~doubted) >= _FEWEST
    return found


def _number_varying(
    counts: Mapping[str, np.ndarray], names: Collection[str], others: np.ndarray
) -> int:
    columns = (counts[name][others] for name in names)
    return sum(bool(np.nanmin(values) < np.nanmax(values)) for values in columns if len(values))


def _sum_of(values: np.ndarray, others: np.ndarray) -> tuple[float, int]:
    """Return the sum of a column and how many values it has."""
    there = others & ~np.isnan(values)
    return float(np.sum(values, where=there)), int(np.count_nonzero(there))


def _totals(
    row: int,
    names: Collection[str],
    counts: Mapping[str, np.ndarray],
    sums: Mapping[str, tuple[float, int]],
) -> list[list[float]]:
    """Return the sums and the averages of all rows but one, column by column."""
    own = {name: counts[name][row] for name in names}
    left = {
        name: sums[name] if np.isnan(value) else (sums[name][0] - value, sums[name][1] - 1)
        for name, value in own.items()
    }
    if any(number < 2 for _, number in left.values()):
        return []
    return [[sum_ for sum_, _ in left.values()], [sum_ / number for sum_, number in left.values()]]


def _groups(row: int, doubted: np.ndarray, others: np.ndarray) -> list[np.ndarray]:
    """Return what a row may sum up: all accounts, all that may be, all rows; those beside it."""
    groups: list[np.ndarray] = []
    beside = _run_beside(row, doubted) if doubted[row] else []
    for group in (others & ~doubted, others.copy(), ~doubted, *beside):
        group[row] = False
        if group.sum() >= 2 and not any(np.array_equal(group, one) for one in groups):
            groups.append(group)
    return groups


def _run_beside(row: int, doubted: np.ndarray) -> list[np.ndarray]:
    """Return the accounts right above a row, and those right below, as of a country's subtotal."""
    places = np.flatnonzero(doubted)
    place = int(np.searchsorted(places, row))
    first = int(places[place - 1]) + 1 if place else 0
    last = int(places[place + 1]) if place + 1 < len(places) else len(doubted)
    runs = [np.zeros_like(doubted), np.zeros_like(doubted)]
    runs[0][first:row] = True
    runs[1][row + 1 : last] = True
    return runs


def _statistics(columns: Sequence[np.ndarray]) -> list[list[float]]:
    """Return all that rows which sum up may hold, column by column."""
    filled = [values[~np.isnan(values)] for values in columns]
    if any(len(values) < 2 for values in filled):
        return []
    functions: list[Callable[..., Any]] = [np.sum, np.mean, np.max, np.min, np.median, np.std, len]
    functions += [partial(np.std, ddof=1)]
    functions += [partial(np.quantile, q=part) for part in (0.25, 0.75)]
    return [[float(function(values)) for values in filled] for function in functions]


def _agree(own: Sequence[float], expected: Sequence[float], tolerance: float) -> bool:
    return bool(np.allclose(own, expected, rtol=tolerance, atol=0))


def _nameless(accounts: pa.ChunkedArray) -> np.ndarray:
    missing = pc.is_null(accounts)
    if is_text(accounts.type):
        missing = pc.or_(missing, pc.equal(accounts, "").fill_null(False))
    return np.array(missing.to_numpy(), dtype=bool)


def _called(accounts: pa.ChunkedArray) -> np.ndarray:
    if not is_text(accounts.type):
        return np.zeros(len(accounts), dtype=bool)
    known = pc.is_in(accounts, value_set=pa.array(_KNOWN, accounts.type))
    return np.array(known.to_numpy(), dtype=bool)
