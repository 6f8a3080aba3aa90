"""Accounts like one: the nearest in the model's space, with what they share with it."""

import numpy as np
import pandas as pd

from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice.decisions import handles
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.segments.segmentation import Segmentation


def find_alike(segmentation: Segmentation, account: str) -> pd.DataFrame:
    """Say how near every account is to one, and in what.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    account : str
        A handle, in any case, with or without ``@``.

    Returns
    -------
    DataFrame of shape (n_accounts, 4)
        ``score``, 1 / (1 + d) with the Euclidean distance d in the scaled features; ``in_common``
        and ``differs``, the measures that it is nearest and
        farthest in; ``is_itself``. The index is the accounts'.

    Raises
    ------
    InputError
        If there is no such account.
    """
    accounts = segmentation.accounts
    wanted = handles(pd.Series([account])).iloc[0]
    found = np.flatnonzero((handles(accounts["account_id"]) == wanted).to_numpy())
    if not len(found):
        raise InputError(
            f"There is no account {account[:80]!r} among the {len(accounts):,} of this run, so "
            "that none can be like it."
        )
    apart = np.abs(segmentation.X - segmentation.X[found[0]])
    distance = np.sqrt((apart**2).sum(axis=1))
    words = np.array(
        [plain_name(name) for name in raw_columns(segmentation.pipeline)], dtype=object
    )
    return pd.DataFrame(
        {
            "score": 1 / (1 + distance),
            "in_common": words[apart.argmin(axis=1)],
            "differs": words[apart.argmax(axis=1)],
            "is_itself": np.arange(len(accounts)) == found[0],
        },
        index=accounts.index,
    )
