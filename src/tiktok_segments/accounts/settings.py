"""Settings of the room: what a configuration says about data, cleaning and outliers, checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_segments.accounts.filters import CleanRules, OutlierRule
from tiktok_segments.accounts.privacy.asked import UNNAMED, read_pseudonyms
from tiktok_segments.accounts.privacy.forgotten import Forgotten, read_forgotten
from tiktok_segments.accounts.privacy.pseudonyms import Pseudonyms
from tiktok_segments.containers.hints import HINTS, Hints, Positions, Rows
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import AliasTable, alias_file, load_alias_table
from tiktok_segments.export.matching import Matching, match_columns
from tiktok_segments.schema import COLUMNS

if TYPE_CHECKING:
    from tiktok_segments.accounts.lake.settings import SparkSettings


@dataclass(frozen=True)
class Naming:
    """How an export may call its columns, and what its accounts are to be called.

    Parameters
    ----------
    table : AliasTable
        Known names.
    hints : Hints
        What the user says about it.
    pseudonyms, forgotten : Pseudonyms, Forgotten or None
        What stands in place of handles, and accounts that are left out whoever brings them.
    """

    table: AliasTable
    hints: Hints
    pseudonyms: Pseudonyms | None = None
    forgotten: Forgotten | None = None

    def select(self, names: Sequence[str]) -> Positions:
        """Return the positions of the columns to read: all that may turn out to be needed."""
        matching = self.match(names, self.hints.rows)
        if matching.per_video or self.hints.rows is not None:
            addressed = ["url"] if "video_url" in matching.positions else []
            return Positions(matching.selected(), [*matching.positions, *addressed])
        both = {*matching.selected(), *self.match(names, "videos").selected()}
        return Positions(sorted(both), matching.positions)

    def match(self, names: Sequence[str], rows: Rows | None) -> Matching:
        """Match a file's columns to the canonical ones, its rows being of videos or accounts."""
        hints = self.hints
        return match_columns(names, self.table, dict(hints.columns), dict(hints.units), rows)


@dataclass(frozen=True)
class DataSettings:
    """Which accounts.

    Parameters
    ----------
    path, hints : Path or None, Hints
        The export, None for the sample; how it is to be read.
    aliases : Path
        Table of the names that exports give their columns.
    n_profiles, sample_seed : int
        Size and seed of the sample.
    address : str or None
        The export as it was given, which Spark may know better than this machine.
    table, format : str or None
        A table that Spark knows instead; how Spark is to read files.
    pseudonyms, forgotten : Pseudonyms, Forgotten or None
        What stands in place of handles, and accounts that are left out whoever brings them.
    """

    path: Path | None
    hints: Hints
    aliases: Path
    n_profiles: int
    sample_seed: int
    address: str | None = None
    table: str | None = None
    format: str | None = None
    pseudonyms: Pseudonyms | None = None
    forgotten: Forgotten | None = None

    def naming(self) -> Naming:
        """Read the table of names; say how columns and accounts are called."""
        table = load_alias_table(self.aliases)
        return Naming(table, self.hints, self.pseudonyms, self.forgotten)


@dataclass(frozen=True)
class DatasetSettings:
    """All that decides which accounts are loaded.

    Parameters
    ----------
    data : DataSettings
        Where they come from.
    clean, outliers : CleanRules, OutlierRule
        The account filter and the limit for missing values; which extreme ones are left out.
    needed : frozenset of str or None
        Columns that no account may lack, beside the required ones; all where None.
    streamed : bool
        Whether the export is read as a stream, and never in memory as a whole.
    spark : SparkSettings or None
        Where Spark runs that reads it; None where this process does.
    texts : bool
        Whether a stream keeps the texts of all accounts, too.
    """

    data: DataSettings
    clean: CleanRules
    outliers: OutlierRule
    needed: frozenset[str] | None
    streamed: bool = False
    spark: SparkSettings | None = None
    texts: bool = False


Part = Mapping[str, Any]
"""A part of a configuration."""
DATA_PARTS = ("data", "clean", "outliers")
"""Parts of a configuration that decide which accounts are loaded."""


