"""Accounts beyond memory: read once as a stream, cleaned, and kept on disk for passes over them.

In goes an export in batches; out comes a sample of its accounts, small enough for memory and the
same for any order of the rows, and the numbers of all accounts in a file beside the outputs. The
file is there as long as somebody in this process holds on to it; what a killed process left is
removed by the next one.
"""

from tiktok_segments.accounts.large.gathering import StreamGathering, gather_accounts
from tiktok_segments.accounts.large.rows import RowWriter, StoredRows
from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder

__all__ = ["RowWriter", "StoredRows", "StreamGathering", "TemporaryFolder", "gather_accounts"]
