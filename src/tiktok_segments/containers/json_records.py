"""JSON arrays, JSON Lines and JSON objects that hold a list of records; lines in batches, too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.containers.columns.flatten import flatten_records, part_entries
from tiktok_segments.containers.encoding import without_half_pairs
from tiktok_segments.containers.nested.documents import DocumentRecords, find_records
from tiktok_segments.containers.nested.parsing import DECODER, parse_json
from tiktok_segments.containers.nested.unfolding import Unfolding, find_unfolding
from tiktok_segments.containers.records import (
    EXCERPT,
    NotStreamableError,
    OneBatch,
    Place,
    Records,
    Select,
    rejections,
)
from tiktok_segments.containers.text import TextFile
from tiktok_segments.errors import InputError

_PROBE = 5
_MOST_KINDS = 5_000
"""Keys, each by the types of its values, beyond which the keys are no columns."""
KEYS = Place("the keys of its records")


def read_json(data: bytes, name: str, select: Select, warnings: Sequence[str] = ()) -> OneBatch:
    """Read JSON in any of the shapes that exports have.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    name : str
        The file's name, for messages.
    select : callable
        Chooses the columns to read; of several shapes that a document can be read in it tells that
        of the profiles.
    warnings : sequence of str
        What a reader should know of the text.

    Returns
    -------
    OneBatch
        Lines are physical for JSON Lines, the record's number otherwise.

    Raises
    ------
    InputError
        If the text is not JSON, or holds no list of records.
    """
    found, lines, rejected = _entries(without_half_pairs(data.decode()), name, select)
    entries = found.entries
    records, starts, others = part_entries(entries, lines)
    if not records and not len(rejected):
        raise _no_record(name, entries)
    if not records:
        first = rejected.iloc[0]
        raise InputError(
            f"{name}, line {first.line:,}: {first.rule}, and so is every other row.\nExport again."
        )
    names, columns = flatten_records(records, select)
    if not names:
        raise _no_record(name, records)
    broken = pd.concat([rejected, others])
    notes = [*warnings, *(f"{name}: {note}" for note in found.notes)]
    where = f"the keys under {'.'.join(found.path)!r}" if found.path else KEYS.where
    return OneBatch(
        name, Records(names, columns, starts, rejected=broken, warnings=notes), Place(where)
    )


def _no_record(name: str, entries: list[Any]) -> InputError:
    """Say what was found where records should be."""
    first = entries[0] if entries else {}
    keys = list(first) if isinstance(first, dict) else None
    shown = f"its first entry is {json.dumps(first)[:60]}" if keys is None else "nothing in it"
    shown = f"no values under its keys {', '.join(keys[:8])[:120]}" if keys else shown
    return InputError(
        f"{name} holds no record of an account: {shown}.\n"
        "Give JSON with a list of objects, one per profile or video; from pandas, write it with "
        'to_json(orient="records").'
    )


def _entries(
    text: str, name: str, select: Select
) -> tuple[DocumentRecords, np.ndarray, pd.DataFrame]:
    if is_json_lines(text):
        entries, lines, rejected = _json_lines(text)
        unfolding = find_unfolding(entries, select)
        entries, lines = unfolding.unfold(entries, lines)
        return DocumentRecords(entries, unfolding.path, notes=unfolding.notes), lines, rejected
    document = parse_json(text, name)
    try:
        found = find_records(document, select)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    return found, np.arange(1, len(found.entries) + 1, dtype=np.int64), rejections([], [], "")


def is_json_lines(text: str) -> bool:
    """Say whether one of the first lines is an object by itself, and there is more than it."""
    if not text.lstrip().startswith("{"):
        return False
    probe = [line for line in text.split("\n", _PROBE + 1)[:_PROBE] if line.strip()]
    if len(probe) == 1:
        return False
    return any(isinstance(_try_parse(line), dict) for line in probe)


def _json_lines(text: str) -> tuple[list[Any], np.ndarray, pd.DataFrame]:
    """Return the entries of JSON Lines, the line of each, and the lines that are broken."""
    entries, lines, bad_lines, bad = [], [], [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        entry = _try_parse(line)
        if entry is None:
            bad_lines.append(number)
            bad.append(line[:EXCERPT])
        else:
            entries.append(entry)
            lines.append(number)
    return entries, np.array(lines, dtype=np.int64), rejections(bad_lines, bad, "broken JSON")


def _try_parse(line: str) -> Any:
    try:
        return DECODER.decode(line)
    except (ValueError, RecursionError):
        return None


class JsonLinesBatches:
    """The records of JSON Lines, as :class:`~.records.RecordBatches`.

    Which columns there are, and of which type, only the last line tells. So the file is looked
    through once for the first record that shows each key with each type of value; put before the
    records of a batch, and taken away again, they give every batch the columns of the whole file.

    Parameters
    ----------
    source : TextFile
        The text.
    select : callable
        Chooses the columns to read.

    Raises
    ------
    NotStreamableError
        If the keys are too many to be columns.
    """

    rows: int | None = None

    def __init__(self, source: TextFile, select: Select) -> None:
        self.source = source
        self.name, self.place = source.name, KEYS
        self.select = select
        self._unfolding = Unfolding()
        as_they_are = (record for records, _, _ in self._entries() for record in records)
        self._unfolding = find_unfolding(as_they_are, select)
        self._examples = self._find_examples()
        self.names, _ = flatten_records(self._examples, lambda names: [])

    def _find_examples(self) -> list[dict[str, Any]]:
        seen: set[tuple[object, ...]] = set()
        examples = []
        for records, _, _ in self._entries():
            for record in records:
                kinds = set(_kinds(record))
                if not kinds <= seen:
                    seen |= kinds
                    examples.append(record)
            if len(seen) > _MOST_KINDS:
                raise NotStreamableError("the keys are no columns")
        return examples

    def _entries(self) -> Iterator[tuple[list[dict[str, Any]], np.ndarray, pd.DataFrame]]:
        """Give records, their lines and what is rejected, chunk by chunk."""
        before = 0
        for chunk in self.source.chunks():
            entries, lines, broken = _json_lines(without_half_pairs(chunk.decode("utf-8")))
            unfolded = self._unfolding.unfold(entries, lines + before)
            records, starts, others = part_entries(*unfolded)
            broken["line"] += before
            before = self.source.lines
            yield records, starts, pd.concat([broken, others])

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on; broken lines are among the rejected."""
        for records, starts, rejected in self._entries():
            yield self._records(records, starts, rejected)
        last = self._records([], np.empty(0, dtype=np.int64), rejections([], [], ""))
        notes = [f"{self.name}: {note}" for note in self._unfolding.notes]
        last.warnings.extend([*self.source.warnings, *notes])
        yield last

    def _records(
        self, records: list[dict[str, Any]], starts: np.ndarray, rejected: pd.DataFrame
    ) -> Records:
        _, columns = flatten_records([*self._examples, *records], self.select)
        n_examples = len(self._examples)
        own = {position: column.slice(n_examples) for position, column in columns.items()}
        return Records(self.names, own, starts, rejected=rejected)


def _kinds(value: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Every key of a record, from the outermost, with the type of its value."""
    for key, inner in value.items():
        yield (*path, key, type(inner))
        if isinstance(inner, dict):
            yield from _kinds(inner, (*path, key))
