"""Accounts in a lake: read, cleaned and passed over by Apache Spark, on one machine or many.

In goes what Spark can read: files in any place, or a table. Its partitions are cleaned where they
are, by the functions that clean every other export; what only the whole export tells is put
together here. Out comes the same as of a stream: a sample of the accounts in memory, and the
numbers of all of them, which stay with Spark.

Spark is no part of what the project needs, and is imported when it is asked for only.
"""

from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.gathering import (
    LakeGathering,
    clean_lake,
    digest_of_content,
    gather_lake,
)
from tiktok_segments.accounts.lake.layout import declare_columns, plain_frame
from tiktok_segments.accounts.lake.rows import LakeRows
from tiktok_segments.accounts.lake.session import open_session
from tiktok_segments.accounts.lake.shipping import on_partitions
from tiktok_segments.accounts.lake.source import LakeSource
from tiktok_segments.accounts.lake.watching import watched

__all__ = [
    "LakeGathering",
    "LakeRows",
    "LakeSource",
    "clean_lake",
    "declare_columns",
    "digest_of_content",
    "gather_lake",
    "on_partitions",
    "open_session",
    "plain_failures",
    "plain_frame",
    "watched",
]
