"""A read export to the clean frame: every input row kept, filtered or rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.accounts.duplicates import find_duplicates
from tiktok_segments.accounts.filters import CleanRules, apply_filters, check_rules
from tiktok_segments.accounts.notes import describe_sparse
from tiktok_segments.accounts.outcome import KEY, Cleaned, Export
from tiktok_segments.containers.records import rejections
from tiktok_segments.schema import COLUMNS


@dataclass(frozen=True)
class WholeFile:
    """What only the whole file tells, for cleaning a part of it.

    Parameters
    ----------
    sparse : tuple of str
        Columns that are absent because too many rows lack them.
    duplicates : callable or None
        The part's rows in, rule and value of each out, as
        :func:`~tiktok_segments.accounts.duplicates.find_duplicates` returns them; None where no
        account comes twice.
    """

    sparse: tuple[str, ...] = ()
    duplicates: Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]] | None = None


def clean_profiles(
    export: Export,
    rules: CleanRules | None = None,
    whole: WholeFile | None = None,
    *,
    needed: Collection[str] | None = None,
) -> Cleaned:
    """Clean an export.

    Parameters
    ----------
    export : Export
        As read; not changed.
    rules : CleanRules, optional
        The account filter and the limit for missing values.
    whole : WholeFile, optional
        Where the export is a part of a file.
    needed : collection of str, optional
        Columns that no account may lack, beside the required ones; all by default.

    Returns
    -------
    Cleaned
        In terms of input rows, input = kept + filtered + rejected.

    Raises
    ------
    InputError
        If a filter needs a column that the export lacks, or a rule is out of range.

    Examples
    --------
    >>> frame = pd.DataFrame({"account_id": ["ana", "ben"], "followers": [1500, 3]})
    >>> cleaned = clean_profiles(Export.of(frame, source="made up"), CleanRules(min_followers=10))
    >>> cleaned.frame["account_id"].to_list(), dict(cleaned.filtered)
    (['ana'], {'followers below 10': 1})
    """
    rules = rules or CleanRules()
    if whole is None:
        lacking = missing_counts(export.frame)
        sparse = sparse_columns(lacking, len(export.frame), rules.max_missing_share)
        twice = None if export.frame["account_id"].is_unique else find_duplicates
        whole = WholeFile(tuple(sparse), twice)
        warnings = describe_sparse(sparse)
    else:
        warnings = []
    frame = export.frame.drop(columns=list(whole.sparse))
    check_rules(rules, frame)
    # Where nothing else takes a row away, only those that lack a number are looked at closely.
    alone = rules.keeps_all and whole.duplicates is None
    looked_at = _lacks_any(frame, needed) if alone else np.ones(len(frame), dtype=bool)
    some = frame[looked_at]
    rule, value = find_missing(some, export.derived, needed)
    if whole.duplicates is not None:
        alive = np.flatnonzero(rule == "")
        rule[alive], value[alive] = whole.duplicates(some.iloc[alive])
    removed_by = np.where(rule == "", apply_filters(some, rules), "")
    rows = some["source_rows"].to_numpy()
    filtered = _count(removed_by, rows)
    rejected = _rejected(export, some, rule, value)
    stays = ~looked_at
    stays[looked_at] = (rule == "") & (removed_by == "")
    if not stays.all():
        frame = frame[stays]
    kept = int(frame["source_rows"].sum())
    summary = _summary(export, kept, filtered, rule, rows)
    keys = frame[KEY].to_numpy() if KEY in frame else None
    return Cleaned(_typed(frame), rejected, filtered, summary, tuple(warnings), keys)


def missing_counts(frame: pd.DataFrame) -> dict[str, int]:
    """Count the rows that lack each number and flag column."""
    return {name: int(frame[name].isna().sum()) for name in _complete_columns(frame)}


def sparse_columns(lacking: Mapping[str, int], rows: int, limit: float) -> dict[str, float]:
    """Return the columns that too many rows lack, each with the share of the rows that do.

    Examples
    --------
    >>> sparse_columns({"followers": 0, "following": 3}, rows=4, limit=0.5)
    {'following': 0.75}
    """
    return {
        name: count / rows
        for name, count in lacking.items()
        if rows and count / rows > limit and not COLUMNS[name].required
    }


def _complete_columns(frame: pd.DataFrame, needed: Collection[str] | None = None) -> list[str]:
    return [
        name
        for name, column in COLUMNS.items()
        if name in frame
        and (not column.nullable or (needed is not None and name in needed))
        and (needed is None or column.required or name in needed)
    ]


def find_missing(
    frame: pd.DataFrame, derived: Sequence[str], needed: Collection[str] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return rule and value for rows that lack a number; a formula without a value says so."""
    formulas = {formula.split(" = ")[0]: formula for formula in derived}
    rule = np.full(len(frame), "", dtype=object)
    value = np.full(len(frame), "", dtype=object)
    for name in _complete_columns(frame, needed):
        new = frame[name].isna().to_numpy() & (rule == "")
        if new.any():
            rule[new] = f"missing {name}"
            value[new] = f"no value for: {formulas[name]}" if name in formulas else ""
    return rule, value


