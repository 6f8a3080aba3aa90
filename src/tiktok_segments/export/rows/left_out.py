"""Rows that are left out before any value is judged: they are no TikTok accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.numbers import Numbers, read_numbers
from tiktok_segments.cells.spelling import Spelling
from tiktok_segments.cells.texts import TEXT_NULLS, as_strings
from tiktok_segments.containers.records import NOTE_ROW, Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.faults import Rejection
from tiktok_segments.export.matching import NAMING, Matching, match_columns
from tiktok_segments.export.names.titles import check_title
from tiktok_segments.export.rows.named_totals import are_totals
from tiktok_segments.export.rows.platforms import (
    are_platforms,
    of_tiktok,
    on_another_platform,
)
from tiktok_segments.export.rows.summed_rows import sum_up_by_values
from tiktok_segments.schema import COLUMNS, NUMERIC_KINDS, READABLE

OTHER_PLATFORM, TOTAL_ROW = "another platform", "total or average of the others"
"""Rules for rows that are no accounts of ours, beside :data:`NOTE_ROW`."""

_SEVERAL = 2
"""Measures that stand in the accounts' place, where one may be a handle."""
_LOOKED_AT = 100
"""Rows without a number of followers that may name the columns."""
_NO_HANDLE = r"^[^@]*[\s:*]"


def leave_others_out(
    given: Mapping[str, pa.ChunkedArray],
    numbers: Mapping[str, Numbers],
    matching: Matching,
    spelling: Spelling,
    records: Records,
    rejection: Rejection,
) -> None:
    """Reject the rows of other platforms, those that sum up others, titles and notes.

    Parameters
    ----------
    given : mapping of str to pyarrow.ChunkedArray
        Cells by canonical column.
    numbers : mapping of str to Numbers
        What those of numbers hold.
    matching : Matching
        Which column is which.
    spelling : Spelling
        What the whole file tells.
    records : Records
        Where the cells are from.
    rejection : Rejection
        Takes the rows up.

    Raises
    ------
    InputError
        If the names of the columns come again in another order, another platform's name stands
        above rows, or a note may say the unit of counts.
    """
    narrow = records.rejected[records.rejected["rule"] == NOTE_ROW][:_LOOKED_AT]
    texts = (str(value).partition(": ")[2] for value in narrow["value"])
    _check_units(dict(zip(narrow["line"], texts, strict=True)), matching)
    if "platform" in given:
        rejection.mark(~of_tiktok(given["platform"]), OTHER_PLATFORM, given["platform"])
    if matching.addresses_tell:
        rejection.mark(on_another_platform(given["url"]), OTHER_PLATFORM, given["url"])
    name = next((name for name in NAMING if name in given), None)
    if name is None:
        return
    rejection.mark(are_totals(given[name]), TOTAL_ROW, given[name])
    notes = _are_notes(name, given, numbers, matching, records) | _name_measures(
        given[name], matching, records
    )
    notes[:1] |= _number_columns(given, matching)
    rejection.mark(notes, NOTE_ROW, given[name])
    if matching.per_video:
        return
    counts = {
        name: one.values
        for name, one in numbers.items()
        if name in COLUMNS and COLUMNS[name].kind == "count"
    }

    def read(rows: np.ndarray) -> dict[str, np.ndarray]:
        return {
            name: read_numbers(
                _few(given[name], rows),
                replace(COLUMNS[name], kind="number", maximum=None),
                factor=matching.factor(name),
                spelling=spelling.numbers[name],
            ).values
            for name in counts
        }

    sums = sum_up_by_values(given[name], counts, ~rejection.bad, read)
    rejection.mark(sums, TOTAL_ROW, given[name])


def _name_measures(named: pa.ChunkedArray, matching: Matching, records: Records) -> np.ndarray:
    """Say which rows are called as the columns are: a table of sums has a row for each measure."""
    if not pa.types.is_string(named.type):
        return np.zeros(len(named), dtype=bool)
    measures = [
        records.names[claim[0]].strip()
        for canonical, claim in matching.positions.items()
        if READABLE[canonical].kind in NUMERIC_KINDS
    ]
    found = np.array(pc.is_in(named, value_set=pa.array(measures, named.type)).to_numpy())
    return found & (pc.count_distinct(named.filter(pa.array(found))).as_py() >= _SEVERAL)


def _few(cells: pa.ChunkedArray, rows: np.ndarray) -> pa.ChunkedArray:
    """Return a few cells; to take them would put all chunks together before."""
    chunks = [chunk for row in rows.tolist() for chunk in cells.slice(row, 1).chunks]
    return pa.chunked_array(chunks, cells.type)


