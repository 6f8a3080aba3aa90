"""A look at an export before a run: what it is, what was matched, what becomes of its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts import AccountBatches, open_accounts
from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.outcome import Cleaned, Matches, nothing_left
from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.monitoring.assign_files import check_output, open_outputs
from tiktok_segments.reports.selective_rejections import (
    are_too_many,
    rejects_freely,
    say_selective,
    why_selective,
)

if TYPE_CHECKING:
    from tiktok_segments.reports.model_fit import ModelFit, ModelTally

SHOWN = 3
"""Rows that are shown before and after."""


@dataclass(frozen=True)
class CheckedExport:
    """What would be read of an export.

    Attributes
    ----------
    source : str
        Its absolute path.
    matches : Matches
        What it is, and what was matched to what.
    derived, warnings : tuple of str
        Formulas used, and what a reader should know.
    rows : DataFrame of shape (n_rules, 3)
        ``rule`` (``input`` and ``kept`` first), ``rows``, and ``median_followers`` of those whose
        followers are known.
    after : DataFrame of shape (n_shown, n_columns)
        The first clean accounts, in canonical columns.
    accounts : int
        Clean accounts.
    feature_sets : DataFrame of shape (n_feature_sets, 3)
        ``features``, ``lacks``: the columns that are not there, empty where it can run, and
        ``accounts``: those that lack none of its columns.
    model : ModelFit or None
        What a model would make of it; None where none was asked.
    selects : str
        What a training says that stops as a rule rejects too many rows, or those of one size;
        empty where it goes on.
    selects_freely : bool
        Whether a training goes on whatever is rejected.
    """

    source: str
    matches: Matches
    derived: tuple[str, ...]
    warnings: tuple[str, ...]
    rows: pd.DataFrame
    after: pd.DataFrame
    accounts: int
    feature_sets: pd.DataFrame
    model: ModelFit | None = None
    selects: str = ""
    selects_freely: bool = False

    @property
    def can_run(self) -> bool:
        """Whether a run could start: there are accounts, and a feature set that keeps them."""
        if self.selects or not self.accounts:
            return False
        return any(map(self.suffice, self.feature_sets["accounts"]))

    def suffice(self, number: int) -> bool:
        """Say whether a training goes on with so many of the accounts."""
        lost = self.accounts - number
        return number > 0 and (self.selects_freely or not are_too_many(lost, self.accounts))


@dataclass
class _Tally:
    """What the batches so far hold."""

    feature_sets: Mapping[str, Collection[str]]
    model: ModelTally | None = None
    summaries: list[pd.DataFrame] = field(default_factory=list)
    followers: dict[str, list[np.ndarray]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    after: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: tuple[str, ...] = ()
    accounts: int = 0
    complete: Counter[str] = field(default_factory=Counter)

    def add(self, cleaned: Cleaned) -> None:
        if self.model is not None:
            self.model.add(cleaned.frame)
        self.summaries.append(cleaned.summary)
        self.columns = self.columns or tuple(map(str, cleaned.frame))
        self.accounts += len(cleaned.frame)
        if len(self.after) < SHOWN:
            self.after = pd.concat([self.after, cleaned.frame.head(SHOWN - len(self.after))])
        for name, needed in self.feature_sets.items():
            if set(needed) <= set(self.columns):
                there = cleaned.frame[list(needed)].notna().all(axis="columns")
                self.complete[name] += int(there.sum())
        self._add("kept", cleaned.frame["followers"])
        for rule, rows in cleaned.rejected.groupby("rule", sort=False):
            self._add(f"rejected: {rule}", rows["followers"])
            given = rows.loc[rows["value"] != "", "value"]
            if len(given):
                self.examples.setdefault(str(rule), str(given.iloc[0]))

    def _add(self, rule: str, followers: pd.Series) -> None:
        self.followers.setdefault(rule, []).append(followers.dropna().to_numpy(dtype=float))

    def rows(self) -> pd.DataFrame:
        """Return how many rows each rule took, and how large they are."""
        counts = pd.concat(self.summaries).groupby("rule", sort=False)["rows"].sum().reset_index()
        sizes = [self._sizes(str(rule)) for rule in counts["rule"]]
        medians = [float(np.median(size)) if len(size) else np.nan for size in sizes]
        return counts.assign(median_followers=medians)

    def selects(self, name: str, rows: pd.DataFrame) -> str:
        """Say which rule rejects too many rows, or those of one size; empty where none does."""
        n_rows, kept = int(rows["rows"].iloc[0]), self._sizes("kept")
        for title, number in zip(rows["rule"], rows["rows"], strict=True):
            rule = str(title).removeprefix("rejected: ")
            if rule == title:
                continue
            why = why_selective(rule, int(number), n_rows, self._sizes(str(title)), kept)
            if why:
                example = self.examples.get(rule, "")
                return say_selective(name, rule, int(number), n_rows, example, why)
        return ""

    def _sizes(self, rule: str) -> np.ndarray:
        return np.concatenate(self.followers.get(rule, [np.empty(0)]))


def check_export(
    config: Mapping[str, Any],
    feature_sets: Mapping[str, Collection[str]],
    *,
    output: Path | None = None,
    progress: Callable[[str], None] | None = None,
    model: Callable[[], ModelTally] | None = None,
) -> CheckedExport:
    """Read and clean an export as a run would, and say what came out.

    Parameters
    ----------
    config : mapping
        ``data`` and ``clean`` are read, as in ``conf/data`` and ``conf/clean``.
    feature_sets : mapping of str to collection of str
        Feature set to the canonical columns that it needs.
    output : Path, optional
        Where to write the clean accounts, and the rejected ones beside them; its ending decides
        the format.
    progress : callable, optional
        Called with one short text per step.
    model : callable, optional
        Returns what adds up what a model would make of the accounts: an empty one each time.

    Returns
    -------
    CheckedExport
        Of the whole export, however large.

    Raises
    ------
    InputError
        If the export cannot be read as TikTok profiles, or the output cannot be written.
    """
    if output is not None:
        check_output(output, Path(str(config["data"]["path"])).expanduser())
        output.parent.mkdir(parents=True, exist_ok=True)
    digits = read_digits(config["data"])
    with TemporaryDirectory() as folder:
        accounts = open_accounts(config, folder=Path(folder), progress=progress, needed=())
        while True:
            try:
                tally = _Tally(feature_sets, None if model is None else model())
                _go_through(accounts, output, tally, digits)
                break
            except UnsettledError:
                continue  # the export is read again, with what the whole of it told
    rows, freely = tally.rows(), rejects_freely(config)
    return CheckedExport(
        source=accounts.source,
        matches=accounts.matches,
        derived=accounts.derived,
        warnings=accounts.warnings,
        rows=rows,
        after=tally.after.reset_index(drop=True),
        accounts=tally.accounts,
        feature_sets=_feature_sets(tally),
        model=None if tally.model is None else tally.model.fit(),
        selects="" if freely else tally.selects(Path(accounts.source).name, rows),
        selects_freely=freely,
    )


def _go_through(
    accounts: AccountBatches, output: Path | None, tally: _Tally, digits: int | None
) -> None:
    with open_outputs(output) if output else nullcontext((None, None)) as (write, write_rejected):
        for cleaned in accounts.batches():
            tally.add(cleaned)
            if write is not None and write_rejected is not None:
                told = round_accounts(cleaned.frame, digits)
                write(pa.Table.from_pandas(told, preserve_index=False))
                write_rejected(round_accounts(cleaned.rejected, digits))
        if output and not tally.accounts:
            raise nothing_left(accounts.source, tally.rows(), tally.examples)


def _feature_sets(tally: _Tally) -> pd.DataFrame:
    lacks = [
        ", ".join(one for one in needed if one not in tally.columns)
        for needed in tally.feature_sets.values()
    ]
    names = list(tally.feature_sets)
    accounts = [tally.complete[name] for name in names]
    return pd.DataFrame({"features": names, "lacks": lacks, "accounts": accounts})
