"""All that a store holds, whatever keeps it: texts of its rows, and files of its runs and models.

In goes the address of a store. A :class:`Database` is SQLite or PostgreSQL, reached directly, of
which every row can be changed; a :class:`Server` is MLflow's, of which what its requests can. What
can be asked of both is a :class:`Store`.
Artifacts are below a few roots, each a folder of this machine or one that a server hands out.
"""

from tiktok_segments.tracking.holdings.cells import Cell
from tiktok_segments.tracking.holdings.database import Database
from tiktok_segments.tracking.holdings.records import StoreRecords, read_records
from tiktok_segments.tracking.holdings.remote_files import (
    RemoteFile,
    fetch,
    folders_below,
    replace_file,
)
from tiktok_segments.tracking.holdings.server import Server
from tiktok_segments.tracking.holdings.store import Store

__all__ = [
    "Cell",
    "Database",
    "RemoteFile",
    "Server",
    "Store",
    "StoreRecords",
    "fetch",
    "folders_below",
    "read_records",
    "replace_file",
]
