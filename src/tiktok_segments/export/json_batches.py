"""JSON Lines in batches that all have the whole file's columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.export.errors import NotStreamableError
from tiktok_segments.export.flatten import flatten_records
from tiktok_segments.export.json_records import json_lines, part_entries, without_half_pairs
from tiktok_segments.export.records import Records, Select, rejections
from tiktok_segments.export.text_source import TextSource

MOST_KINDS = 5_000
"""Keys, each by the types of its values, beyond which the keys are no columns."""


class JsonLinesBatches:
    """The records of JSON Lines; see :class:`~tiktok_segments.export.batches.RecordBatches`.

    Which columns there are, and of which type, only the last line tells. So the file is looked
    through once for the first record that shows each key with each type of value; put before the
    records of a batch, and taken away again, they give every batch the columns of the whole file.

    Parameters
    ----------
    source : TextSource
        The text.
    select : callable
        Chooses the columns to read.

    Raises
    ------
    NotStreamableError
        If the keys are too many to be columns.
    """

    rows: int | None = None

    def __init__(self, source: TextSource, select: Select) -> None:
        self.source = source
        self.name = source.name
        self.select = select
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
            if len(seen) > MOST_KINDS:
                raise NotStreamableError("the keys are no columns")
        return examples

    def _entries(self) -> Iterator[tuple[list[dict[str, Any]], np.ndarray, pd.DataFrame]]:
        """Give records, their lines and what is rejected, chunk by chunk."""
        before = 0
        for chunk in self.source.chunks():
            entries, lines, broken = json_lines(without_half_pairs(chunk.decode("utf-8")))
            records, starts, others = part_entries(entries, lines + before)
            broken["line"] += before
            before = self.source.lines
            yield records, starts, pd.concat([broken, others])

    def batches(self) -> Iterator[Records]:
        """Give the records from the first on; broken lines are among the rejected."""
        for records, starts, rejected in self._entries():
            yield self._records(records, starts, rejected)
        last = self._records([], np.empty(0, dtype=np.int64), rejections([], [], ""))
        last.warnings.extend(self.source.warnings)
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