def _are_notes(
    name: str,
    given: Mapping[str, pa.ChunkedArray],
    numbers: Mapping[str, Numbers],
    matching: Matching,
    records: Records,
) -> np.ndarray:
    """Say in which rows the names of the columns come again, or a title or note stands alone."""
    named = given[name]
    notes = np.zeros(len(named), dtype=bool)
    if "followers" not in numbers or not pa.types.is_string(named.type):
        return notes
    followers = numbers["followers"]
    empty = np.flatnonzero(np.isnan(followers.values))
    if not len(empty):
        return notes
    texts = named.take(pa.array(empty))
    headers = {other: records.names[matching.positions[other][0]].strip() for other in given}
    same = pc.equal(pc.utf8_trim_whitespace(texts), headers[name])
    again = np.array(same.fill_null(False).to_numpy())
    _check_order(empty[again], given, headers, records)
    wordy = ~again & (followers.problems[empty] > 0)
    again[wordy] = _name_columns(empty[wordy], given, matching, records)
    titles = are_platforms(texts)
    alone = pc.match_substring_regex(texts, _NO_HANDLE).fill_null(False).to_numpy() | titles
    alone &= followers.problems[empty] == 0
    places = empty[alone]
    for cells in (cells for other, cells in given.items() if other != name):
        there = as_strings(cells.take(pa.array(places)))
        nothing = pc.is_in(pc.utf8_trim_whitespace(there), value_set=TEXT_NULLS)
        places = places[pc.or_kleene(nothing, pc.is_null(there)).fill_null(True).to_numpy()]
    few = places[:_LOOKED_AT].tolist()
    _check_units({int(records.lines[row]): _text(named, row) for row in few}, matching)
    if len(given) > 2:
        _check_sections(np.intersect1d(places, empty[titles]), named, records)
    notes[empty[again]] = True
    notes[places] = len(given) > 2
    return notes


def _number_columns(given: Mapping[str, pa.ChunkedArray], matching: Matching) -> bool:
    """Say whether the first row holds the number of each column, as forms have below the names."""
    if len(given) < _SEVERAL + 1 or not min(map(len, given.values())):
        return False
    return all(
        _text(cells, 0) == str(matching.positions[name][0] + 1) for name, cells in given.items()
    )


def _check_units(notes: Mapping[int, str], matching: Matching) -> None:
    """Ask for the units of counts that a note among the rows, or below them, may say."""
    said = [name for name, unit in matching.units.items() if f"data.units.{name}" in unit]
    for line, text in notes.items():
        check_title(text, matching, said, f"Line {line:,}", "that is a note")


def _check_sections(rows: np.ndarray, named: pa.ChunkedArray, records: Records) -> None:
    """Refuse another platform's name above rows, which would be taken for accounts of TikTok."""
    for row in rows.tolist():
        if not of_tiktok(named.slice(row, 1))[0]:
            raise InputError(
                f"Line {records.lines[row]:,} holds {named[row].as_py().strip()!r} and nothing "
                "else: the rows below it seem to be accounts of that platform.\n"
                "Leave in the accounts of TikTok only, or name each row's platform in a column."
            )


def _name_columns(
    rows: np.ndarray, given: Mapping[str, pa.ChunkedArray], matching: Matching, records: Records
) -> np.ndarray:
    """Say which rows hold names of columns in place of two numbers at least.

    Raises
    ------
    InputError
        If they stand in other places: what is below would be swapped.
    """
    found = np.zeros(len(rows), dtype=bool)
    columns = [name for name in given if READABLE[name].kind in NUMERIC_KINDS]
    for number, row in enumerate(rows[:_LOOKED_AT].tolist()):
        cells = [_text(given[name], row) for name in columns]
        named = match_columns(cells, matching.table).positions
        places = {name: claim[0] for name, claim in named.items() if name in columns}
        found[number] = len(places) >= _SEVERAL
        for name, place in places.items():
            if found[number] and columns[place] != name:
                header = records.names[matching.positions[columns[place]][0]].strip()
                raise _another_order(int(records.lines[row]), cells[place], header)
    return found


def _check_order(
    rows: np.ndarray,
    given: Mapping[str, pa.ChunkedArray],
    headers: Mapping[str, str],
    records: Records,
) -> None:
    """Refuse names of columns that come again in other places: what is below would be swapped."""
    others = set(map(str.strip, records.names))
    for row in rows.tolist():
        for name, header in headers.items():
            cell = _text(given[name], row)
            if cell != header and cell in others:
                raise _another_order(int(records.lines[row]), cell, header)


def _another_order(line: int, cell: str, header: str) -> InputError:
    return InputError(
        f"Line {line:,} names the columns again in another order: {cell!r} stands where {header!r} "
        "did.\nThe rows below it are another table; put it in a file of its own."
    )


def _text(cells: pa.ChunkedArray, row: int) -> str:
    return (as_strings(cells.slice(row, 1))[0].as_py() or "").strip()
