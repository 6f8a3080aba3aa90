"""Clusterings of a frame of profiles in one call, with the defaults of the configuration."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin, clone
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts.row_sample import Accounts, check_seed
from tiktok_segments.clustering.engines import fit, in_memory, scale_accounts
from tiktok_segments.clustering.fitted import Fitted
from tiktok_segments.errors import InputError

CORE: Mapping[str, str] = {
    "followers": "log_count",
    "following": "log_count",
    "videos": "log_count",
    "engagement_rate": "log_rate",
}
"""The feature set ``core`` of the configuration: canonical column to transform."""


def scale_profiles(
    frame: pd.DataFrame,
    columns: Mapping[str, str] = CORE,
    scaler: TransformerMixin | None = None,
) -> np.ndarray:
    """Return accounts as points: transformed and scaled features, as k-means sees them.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    columns : mapping of str to str, default CORE
        Canonical column to transform: ``raw``, ``log_count``, ``log_rate``, ``log_comment_rate``.
    scaler : transformer, optional
        Any scikit-learn scaler, which is not changed; a StandardScaler by default.

    Returns
    -------
    ndarray of shape (n_accounts, n_features)
        For :func:`~tiktok_segments.validation.separation.examine`.

    Raises
    ------
    InputError
        If a column is not there, or a transform is unknown.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [0, 99, 9999]})
    >>> scale_profiles(frame, {"followers": "log_count"}).round(2).ravel().tolist()
    [-1.22, 0.0, 1.22]
    """
    return in_memory.scale_accounts(columns, _scaler(scaler), Accounts.of(frame)).X


def fit_segments(
    frame: pd.DataFrame,
    k: int,
    columns: Mapping[str, str] = CORE,
    scaler: TransformerMixin | None = None,
    *,
    n_init: int = 10,
    random_state: int = 42,
) -> Fitted:
    """Cluster accounts, as a run of ``train.py`` does.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    k : int
        Number of clusters, from 2 to one less than the accounts.
    columns : mapping of str to str, default CORE
        Canonical column to transform.
    scaler : transformer, optional
        Any scikit-learn scaler, which is not changed; a StandardScaler by default.
    n_init : int, default 10
        Starts of k-means, of which the best is kept.
    random_state : int, default 42
        Seed of the starts.

    Returns
    -------
    Fitted
        ``labels`` of shape (n_accounts,), from 0 to k - 1 by the median of their followers, and
        the fitted ``pipeline``, whose ``predict`` takes canonical columns.

    Raises
    ------
    InputError
        If a column is not there, a transform is unknown, k is not a whole number from 2, or there
        are not more different accounts than clusters.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10, 12, 900, 950]})
    >>> fitted = fit_segments(frame, 2, {"followers": "log_count"})
    >>> fitted.labels.tolist(), fitted.pipeline.predict(pd.DataFrame({"followers": [800]})).tolist()
    ([0, 0, 1, 1], [1])
    """
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 2:
        raise InputError(f"k is {k!r}; give a whole number from 2.")
    accounts = Accounts.of(frame)
    space = scale_accounts(columns, _scaler(scaler), accounts)
    return fit(space, accounts, k=int(k), n_init=n_init, seed=check_seed(random_state))


def _scaler(scaler: TransformerMixin | None) -> TransformerMixin:
    return StandardScaler() if scaler is None else clone(scaler)
