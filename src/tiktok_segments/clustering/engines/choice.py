"""Which engine fits: by whether the accounts that k-means starts from are all of them."""

from collections.abc import Mapping

import numpy as np
from sklearn.base import TransformerMixin

from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.clustering.engines import in_memory, sampled
from tiktok_segments.clustering.engines.in_memory import ScaledSpace
from tiktok_segments.clustering.engines.sampled import Progress
from tiktok_segments.clustering.fitted import Fitted


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody of the progress."""


def scale_accounts(
    columns: Mapping[str, str],
    scaler: TransformerMixin,
    accounts: Accounts,
    progress: Progress = silent,
) -> ScaledSpace:
    """Make a space of accounts.

    Parameters
    ----------
    columns : mapping of str to str
        The feature set: canonical column to transform.
    scaler : transformer
        Any scikit-learn scaler, not fitted; fitted on return.
    accounts : Accounts
        With every column of the feature set.
    progress : callable, optional
        Called with what is done, accounts done, and accounts in all, where there are many.

    Returns
    -------
    ScaledSpace
        For any number of fits.

    Raises
    ------
    InputError
        If a column is not there.
    """
    if accounts.drawn is accounts:
        return in_memory.scale_accounts(columns, scaler, accounts)
    return sampled.scale_accounts(columns, scaler, accounts, progress)


def fit(
    space: ScaledSpace,
    accounts: Accounts,
    *,
    k: int,
    n_init: int,
    seed: int,
    init: np.ndarray | None = None,
    progress: Progress = silent,
) -> Fitted:
    """Cluster accounts.

    Parameters
    ----------
    space : ScaledSpace
        What :func:`scale_accounts` makes of them.
    accounts : Accounts
        The same.
    k : int
        Number of clusters.
    n_init : int
        Number of k-means++ starts, of which the best is kept.
    seed : int
        Seed of the starts and of the sample that is kept.
    init : ndarray of shape (k, n_features), optional
        Where k-means starts, instead of at random.
    progress : callable, optional
        Called with what is done, accounts done, and accounts in all, where there are many.

    Returns
    -------
    Fitted
        All that is asked of a clustering.

    Raises
    ------
    InputError
        If there are not more different accounts than clusters, or a cluster is too small for
        accounts of it to be among those drawn.
    """
    if accounts.drawn is accounts:
        return in_memory.fit(space, accounts, k=k, n_init=n_init, seed=seed, init=init)
    return sampled.fit(space, accounts, k=k, n_init=n_init, seed=seed, init=init, progress=progress)