def parse_data(data: Part) -> DataSettings:
    """Return what a configuration says about data, as in ``conf/data``.

    Raises
    ------
    InputError
        If a setting is of another type, or the published file or a key is not there.
    """
    path, hidden = data["path"], read_pseudonyms(data)
    if path == UNNAMED and hidden:
        raise InputError(
            "The store does not say where these accounts are: under pseudonyms no file is named.\n"
            "Name their export: data.path=FILE"
        )
    if path == "":  # which as a Path would be the current folder
        raise InputError("data.path is empty.\nGive that of an export: a file, a folder or a glob.")
    if data.get("url") and not Path(str(path)).exists():
        raise InputError(
            f"{path} is not there yet.\nDownload it first: python scripts/fetch_data.py"
        )
    n_profiles, seed = data["n_profiles"], data["sample_seed"]
    if path is None and not (isinstance(n_profiles, int) and isinstance(seed, int) and seed >= 0):
        raise InputError(
            f"data.n_profiles={n_profiles} and data.sample_seed={seed} must be whole numbers, "
            "the seed from 0."
        )
    return DataSettings(
        path=None if path is None else Path(str(path)).expanduser(),
        hints=Hints.of(**{name: data.get(name) for name in HINTS}),
        aliases=alias_file(data["aliases"]),
        n_profiles=n_profiles,
        sample_seed=seed,
        address=None if path is None else str(path),
        table=data.get("table"),
        format=data.get("format"),
        pseudonyms=hidden,
        forgotten=read_forgotten(),
    )


def clean_rules(clean: Part) -> CleanRules:
    """Return the rules of cleaning that a configuration gives, as in ``conf/clean``.

    Raises
    ------
    InputError
        If a setting is of another type.
    """
    min_followers, verified_only = clean["min_followers"], clean["verified_only"]
    if isinstance(min_followers, bool) or not isinstance(min_followers, int):
        raise InputError(f"clean.min_followers is {min_followers}; give a whole number.")
    if not isinstance(verified_only, bool):
        raise InputError(f"clean.verified_only is {verified_only}; give true or false.")
    return CleanRules(
        min_followers=min_followers,
        regions=_texts("clean.regions", clean["regions"]),
        languages=_texts("clean.languages", clean["languages"]),
        verified_only=verified_only,
        max_missing_share=clean["max_missing_share"],
    )


def needed_columns(config: Part, default: Collection[str] | None = None) -> frozenset[str] | None:
    """Return the columns that no account may lack: ``clean.needs``, else those of the features.

    Parameters
    ----------
    config : mapping
        A configuration.
    default : collection of str, optional
        The columns where it has no features.

    Returns
    -------
    frozenset of str or None
        None, for all columns, where the configuration has neither.

    Raises
    ------
    InputError
        If ``clean.needs`` names a column that is not canonical.

    Examples
    --------
    >>> sorted(needed_columns({"clean": {}, "features": {"columns": {"likes": "raw"}}}))
    ['likes']
    """
    needs = config["clean"].get("needs")
    of_features = (config.get("features") or {}).get("columns", default)
    names = of_features if needs is None else _texts("clean.needs", needs)
    if unknown := sorted(set(names or ()) - set(COLUMNS)):
        raise InputError(
            f"clean.needs names {', '.join(unknown)}.\nValid are: {', '.join(COLUMNS)}."
        )
    return None if names is None else frozenset(map(str, names))


def outlier_rule(outliers: Part) -> OutlierRule:
    """Return the rule that a configuration gives, as in ``conf/outliers``."""
    return OutlierRule(tuple(outliers["columns"]), outliers["factor"])


def _texts(name: str, values: Any) -> tuple[str, ...]:
    """Return a setting's values as texts; one value may stand without brackets."""
    listed = [values] if isinstance(values, (str, bool)) else list(values)
    if any(isinstance(value, bool) for value in listed):
        # YAML takes the code of Norway for a switch.
        raise InputError(f"{name}: quote NO and the like, as in {name}=['NO'].")
    return tuple(map(str, listed))
