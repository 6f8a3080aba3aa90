"""Records of a file whose columns are matched to the canonical ones, and their values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial

import pandas as pd

from tiktok_segments.accounts.derive import sources_of
from tiktok_segments.accounts.outcome import name_matches
from tiktok_segments.accounts.privacy.pseudonyms import LEFT_OUT
from tiktok_segments.accounts.settings import Naming
from tiktok_segments.cells.spelling import Spelling, Told, settle_spelling
from tiktok_segments.cells.texts import as_strings
from tiktok_segments.containers.hints import Rows
from tiktok_segments.containers.records import (
    RecordBatches,
    Records,
    put_together,
    rejections,
)
from tiktok_segments.export.advice import (
    check_hosts,
    check_matching,
    check_platform,
    host_shares,
    names_of_platform,
)
from tiktok_segments.export.handle_columns import take_handles_in_names
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.names.titles import check_title
from tiktok_segments.export.platform_counts import check_counts_of_platform
from tiktok_segments.export.settling import HEAD, settle_matching
from tiktok_segments.export.values import Cells, Parsed, parse_values
from tiktok_segments.schema import REQUIRED

ADDRESSES = 1000
"""How many of a file's first addresses are looked at."""


def first_records(batches: Iterable[Records], number: int) -> Records | None:
    """Return the first records of a file, however its batches are cut.

    Parameters
    ----------
    batches : iterable of Records
        Of one file; no more are asked for than it takes.
    number : int
        How many records at the most.

    Returns
    -------
    Records or None
        Without what was rejected; None where the file has no record.

    Examples
    --------
    >>> import pyarrow as pa
    >>> column = pa.chunked_array([["1", "2"]])
    >>> batches = [Records(["fans"], {0: column}, lines) for lines in ([2, 3], [4, 5])]
    >>> first_records(batches, 3).columns[0].to_pylist()
    ['1', '2', '1']
    """
    taken: list[Records] = []
    rows = 0
    for batch in batches:
        if len(batch.lines):
            taken.append(batch)
            rows += len(batch.lines)
        if rows >= number:
            break
    if not taken:
        return None
    whole = put_together(taken)
    columns = {position: column.slice(0, number) for position, column in whole.columns.items()}
    return replace(
        whole,
        columns=columns,
        lines=whole.lines[:number],
        rejected=rejections([], [], ""),
        warnings=[],
    )


class MatchedRecords:
    """One file's records, and which of its columns is which.

    Parameters
    ----------
    records : RecordBatches
        The file's.
    naming : Naming
        How it may call its columns.
    head : Records, optional
        Its first records, where they are there already.
    needed : collection of str, optional
        Canonical columns that no account may lack; all by default.

    Attributes
    ----------
    head : Records or None
        Its first records, where it has any.
    matching, matches : Matching, Matches
        Which column is which, by position and by name.
    notes : tuple of str
        What the first records told that the names do not.
    pseudonyms : Pseudonyms or None
        Stand in place of handles.

    Raises
    ------
    InputError
        If it is not an export of TikTok profiles, or a unit must be said.
    """

    def __init__(
        self,
        records: RecordBatches,
        naming: Naming,
        head: Records | None = None,
        needed: Collection[str] | None = None,
    ) -> None:
        self.records, self.pseudonyms = records, naming.pseudonyms
        self._forgotten = naming.forgotten
        hidden = self.pseudonyms
        self.name = hidden.name(records.name) if hidden else records.name
        self._table, self._decimal = naming.table, naming.hints.decimal
        self.matching = naming.match(records.names, naming.hints.rows)
        head = self.head = head or first_records(records.batches(), HEAD)
        said = dict(naming.hints.columns)
        self.matching, told = take_handles_in_names(records.names, head, self.matching, said)
        if names_of_platform(records.names, naming.table):
            check_platform(records.names, self._first_hosts(head), naming.table, self.name)
        check_counts_of_platform(records.names, head, self.matching, said, self.name)
        check_matching(self.matching, records.names, naming.table, self.name, place=records.place)
        self.notes: tuple[str, ...] = ()
        if head is not None:
            settled = settle_matching(
                records.names,
                head,
                partial(self._match, naming),
                self._spell,
                naming.hints,
                self.name,
            )
            self.matching, self.notes = settled.matching, (*told, *settled.notes)
            check_title(records.place.above, self.matching, dict(naming.hints.units), self.name)
        own = set(self.matching.positions)
        wanted = own if needed is None else sources_of([*needed, *REQUIRED, "url"], own)
        self._optional = own - wanted
        shown = head if self.pseudonyms is None else None
        self.matches = name_matches(records.names, self.matching, shown, records.place)

    def _match(self, naming: Naming, rows: Rows | None) -> Matching:
        matching = naming.match(self.records.names, rows)
        own = dict(naming.hints.columns)
        return take_handles_in_names(self.records.names, self.head, matching, own)[0]

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
        return self._settle(told, self.matching)

    def _spell(self, cells: Cells, matching: Matching) -> Spelling:
        return self._settle(cells.told(), matching)

    def _settle(self, told: Told, matching: Matching) -> Spelling:
        return settle_spelling(
            told,
            factors={name: matching.factor(name) for name in matching.positions},
            languages=matching.languages,
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
        spelling = spelling or self.settle(cells.told())
        parsed = parse_values(cells, self.matching, spelling, self._optional)
        both = [cells.records.rejected, parsed.rejected]
        rejected = pd.concat(both).sort_values("line", kind="stable")
        whole = replace(parsed, frame=parsed.frame.assign(source_rows=1), rejected=rejected)
        if self._forgotten is not None:
            whole = self._forgotten.leave_out(whole)
        return whole if self.pseudonyms is None else self.pseudonyms.hide(whole)

    @property
    def left_out(self) -> frozenset[str]:
        """Columns that are not kept of what is read."""
        return frozenset(LEFT_OUT if self.pseudonyms else ())

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
            check_hosts(host_shares(addresses.head(ADDRESSES)), self._table, self.name)

    def _first_hosts(self, head: Records | None) -> dict[str, float]:
        """Return the hosts of the first addresses, of the column of them or that of accounts."""
        name = next((n for n in ("url", "account_id") if n in self.matching.positions), "")
        if head is None or not name:
            return {}
        cells = head.columns[self.matching.positions[name][0]].slice(0, ADDRESSES)
        return host_shares(as_strings(cells).to_pandas().astype(str))