def _lacks_any(frame: pd.DataFrame, needed: Collection[str] | None) -> np.ndarray:
    lacks = np.zeros(len(frame), dtype=bool)
    for name in _complete_columns(frame, needed):
        lacks |= frame[name].isna().to_numpy()
    return lacks


def _count(labels: np.ndarray, rows: np.ndarray) -> dict[str, int]:
    named = labels != ""
    counts = pd.Series(rows[named]).groupby(labels[named], sort=False).sum()
    return {str(label): int(count) for label, count in counts.items()}


def _rejected(
    export: Export, frame: pd.DataFrame, rule: np.ndarray, value: np.ndarray
) -> pd.DataFrame:
    bad = rule != ""
    accounts = frame["account_id"][bad].fillna("")
    followers = frame["followers"][bad].to_numpy(dtype=float)
    late = rejections(frame["line"][bad], value[bad], "", accounts.to_numpy(), followers)
    late["rule"] = rule[bad].astype(str)
    if "file" in frame:
        late["file"] = frame["file"][bad].to_numpy()
    by = [name for name in ("file", "line") if name in export.rejected and name in frame]
    parts = [part for part in (export.rejected, late) if len(part)] or [export.rejected]
    return pd.concat(parts).sort_values(by, kind="stable", ignore_index=True)


def _summary(
    export: Export, kept: int, filtered: Mapping[str, int], rule: np.ndarray, rows: np.ndarray
) -> pd.DataFrame:
    rejected = export.rejected["rule"].value_counts(sort=False).to_dict()
    for late, count in _count(rule, rows).items():
        rejected[late] = rejected.get(late, 0) + count
    lines = [("input", export.rows), ("kept", kept)]
    lines += [(f"filtered: {name}", count) for name, count in filtered.items()]
    lines += [(f"rejected: {name}", count) for name, count in rejected.items()]
    return pd.DataFrame(lines, columns=["rule", "rows"])


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Canonical columns in canonical order and dtype."""
    # Arrays and not columns of a frame, whose indexes pandas would compare and copy.
    columns = {
        name: _as_type(frame[name].array, column.dtype)
        for name, column in COLUMNS.items()
        if name in frame
    }
    return pd.DataFrame(columns, copy=False)


def _as_type(values: Any, dtype: str) -> Any:
    """Return a column in its dtype, or in the one for the same values and missing ones."""
    with_missing = {"int64": "Int64", "bool": "boolean"}.get(dtype, dtype)
    missing = with_missing != dtype and values.isna().any()
    return values.astype(with_missing if missing else dtype, copy=False)


def with_nan(frame: pd.DataFrame) -> pd.DataFrame:
    """Return clean accounts with what is missing as NaN in float64, which all that computes takes.

    Parameters
    ----------
    frame : DataFrame
        As in :class:`~tiktok_segments.accounts.outcome.Cleaned`.

    Returns
    -------
    DataFrame
        The same where nothing is missing; without numbers and flags that all accounts lack.
    """
    lacking = [name for name in _complete_columns(frame) if frame[name].isna().all()]
    frame = frame.drop(columns=lacking if len(frame) else [])
    gaps = frame.select_dtypes(["Int64", "boolean"]).columns
    return frame.astype(dict.fromkeys(gaps, "float64")) if len(gaps) else frame
