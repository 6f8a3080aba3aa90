"""Records of a file whose columns are matched to the canonical ones, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tiktok_segments.accounts.outcome import Matches
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.records import RecordBatches, Records
from tiktok_segments.export.advice import (
    check_hosts,
    check_matching,
    check_platform,
    names_of_platform,
)
from tiktok_segments.export.aliases import AliasTable, alias_table
from tiktok_segments.export.matching import Matching, match_columns
from tiktok_segments.export.spelling import Spelling, Told, settle_spelling
from tiktok_segments.export.texts import as_strings
from tiktok_segments.export.values import Cells, Parsed, parse_values

ADDRESSES = 1000
"""How many of a file's first addresses are looked at."""

_HOST = r"^(?:https?://)?(?:www\.|m\.)?([a-z0-9.-]+\.[a-z]+)(?:/|$)"


@dataclass(frozen=True)
class Naming:
    """How an export may call its columns.

    Parameters
    ----------
    table : AliasTable
        Known names.
    hints : Hints
        What the user says about it.
    """

    table: AliasTable
    hints: Hints

    @classmethod
    def of(cls, aliases: Mapping[str, Any] | None, hints: Hints) -> Naming:
        """Check and index an alias table.

        Raises
        ------
        InputError
            If it says something about a column that is not canonical.
        """
        return cls(alias_table(aliases), hints)

    def select(self, names: Sequence[str]) -> list[int]:
        """Return the positions of the columns to read."""
        return self.match(names).selected()

    def match(self, names: Sequence[str]) -> Matching:
        """Match a file's columns to the canonical ones."""
        hints = self.hints
        return match_columns(names, self.table, dict(hints.columns), dict(hints.units))


class MatchedRecords:
    """One file's records, and which of its columns is which.

    Parameters
    ----------
    records : RecordBatches
        The file's.
    naming : Naming
        How it may call its columns.

    Attributes
    ----------
    matching : Matching
        By position.
    matches : Matches
        By name.

    Raises
    ------
    InputError
        If it is not an export of TikTok profiles.
    """

    def __init__(self, records: RecordBatches, naming: Naming) -> None:
        self.records, self.name = records, records.name
        self._table, self._decimal = naming.table, naming.hints.decimal
        self.matching = naming.match(records.names)
        if names_of_platform(records.names, naming.table):
            check_platform(records.names, self._first_hosts(), naming.table, self.name)
        check_matching(
            self.matching, records.names, naming.table, self.name, line=naming.hints.header
        )
        self.matches = _name_matches(records.names, self.matching)

    def look_at(self, batch: Records) -> Cells:
        """Find the cells of the matched columns in a batch.

        Parameters
        ----------
        batch : Records
            Some or all of the file's records.

        Returns
        -------
        Cells
            For :meth:`parse`.

        Raises
        ------
        InputError
            If one name stands over two columns that disagree.
        """
        return Cells.of(batch, self.matching, self.name)

    def settle(self, told: Told) -> Spelling:
        """Say how the file spells its values, by what its cells tell and the user says."""
        return settle_spelling(
            told,
            factors={name: self.matching.factor(name) for name in self.matching.positions},
            languages=self.matching.languages,
            decimal=self._decimal,
        )

    def parse(self, cells: Cells, spelling: Spelling | None = None) -> Parsed:
        """Read a batch's values.

        Parameters
        ----------
        cells : Cells
            Of some or all of the file's records.
        spelling : Spelling, optional
            What the whole file tells, where these are some of its records.

        Returns
        -------
        Parsed
            With ``source_rows``; the rejected, with those of the batch, in order of their lines.
        """
        parsed = parse_values(cells, self.matching, spelling or self.settle(cells.told()))
        both = [cells.records.rejected, parsed.rejected]
        rejected = pd.concat(both).sort_values("line", kind="stable")
        return Parsed(parsed.frame.assign(source_rows=1), rejected, parsed.unreadable_times)

    def check_addresses(self, addresses: pd.Series) -> None:
        """Refuse a file whose first addresses are another platform's.

        Parameters
        ----------
        addresses : Series of str
            Of the column of addresses, or of accounts where there is none.

        Raises
        ------
        InputError
            Naming the platform.
        """
        if len(addresses):
            check_hosts(_shares(addresses), self._table, self.name)

    def _first_hosts(self) -> dict[str, float]:
        """Return the hosts of the first addresses, of the column of them or that of accounts."""
        first = next(iter(self.records.batches()), None)
        name = next((n for n in ("url", "account_id") if n in self.matching.positions), None)
        if first is None or name is None:
            return {}
        cells = first.columns[self.matching.positions[name][0]].slice(0, ADDRESSES)
        return _shares(as_strings(cells).to_pandas().astype(str))


def _shares(addresses: pd.Series) -> dict[str, float]:
    """Return each host's share of the first cells that hold something."""
    first = addresses.head(ADDRESSES).dropna()
    hosts = first.str.extract(_HOST, expand=False).fillna("")
    return {str(host): share for host, share in hosts.value_counts(normalize=True).items() if host}


def _name_matches(names: list[str], matching: Matching) -> Matches:
    """Return what was matched, by the columns' own names."""
    used = {position for claim in matching.positions.values() for position in claim}
    return Matches(
        {canonical: names[claim[0]] for canonical, claim in matching.positions.items()},
        tuple(name for position, name in enumerate(names) if position not in used),
        matching.per_video,
    )
