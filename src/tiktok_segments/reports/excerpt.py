"""Which accounts the report's page holds where there are more than a page can."""

import numpy as np
import pandas as pd

PAGE_ACCOUNTS = 5_000
"""The page's table holds at the most this many accounts."""

MAP_ACCOUNTS = 3_000
"""Where not all are in the page, its map shows a random sample of this size."""


def choose_accounts(accounts: pd.DataFrame, distance: np.ndarray, limit: int) -> np.ndarray:
    """Choose the most typical and the most engaged accounts of each segment.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them.
    distance : ndarray of shape (n_accounts,)
        Of each account to its own centre.
    limit : int
        How many accounts there may be in all.

    Returns
    -------
    ndarray of shape (n_chosen,)
        Positions, ascending: all of them where they are not more than the limit; else for each
        segment the same number, half nearest its centre, half highest in engagement for their
        size (in followers, where there is no engagement).

    Examples
    --------
    >>> accounts = pd.DataFrame({"cluster": [0, 0, 0, 1], "engagement_vs_size": [1, 9, 2, 1]})
    >>> choose_accounts(accounts, np.array([0.1, 0.3, 0.2, 0.5]), limit=3).tolist()
    [1, 3]
    >>> choose_accounts(accounts, np.array([0.1, 0.3, 0.2, 0.5]), limit=4).tolist()
    [0, 1, 2, 3]
    """
    if len(accounts) <= limit:
        return np.arange(len(accounts))
    measure = "engagement_vs_size" if "engagement_vs_size" in accounts else "followers"
    engaged = -accounts[measure].to_numpy(dtype="float64")
    clusters = accounts["cluster"].to_numpy()
    quota = max(limit // len(np.unique(clusters)), 1)
    chosen = []
    for cluster in np.unique(clusters):
        members = np.flatnonzero(clusters == cluster)
        lively = members[engaged[members].argsort(kind="stable")][: (quota + 1) // 2]
        typical = members[distance[members].argsort(kind="stable")]
        others = typical[~np.isin(typical, lively)][: quota // 2]
        chosen.append(np.concatenate([lively, others]))
    return np.sort(np.concatenate(chosen))
