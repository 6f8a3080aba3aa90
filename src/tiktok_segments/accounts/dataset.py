"""From a configuration to the accounts a model is fitted on: read or make, clean, outliers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from tiktok_segments.accounts.cleaning import clean_profiles, with_nan
from tiktok_segments.accounts.filters import OutlierRule, drop_outliers, require_kept
from tiktok_segments.accounts.large.account_pass import AllRows
from tiktok_segments.accounts.large.choice import choose_engine
from tiktok_segments.accounts.notes import Listener, Silent, describe_ingest, used_note
from tiktok_segments.accounts.outcome import Export, Matches, require_accounts, with_used
from tiktok_segments.accounts.reading import read_files
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.accounts.settings import (
    DatasetSettings,
    DataSettings,
    Part,
    clean_rules,
    needed_columns,
    outlier_rule,
    parse_data,
)
from tiktok_segments.accounts.synthetic import sample_export
from tiktok_segments.containers.sources import find_files

NO_MATCHES = Matches({}, (), False)
"""Of accounts that are from no export."""

KEPT = 4
"""So many data sets are kept for the other runs of a process."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Accounts ready to be clustered, and where they come from.

    Equal to nothing but itself, so that what is worked out from it can be kept by it.

    Attributes
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean canonical columns, of which those that are not needed may have missing values, as
        NaN in float64. Shared by all runs of a process: do not change it.
    source : str
        Absolute path of the export, or what the sample is.
    sha256 : str
        SHA-256 of the file's bytes; of the rows where the data is synthetic.
    synthetic : bool
        Whether the accounts were made by the sample generator.
    cleaning : DataFrame of shape (n_rules, 2)
        ``rule`` and ``rows``: what became of the rows, from the input to what is left.
    rejected : DataFrame of shape (n_rejected, 4)
        ``line``, ``account``, ``rule`` and ``value`` of every row that was bad.
    notes : tuple of str
        What was matched to what, derived, suspected and removed, a line each.
    matches : Matches
        Which columns the export has, and in which units.
    is_whole : bool
        Whether the export lacks no cell, so that other needs would make no other data set.
    engine : str
        ``memory``, or ``stream`` where the export was never in memory as a whole.
    stored : AllRows or None
        The numbers of all accounts, where ``frame`` has those drawn of them.
    path : str
        Where the export is, whatever it is called; empty where there is none.
    pseudonymous : bool
        Whether accounts have pseudonyms for handles.
    """

    frame: pd.DataFrame
    source: str
    sha256: str
    synthetic: bool
    cleaning: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[str, ...]
    matches: Matches = NO_MATCHES
    is_whole: bool = True
    engine: str = "memory"
    stored: AllRows | None = None
    path: str = ""
    pseudonymous: bool = False

    @cached_property
    def accounts(self) -> Accounts:
        """What is clustered of them."""
        return Accounts.of(self.frame, synthetic=self.synthetic, stored=self.stored)

    @property
    def has_profiles(self) -> bool:
        """Whether the accounts are on the platform under the names that they have here."""
        return not (self.synthetic or self.pseudonymous)

    @property
    def n_accounts(self) -> int:
        """How many accounts there are, in memory or not."""
        return self.accounts.n_accounts


def load_dataset(
    config: Part,
    listener: Listener | None = None,
    needed: Collection[str] | None = None,
    *,
    texts: bool = False,
) -> Dataset:
    """Read (or make), clean and filter the accounts that a configuration describes.

    The same configuration on unchanged files is worked out once in a process, for all its runs.

    Parameters
    ----------
    config : mapping
        A training configuration; ``data``, ``clean``, ``outliers`` and ``engine`` are read, and
        ``features`` for the columns that no account may lack, unless ``clean.needs`` names them.
    listener : Listener, optional
        Told if the accounts are read now, and not if they were before.
    needed : collection of str, optional
        Those columns where the configuration has no features; all by default.
    texts : bool, default False
        Whether a stream keeps the texts of all accounts, too, so that each can be written out.

    Raises
    ------
    InputError
        If the file cannot be used, or nothing is left of it.
    """
    settings = _settings(config, outlier_rule(config["outliers"]), needed, texts=texts)
    return _load(choose_engine(settings, config.get("engine")), listener)


def load_every_account(
    config: Part,
    listener: Listener | None = None,
    needed: Collection[str] | None = None,
    *,
    whole: bool = False,
    texts: bool = False,
) -> Dataset:
    """Load what a configuration describes, with the outliers that it leaves out.

    Parameters
    ----------
    config, listener, needed, texts
        As for :func:`load_dataset`; ``outliers`` is not read.
    whole : bool, default False
        Whether all of them are to be in memory, whatever ``engine`` says.
    """
    settings = _settings(config, OutlierRule(), needed, texts=texts)
    return _load(settings if whole else choose_engine(settings, config.get("engine")), listener)


def _settings(
    config: Part, outliers: OutlierRule, default: Collection[str] | None, *, texts: bool
) -> DatasetSettings:
    rules, needed = clean_rules(config["clean"]), needed_columns(config, default)
    if needed is not None:
        needed |= {*rules.columns, *outliers.columns}
    return DatasetSettings(parse_data(config["data"]), rules, outliers, needed, texts=texts)


_loaded: OrderedDict[tuple[DatasetSettings, tuple[object, ...]], Dataset] = OrderedDict()
"""The data sets that this process loaded last, by settings and by the state of the files.

