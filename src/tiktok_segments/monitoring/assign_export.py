"""An export's accounts assigned to a model's segments, in a stream, to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.filters import OutlierRule
from tiktok_segments.accounts.large.choice import choose_engine
from tiktok_segments.accounts.notes import describe_matching
from tiktok_segments.accounts.opening import SMALL, AccountBatches, open_accounts
from tiktok_segments.accounts.outcome import Cleaned, nothing_left
from tiktok_segments.accounts.privacy import hold_to_privacy
from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.accounts.settings import DatasetSettings, clean_rules, parse_data
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums, Assignment, segment_shares
from tiktok_segments.monitoring.assign import assign_accounts, assigned_table
from tiktok_segments.monitoring.assign_files import check_output, open_outputs, rejected_path
from tiktok_segments.monitoring.unit_change import check_units, said_units
from tiktok_segments.tracking.named_model import NamedModel

Progress = Callable[[str, int, int | None], None]
"""Called with what is done, rows done, and rows in all where that is known."""


def assign_export(
    model: NamedModel,
    version: str,
    data: Mapping[str, Any],
    clean: Mapping[str, Any],
    output: Path,
    progress: Progress | None = None,
    *,
    small: int = SMALL,
    engine: Mapping[str, Any] | None = None,
    in_tables: bool = False,
) -> Assignment:
    """Assign the accounts of an export to a model's segments.

    Parameters
    ----------
    model : NamedModel
        Whose segments.
    version : str
        What to call the model.
    data, clean : mapping
        The export and the rules of cleaning, as in ``conf/data`` and ``conf/clean``.
    output : Path
        A file ending in ``.csv``, ``.jsonl`` (each also with ``.gz``) or ``.parquet``; the
        rejected rows go beside it. Both appear whole or not at all. With Spark a folder.
    progress : callable, optional
        See :data:`Progress`.
    small : int
        Bytes of a file up to which it is read whole instead of in a stream.
    engine : mapping, optional
        As in ``conf/engine``; decides instead of ``small``.
    in_tables : bool
        Whether the output is the name of a table, which Spark alone writes.

    Returns
    -------
    Assignment
        What became of it.

    Raises
    ------
    InputError
        If the export cannot be used, lacks a column that the model reads, is in another unit, or
        holds no account that can be assigned; if the output cannot be written; or if the model's
        accounts have pseudonyms, and their key is not at hand.
    """
    tell = progress or (lambda step, done, total: None)
    data = hold_to_privacy(model.facts, data, model.label)
    digits = read_digits(data)
    if engine is not None:
        rules = clean_rules(clean)
        needed = frozenset({*model.columns, *rules.columns})
        asked = DatasetSettings(parse_data(data), rules, OutlierRule(), needed)
        chosen = choose_engine(asked, engine)
        if chosen.spark:
            from tiktok_segments.monitoring.assign_lake import assign_lake

            return assign_lake(
                model, version, chosen, chosen.spark, output, tell, digits, in_tables=in_tables
            )
        small = 0 if chosen.streamed else sys.maxsize
    if in_tables:
        raise InputError(f"output_table={output} is written by Spark only.\nAdd engine=spark.")
    check_output(output, Path(str(data["path"])).expanduser() if data["path"] else None)

    def show_step(step: str) -> None:
        tell(step, 0, None)

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{output.parent} cannot be made a folder: {error.strerror}.\nGive another output."
        ) from None
    config = {"data": data, "clean": clean}
    accounts = open_accounts(
        config, folder=output.parent, progress=show_step, small=small, needed=model.columns
    )
    with ThreadPoolExecutor(max_workers=1) as aside:
        digest = aside.submit(accounts.sha256)
        step = "assigning"
        while True:
            try:
                said = said_units(data)
                written = _write(model, version, accounts, output, step, tell, said, digits)
                break
            except UnsettledError:
                step = "once more, with what the whole file told"
        found = _outcome(model, version, accounts, output, written, digest.result())
        return replace(found, pseudonymous=bool(data.get("pseudonyms")))


@dataclass
class _Written:
    """What was written so far."""

    sums: AccountSums
    summaries: list[pd.DataFrame]
    digits: int | None


def _write(
    model: NamedModel,
    version: str,
    accounts: AccountBatches,
    output: Path,
    step: str,
    tell: Progress,
    said: Sequence[str],
    digits: int | None,
) -> _Written:
    written = _Written(AccountSums.empty(model), [], digits)
    with open_outputs(output) as (write_accounts, write_rejected), _Behind() as behind:
        done = 0
        for cleaned in accounts.batches():
            write_rejected(round_accounts(cleaned.rejected, digits))
            behind.do(write_accounts, _assign(model, version, cleaned, written))
            done += int(cleaned.summary["rows"].iloc[0]) if len(cleaned.summary) else 0
            tell(step, done, accounts.rows)
        behind.wait()
        if not written.sums.accounts:
            raise nothing_left(accounts.source, _total(written.summaries))
        check_units(written.sums, said)
    return written


def _assign(model: NamedModel, version: str, cleaned: Cleaned, written: _Written) -> pa.Table:
    frame = cleaned.frame
    assigned = assign_accounts(model, frame)
    written.summaries.append(cleaned.summary)
    if len(frame):
        written.sums.add(frame, assigned.X, assigned.positions, assigned.out_of_range)
    return assigned_table(model, version, frame, assigned, written.digits)


class _Behind:
    """A thread that writes one batch while the next is made, and never falls further behind."""

    def __enter__(self) -> _Behind:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None
        return self

    def do(self, write: Callable[[pa.Table], None], table: pa.Table) -> None:
        """Write a batch once the one before is written; what failed there is raised here."""
        self.wait()
        self._pending = self._pool.submit(write, table)

    def wait(self) -> None:
        """Wait until all is written."""
        if self._pending is not None:
            self._pending.result()

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=True)


def _total(summaries: list[pd.DataFrame]) -> pd.DataFrame:
    """Add up the parts' counts by rule, input and what is kept first."""
    return pd.concat(summaries).groupby("rule", sort=False)["rows"].sum().reset_index()


def _outcome(
    model: NamedModel,
    version: str,
    accounts: AccountBatches,
    output: Path,
    written: _Written,
    digest: str,
) -> Assignment:
    return Assignment(
        source=accounts.source,
        sha256=digest,
        output=output,
        rejected_file=rejected_path(output),
        version=version,
        summary=_total(written.summaries),
        segments=segment_shares(model, written.sums),
        sums=written.sums,
        notes=tuple(
            describe_matching(
                accounts.source, accounts.matches, accounts.derived, accounts.warnings
            )
        ),
    )
