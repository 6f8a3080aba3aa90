"""Accounts that are in two exports, whether both are in memory or not."""

import numpy as np
import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.large.ranks import draw_ranks
from tiktok_segments.accounts.row_sample import BLOCK_ROWS, account_keys


def followed_accounts(old: Dataset, new: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the accounts of two exports that can be looked for in each other.

    Of an export that is not in memory those with the smallest hashes of their handles are. An
    account below both exports' largest such hash is among those drawn of each export that it is
    in: what is found of these accounts is an unbiased sample of what there is [1]_.

    Parameters
    ----------
    old, new : Dataset
        Both exports.

    Returns
    -------
    tuple of (DataFrame, DataFrame)
        All accounts of both where they are in memory; else those below the smaller hash.

    References
    ----------
    .. [1] Cohen and Kaplan (2007), "Summarizing data using bottom-k sketches", PODC, 225-234.
    """
    if not (old.stored or new.stored):
        return old.frame, new.frame
    ranks = [draw_ranks(account_keys(one.frame), 0) for one in (old, new)]
    bounds = [own.max() for one, own in zip((old, new), ranks, strict=True) if one.stored]
    then, now = (one.frame[own <= min(bounds)] for one, own in zip((old, new), ranks, strict=True))
    return then, now


def count_in_both(old: Dataset, new: Dataset) -> int:
    """Count the accounts that are in both of two exports: all of them, in memory or not.

    Parameters
    ----------
    old, new : Dataset
        Both exports, whose accounts are told apart by the hashes of their handles.

    Returns
    -------
    int
    """
    known = np.sort(old.accounts.every_key())
    return sum(
        int((known.searchsorted(keys, "right") > known.searchsorted(keys)).sum())
        for keys in np.array_split(new.accounts.every_key(), -(-new.n_accounts // BLOCK_ROWS))
    )