One that lacks nothing is the same whatever columns are needed, and stands under no such columns.
"""


def _load(settings: DatasetSettings, listener: Listener | None) -> Dataset:
    state = _state(settings.data.path, settings.spark is not None)
    key, whole = (settings, state), (replace(settings, needed=frozenset()), state)
    dataset = _loaded.pop(whole, None)
    if dataset is not None and not dataset.is_whole and key != whole:
        _loaded[whole], dataset = dataset, None
    dataset = dataset or _loaded.pop(key, None) or _called(settings, listener or Silent())
    _loaded[whole if dataset.is_whole else key] = dataset
    while len(_loaded) > KEPT:
        _loaded.popitem(last=False)
    return dataset


def _state(path: Path | None, in_lake: bool) -> tuple[object, ...]:
    """Return what tells that one of the files was changed: name, time and size of each."""
    if path is None or (in_lake and not path.is_file()):
        return ()
    files = find_files(path).files
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def _called(settings: DatasetSettings, listener: Listener) -> Dataset:
    """Load a data set, and keep where its export is beside what it is called."""
    data = settings.data
    path = data.table or data.address or ""
    if data.path is not None and not settings.spark:
        path = str(data.path.absolute())
    return replace(_make(settings, listener), path=path, pseudonymous=bool(data.pseudonyms))


def _make(settings: DatasetSettings, listener: Listener) -> Dataset:
    if settings.spark:
        from tiktok_segments.accounts.lake.loading import load_lake

        return load_lake(settings, settings.spark, listener)
    if settings.streamed:
        from tiktok_segments.accounts.large.loading import load_stored

        return load_stored(settings, listener)
    synthetic = settings.data.path is None
    with listener.reading() as progress:
        if synthetic:
            export = _sample(settings.data)
        else:
            path, naming = str(settings.data.path), settings.data.naming()
            export = read_files(path, naming, progress, settings.needed)
        cleaned = clean_profiles(export, settings.clean, needed=settings.needed)
    notes = describe_ingest(export, cleaned)
    if not synthetic:
        listener.found(notes)
    require_accounts(export, cleaned)
    rule = settings.outliers
    frame = drop_outliers(with_nan(cleaned.frame), rule.columns, rule.factor)
    require_kept(frame)
    if dropped := len(cleaned.frame) - len(frame):
        notes.append(used_note(len(frame), dropped))
        listener.found(notes[-1:])
    return Dataset(
        frame=frame,
        source=export.source,
        sha256=export.sha256,
        synthetic=synthetic,
        cleaning=with_used(cleaned.summary, dropped, len(frame)),
        rejected=cleaned.rejected,
        notes=tuple(notes),
        matches=export.matches,
        is_whole=export.is_whole,
    )


def _sample(data: DataSettings) -> Export:
    made, pseudonyms = sample_export(data.n_profiles, data.sample_seed), data.pseudonyms
    return replace(made, frame=pseudonyms.hide_accounts(made.frame)) if pseudonyms else made
