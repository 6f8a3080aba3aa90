"""A look at an export before a run: what it is, what was matched, what becomes of its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts import AccountBatches, open_accounts
from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.outcome import Cleaned, Matches, nothing_left
from tiktok_segments.clustering.features import runnable_feature_sets
from tiktok_segments.monitoring.assign_files import check_output, open_outputs

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
    feature_sets : DataFrame of shape (n_feature_sets, 2)
        ``features``, and ``lacks``: the columns that are not there, empty where it can run.
    """

    source: str
    matches: Matches
    derived: tuple[str, ...]
    warnings: tuple[str, ...]
    rows: pd.DataFrame
    after: pd.DataFrame
    accounts: int
    feature_sets: pd.DataFrame

    @property
    def can_run(self) -> bool:
        """Whether a run could start: there are accounts, and a feature set for them."""
        return self.accounts > 0 and bool((self.feature_sets["lacks"] == "").any())


@dataclass
class _Tally:
    """What the batches so far hold."""

    summaries: list[pd.DataFrame] = field(default_factory=list)
    followers: dict[str, list[np.ndarray]] = field(default_factory=dict)
    after: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: tuple[str, ...] = ()
    accounts: int = 0

    def add(self, cleaned: Cleaned) -> None:
        self.summaries.append(cleaned.summary)
        self.columns = self.columns or tuple(map(str, cleaned.frame))
        self.accounts += len(cleaned.frame)
        if len(self.after) < SHOWN:
            self.after = pd.concat([self.after, cleaned.frame.head(SHOWN - len(self.after))])
        self._add("kept", cleaned.frame["followers"])
        for rule, rows in cleaned.rejected.groupby("rule", sort=False):
            self._add(f"rejected: {rule}", rows["followers"])

    def _add(self, rule: str, followers: pd.Series) -> None:
        self.followers.setdefault(rule, []).append(followers.dropna().to_numpy(dtype=float))

    def rows(self) -> pd.DataFrame:
        """Return how many rows each rule took, and how large they are."""
        counts = pd.concat(self.summaries).groupby("rule", sort=False)["rows"].sum().reset_index()
        known = {rule: np.concatenate(parts) for rule, parts in self.followers.items()}
        sizes = [known.get(rule, np.empty(0)) for rule in counts["rule"]]
        medians = [float(np.median(size)) if len(size) else np.nan for size in sizes]
        return counts.assign(median_followers=medians)


def check_export(
    config: Mapping[str, Any],
    feature_sets: Mapping[str, Collection[str]],
    *,
    output: Path | None = None,
    progress: Callable[[str], None] | None = None,
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
    with TemporaryDirectory() as folder:
        accounts = open_accounts(config, folder=Path(folder), progress=progress)
        while True:
            try:
                tally = _go_through(accounts, output)
                break
            except UnsettledError:
                continue
    return CheckedExport(
        source=accounts.source,
        matches=accounts.matches,
        derived=accounts.derived,
        warnings=accounts.warnings,
        rows=tally.rows(),
        after=tally.after.reset_index(drop=True),
        accounts=tally.accounts,
        feature_sets=_lacking(tally.columns, feature_sets),
    )


def _go_through(accounts: AccountBatches, output: Path | None) -> _Tally:
    tally = _Tally()
    with open_outputs(output) if output else nullcontext((None, None)) as (write, write_rejected):
        for cleaned in accounts.batches():
            tally.add(cleaned)
            if write is not None and write_rejected is not None:
                write(pa.Table.from_pandas(cleaned.frame, preserve_index=False))
                write_rejected(cleaned.rejected)
        if output and not tally.accounts:
            raise nothing_left(accounts.source, tally.rows())
    return tally


def _lacking(columns: Collection[str], feature_sets: Mapping[str, Collection[str]]) -> pd.DataFrame:
    runnable = runnable_feature_sets(columns, feature_sets)
    lacks = [
        "" if name in runnable else ", ".join(one for one in needed if one not in columns)
        for name, needed in feature_sets.items()
    ]
    return pd.DataFrame({"features": list(feature_sets), "lacks": lacks})
