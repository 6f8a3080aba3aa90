"""Files of whatever kind, as batches of named columns whose cells are as they were.

What goes in: a file of CSV, TSV, JSON, JSON Lines, Parquet or Excel, plain, gzip or zip, in
whatever encoding, and what the user says of it (:class:`Hints`). What comes out:
:class:`RecordBatches`, each record with its line in the file.

The room uses only the modules beside the rooms. Whoever opens a file says which of its columns to
read (:data:`Select`).
"""

from tiktok_segments.containers.hints import Hints
from tiktok_segments.containers.opening import BatchSize, open_contents, open_records, read_text
from tiktok_segments.containers.records import RecordBatches, Records, Select

__all__ = [
    "BatchSize",
    "Hints",
    "RecordBatches",
    "Records",
    "Select",
    "open_contents",
    "open_records",
    "read_text",
]
