"""From the bytes of an export's files to batches of columns, and to parsed canonical columns.

What goes in: a file of CSV, TSV, JSON, JSON Lines, Parquet or Excel, plain, gzip or zip, in
whatever encoding. What comes out: :class:`RecordBatches`, each row with its line in the file;
``matching`` names their columns and ``values`` parses them.

The room uses only the modules beside the rooms.
"""

from tiktok_segments.export.containers import BatchSize, open_contents, open_records
from tiktok_segments.export.records import RecordBatches, Records, Select

__all__ = ["BatchSize", "RecordBatches", "Records", "Select", "open_contents", "open_records"]
