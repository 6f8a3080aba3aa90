"""Calls for notebooks: plain arguments with the defaults of the commands' configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml
from sklearn.base import TransformerMixin, clone
from sklearn.preprocessing import StandardScaler

from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.clustering.engines.in_memory import fit, scale_accounts
from tiktok_segments.clustering.fitted import Fitted
from tiktok_segments.defaults import default_file, default_root
from tiktok_segments.errors import InputError
from tiktok_segments.validation.matrix import check_seed

if TYPE_CHECKING:
    from tiktok_segments.tracking.named_model import NamedModel

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
    return scale_accounts(columns, _scaler(scaler), Accounts.of(frame)).X


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


def load_naming(path: str | Path | None = None) -> dict[str, Any]:
    """Load naming rules for :func:`~tiktok_segments.segments.naming.name_segments`.

    Parameters
    ----------
    path : str or Path, optional
        A whole file of rules in YAML; the project's ``conf/naming/median.yaml`` by default.

    Returns
    -------
    dict
        ``follower_statistic``, ``tiers`` and ``rules``.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks one of the three.

    Examples
    --------
    >>> load_naming()["rules"][0]
    {'name': 'Celebrity Accounts', 'when': {'followers': [5000000, None]}}
    """
    file = Path(path).expanduser() if path else default_file("naming/median.yaml")
    try:
        rules = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"The naming rules {file} cannot be read: {reason}") from None
    needed = ("follower_statistic", "tiers", "rules")
    if not isinstance(rules, dict) or (lacking := [name for name in needed if name not in rules]):
        lack = ", ".join(lacking if isinstance(rules, dict) else needed)
        raise InputError(f"The naming rules {file} lack {lack}; see conf/naming/median.yaml.")
    return rules


def load_model(address: str | None = None) -> NamedModel:
    """Load a model with named segments from MLflow.

    ``MLFLOW_TRACKING_URI`` says where the store is; without it, it is that of this project, or that
    of the current folder where the package was installed.

    Parameters
    ----------
    address : str, optional
        A version's number, a run's id, or ``models:/...``; the champion by default.

    Returns
    -------
    NamedModel
        For :func:`~tiktok_segments.monitoring.assign.assign_accounts`.

    Raises
    ------
    InputError
        If there is no such model, it was changed since it was promoted, or it has no names.
    StoreError
        If the store cannot be reached.

    Examples
    --------
    >>> load_model("")
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: The model's address is empty; leave it out for the champion.
    """
    if address == "":
        raise InputError("The model's address is empty; leave it out for the champion.")
    os.environ.setdefault("TIKTOK_SEGMENTS_ROOT", str(default_root()))
    from tiktok_segments.registry.choose import choose_model
    from tiktok_segments.tracking import connection  # MLflow takes seconds to import

    connection.connect()
    return choose_model(address if address is None else str(address))


def _scaler(scaler: TransformerMixin | None) -> TransformerMixin:
    return StandardScaler() if scaler is None else clone(scaler)
