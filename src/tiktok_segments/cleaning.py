"""Turn an export's text into a clean frame, and account for every row that was dropped."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.profiles import Export
from tiktok_segments.schema import COLUMNS, MEASURES

NULLS = frozenset({"", "null", "none", "nan", "n/a", "na", "-"})
TRUE, FALSE = frozenset({"true", "1", "yes", "y", "t"}), frozenset({"false", "0", "no", "n", "f"})


@dataclass(frozen=True)
class Cleaned:
    """What cleaning kept, and what it did not.

    Attributes
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Canonical columns with their types, one row per account.
    rejected : DataFrame of shape (n_rejected, 4)
        ``line``, ``account``, ``rule`` and ``value`` of every row that was dropped.
    imputed : dict of str to int
        Number of missing values that became the median, by column.
    rows : int
        Rows of the export; always ``len(frame) + len(rejected)``.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    imputed: dict[str, int]
    rows: int

    def summary(self) -> pd.DataFrame:
        """Return rows by what became of them: ``rule`` and ``rows``, the first is the input."""
        dropped = self.rejected["rule"].value_counts()
        return pd.DataFrame(
            {
                "rule": ["rows in", *dropped.index, "accounts kept"],
                "rows": [self.rows, *dropped.to_list(), len(self.frame)],
            }
        )


def clean_profiles(export: Export, missing: str = "drop") -> Cleaned:
    """Give every column its type and drop the rows that cannot be used, one rule after the other.

    In order: no handle; a number that is missing, is no number or is out of range; a verification
    mark that is neither yes nor no; the same account again (the last one is kept). A row is
    counted under the first rule that it breaks.

    Parameters
    ----------
    export : Export
        As :func:`~tiktok_segments.profiles.read_profiles` returns it.
    missing : {"drop", "median"}
        What happens to a row with a missing number: dropped, or given the column's median.

    Returns
    -------
    Cleaned
        The clean frame and the account of what was dropped.

    Raises
    ------
    InputError
        If no row is left.
    """
    raw = export.frame
    text = raw.drop(columns="line").apply(lambda column: column.str.strip())
    is_null = text.apply(lambda column: column.str.lower().isin(NULLS))
    clean = text.mask(is_null)
    clean["account_id"] = text["account_id"].str.removeprefix("@")
    rule = pd.Series("", index=raw.index)
    value = pd.Series("", index=raw.index)

    def reject(broken: pd.Series, name: str, column: str) -> None:
        first = broken & (rule == "")
        rule[first] = name
        value[first] = raw.loc[first, column].str.slice(0, 80)

    reject(clean["account_id"] == "", "missing account_id", "account_id")
    imputed = {}
    for name in (name for name in MEASURES if name in clean):
        numbers = pd.to_numeric(clean[name], errors="coerce").astype("float64")
        reject(numbers.isna() & ~is_null[name], f"{name} is no number", name)
        reject(~numbers.between(0, np.finfo(float).max) & numbers.notna(), f"{name} < 0", name)
        if COLUMNS[name].kind == "count":
            reject(numbers % 1 > 0, f"{name} is not whole", name)
        if missing == "median" and is_null[name].any() and not is_null[name].all():
            imputed[name] = int(is_null[name].sum())
            median = numbers[rule == ""].median()
            numbers = numbers.fillna(np.floor(median) if COLUMNS[name].kind == "count" else median)
        reject(numbers.isna(), f"missing {name}", name)
        clean[name] = numbers
    if "is_verified" in clean:
        flag = clean["is_verified"].str.lower()
        reject(is_null["is_verified"], "missing is_verified", "is_verified")
        reject(~flag.isin(TRUE | FALSE), "is_verified is not yes or no", "is_verified")
        clean["is_verified"] = flag.isin(TRUE)
    usable = clean["account_id"].where(rule == "")
    reject(usable.duplicated(keep="last") & usable.notna(), "duplicate account_id", "account_id")

    rejected = pd.DataFrame(
        {"line": raw["line"], "account": text["account_id"], "rule": rule, "value": value}
    )[rule != ""].reset_index(drop=True)
    frame = clean[rule == ""].reset_index(drop=True)
    if frame.empty:
        worst = rejected["rule"].value_counts().index[0]
        raise InputError(
            f"No account is left of the {len(raw)} rows in {export.source}; most often: {worst}."
        )
    counts = [name for name in MEASURES if name in frame and COLUMNS[name].kind == "count"]
    frame[counts] = frame[counts].astype("int64")
    return Cleaned(frame=frame, rejected=rejected, imputed=imputed, rows=len(raw))
