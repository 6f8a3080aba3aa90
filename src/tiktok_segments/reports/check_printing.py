"""A checked export in the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Integral
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.reports.checked_export import CheckedExport
from tiktok_segments.schema import COLUMNS
from tiktok_segments.wording import short_number, write_value

_WIDEST = 30
"""Letters of a cell that are shown."""

_LONGEST_NUMBER = 13
"""Letters of a number with decimals that are shown."""

_DECIMAL = re.compile(r"[-+]?\d+[.,]\d+")

_LONG_TEXTS = frozenset({"biography", "url"})


def print_check(check: CheckedExport) -> None:
    """Print what an export is and what would be read of it.

    Parameters
    ----------
    check : CheckedExport
        As :func:`~tiktok_segments.reports.checked_export.check_export` returns it.
    """
    out = terminal.console()
    out.print(terminal.printable(check.source), markup=False, style="bold")
    out.print(f"A row is {'a video' if check.matches.per_video else 'an account'}.", markup=False)
    for where in check.matches.about:
        out.print(terminal.printable(where), markup=False)
    _print_below(_columns(check), "Columns")
    unused = ", ".join(map(_on_one_line, check.matches.unmatched))
    _print_lines("Not used", [unused] if unused else [])
    _print_lines("Computed", check.derived)
    _print_lines("Look at this", check.warnings)
    before = _sideways(check.matches.before.map(_short))
    _print_below(before, "First rows, as they are in the file", folds=True)
    _print_below(_sideways(_after(check)), "First accounts, as they are read", folds=True)
    _print_below(_rows(check), f"Rows; they give {check.accounts:,} accounts")
    _print_below(_feature_sets(check), "Feature sets")
    _print_lines("A training would stop", check.selects.splitlines())


def _print_below(frame: pd.DataFrame, title: str, folds: bool = False) -> None:
    terminal.console().print()
    terminal.print_table(frame, title, folds=folds)


def _print_lines(title: str, lines: Sequence[str]) -> None:
    out = terminal.console()
    if lines:
        out.print()
        out.print(title, markup=False, style="bold")
    for line in lines:
        out.print(terminal.printable(line), markup=False)


def _columns(check: CheckedExport) -> pd.DataFrame:
    matched = check.matches.columns
    return pd.DataFrame(
        {
            "column": list(matched),
            "in the file": [_on_one_line(name) for name in matched.values()],
            "unit": [check.matches.units.get(name, "") for name in matched],
        }
    )


def _on_one_line(name: str) -> str:
    return terminal.printable(" ".join(name.split()))


def _short(cell: Any) -> str:
    """Cut a cell, where it is a number to what can be compared at a glance.

    >>> [_short(cell) for cell in ("0.000058309037900874", 1960, "12.345.678.901")]
    ['0.0000583090…', '1960', '12.345.678.901']
    """
    text = _on_one_line(str(cell))
    is_number = len(text) > _LONGEST_NUMBER and _DECIMAL.fullmatch(text)
    return f"{text[: _LONGEST_NUMBER - 1]}…" if is_number else text[:_WIDEST]


def _sideways(frame: pd.DataFrame) -> pd.DataFrame:
    """A line for each column, which a narrow terminal can show."""
    turned = frame.T
    turned.columns = [f"{number}" for number in range(1, len(frame) + 1)]
    turned.insert(0, "column", [str(name) for name in frame])
    return turned


def _after(check: CheckedExport) -> pd.DataFrame:
    shown = [
        str(name)
        for name in check.after
        if name not in _LONG_TEXTS and check.after[name].notna().any()
    ]
    return pd.DataFrame({name: [_value(name, v) for v in check.after[name]] for name in shown})


def _value(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return write_value(name, value)
    if COLUMNS[name].kind == "flag":
        return "yes" if value else "no"
    is_count = isinstance(value, Integral) and not isinstance(value, bool)
    return f"{value:,}" if is_count else _short(value)


def _rows(check: CheckedExport) -> pd.DataFrame:
    sizes = check.rows["median_followers"]
    return pd.DataFrame(
        {
            "what became of them": check.rows["rule"],
            "rows": [f"{rows:,}" for rows in check.rows["rows"]],
            "median followers": ["" if pd.isna(size) else short_number(size) for size in sizes],
        }
    )


def _feature_sets(check: CheckedExport) -> pd.DataFrame:
    sets = check.feature_sets
    words = [
        f"needs {lack}" if lack else _can_run(number, check)
        for lack, number in zip(sets["lacks"], sets["accounts"], strict=True)
    ]
    return pd.DataFrame({"features": sets["features"], "": words})


def _can_run(number: int, check: CheckedExport) -> str:
    """Say that a feature set can run, and for whom where not for all."""
    if not number:
        return "no account has all its columns"
    if number == check.accounts:
        return "can run"
    of_all = f"{number:,} of {check.accounts:,} accounts"
    if check.suffice(number):
        return f"can run on {of_all}"
    return f"{of_all} have its columns: runs with clean.allow_selective_rejection=true"
