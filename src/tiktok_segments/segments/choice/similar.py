"""Accounts like one: the nearest in the model's space, with what they share with it."""

import numpy as np
import pandas as pd

from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice.decisions import handles
from tiktok_segments.segments.choice.everyone import find_part
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.segments.segmentation import Segmentation


def point_of(segmentation: Segmentation, account: str) -> np.ndarray:
    """Return where an account is in the scaled space.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    account : str
        A handle, in any case, with or without ``@``.

    Returns
    -------
    ndarray of shape (n_features,)
        Its scaled features.

    Raises
    ------
    InputError
        If there is no such account.
    """
    found = find_part(segmentation, "looking for the account", lambda part: _is(part, account))
    places = np.flatnonzero(_is(found, account))
    if not len(places):
        raise InputError(
            f"There is no account {account[:80]!r} among the {segmentation.dataset.n_accounts:,} "
            "of this run, so that none can be like it."
        )
    return np.asarray(found.X[places[0]])


def find_alike(segmentation: Segmentation, account: str, point: np.ndarray) -> pd.DataFrame:
    """Say how near every account is to one, and in what.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run, or a part of its accounts.
    account : str
        A handle, in any case, with or without ``@``.
    point : ndarray of shape (n_features,)
        Where it is, see :func:`point_of`.

    Returns
    -------
    DataFrame of shape (n_accounts, 4)
        ``score``, 1 / (1 + d) with the Euclidean distance d in the scaled features; ``in_common``
        and ``differs``, the measures that it is nearest and farthest in; ``is_itself``. The index
        is the accounts'.
    """
    apart = np.abs(segmentation.X - point)
    # What all accounts have alike is nothing that two of them have in common.
    telling = np.ptp(segmentation.X, axis=0) > 0 if len(apart) > 1 else np.ones(len(point), bool)
    distance = np.sqrt((apart**2).sum(axis=1))
    words = np.array(
        [plain_name(name) for name in raw_columns(segmentation.pipeline)], dtype=object
    )
    return pd.DataFrame(
        {
            "score": 1 / (1 + distance),
            "in_common": words[np.where(telling, apart, np.inf).argmin(axis=1)],
            "differs": words[apart.argmax(axis=1)],
            "is_itself": _is(segmentation, account),
        },
        index=segmentation.accounts.index,
    )


def _is(segmentation: Segmentation, account: str) -> np.ndarray:
    wanted = handles(pd.Series([account])).iloc[0]
    return (handles(segmentation.accounts["account_id"]) == wanted).to_numpy(dtype=bool)
