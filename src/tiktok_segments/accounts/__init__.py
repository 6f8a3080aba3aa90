"""From the records of an export to clean accounts, and what became of every row.

What goes in: a configuration's ``data``, ``clean`` and ``outliers``. What comes out: a
:class:`Dataset` in memory, or :class:`AccountBatches` of an export that may be larger; with either,
every input row is kept, filtered or rejected with a reason. Values are never filled in.

The room uses :mod:`tiktok_segments.export` and the modules beside the rooms.
"""

from tiktok_segments.accounts.dataset import Dataset, load_dataset, load_every_account
from tiktok_segments.accounts.opening import AccountBatches, open_accounts

__all__ = ["AccountBatches", "Dataset", "load_dataset", "load_every_account", "open_accounts"]
