"""Records of a file whose columns are matched to the canonical ones, and their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tiktok_segments.accounts.outcome import Matches
from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.records import Place, RecordBatches, Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import AliasTable, alias_table
from tiktok_segments.export.matching import Matching, check_hosts, check_matching, match_columns
from tiktok_segments.export.values import Parsed, Spelling, parse_values

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
        return match_columns(names, self.table, dict(self.hints.columns)).selected()


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
        self._table = naming.table
        self.matching = match_columns(records.names, naming.table, dict(naming.hints.columns))
        try:
            check_matching(self.matching, records.names, naming.table, self.name)
        except InputError as error:
            raise InputError(_say_where(str(error), self.name, records.place)) from None
        self.matches = _name_matches(records.names, self.matching)

    def parse(self, batch: Records, spelling: Spelling | None = None) -> Parsed:
        """Read a batch's values.

        Parameters
        ----------
        batch : Records
            Some or all of the file's records.
        spelling : Spelling, optional
            What the whole file tells, where these are some of its records.

        Returns
        -------
        Parsed
            With ``source_rows``; the rejected, with those of the batch, in order of their lines.
        """
        parsed = parse_values(batch, self.matching, self.name, spelling)
        rejected = pd.concat([batch.rejected, parsed.rejected]).sort_values("line", kind="stable")
        return Parsed(parsed.frame.assign(source_rows=1), rejected, parsed.unreadable_times)

    def check_addresses(self, urls: pd.Series) -> None:
        """Refuse a file whose first addresses are another platform's.

        Raises
        ------
        InputError
            Naming the platform.
        """
        if len(urls):
            hosts = urls.head(ADDRESSES).str.extract(_HOST, expand=False)
            shares = hosts.value_counts(normalize=True)
            check_hosts(
                {str(host): share for host, share in shares.items()}, self._table, self.name
            )


def _say_where(message: str, name: str, place: Place) -> str:
    """Put the place of a file's header for the first line, which the message names.

    Examples
    --------
    >>> _say_where("a.csv, line 1: no column", "a.csv", Place("line 3", "data.header=N"))
    'a.csv, line 3: no column; or say where the names stand: data.header=N'
    """
    found = re.match(re.escape(name) + r", line [\d,]+: no column", message)
    if found is None:
        return message
    advice = f"; or say where the names stand: {place.settings}" if place.settings else ""
    return f"{name}, {place.where}: no column{message[found.end() :]}{advice}"


def _name_matches(names: list[str], matching: Matching) -> Matches:
    """Return what was matched, by the columns' own names."""
    used = {position for claim in matching.positions.values() for position in claim}
    return Matches(
        {canonical: names[claim[0]] for canonical, claim in matching.positions.items()},
        tuple(name for position, name in enumerate(names) if position not in used),
        matching.per_video,
    )
