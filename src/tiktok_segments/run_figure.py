"""What the figure of a training run shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MAP_POINTS = 5_000
"""The map shows at the most this many accounts."""


@dataclass(frozen=True)
class RunFigure:
    """What a run's figure shows; small enough to be sent to another process.

    Attributes
    ----------
    silhouettes, labels : ndarray of shape (n_sampled,)
        Of the accounts whose silhouettes were taken, with their clusters.
    note : str
        How many accounts these are, and whether they are made up.
    centres : ndarray of shape (n_clusters, n_features)
        In the scaled features.
    medians : DataFrame of shape (n_clusters, n_features)
        Raw medians of the members, a canonical column for each feature.
    names : tuple of str
        What each cluster is called.
    places : DataFrame of shape (n_shown, 3) or None
        ``followers``, ``engagement_rate`` and ``cluster`` of the accounts on the map; None where
        there is no such map.
    places_note : str
        How many accounts the map leaves out, if any.
    """

    silhouettes: np.ndarray
    labels: np.ndarray
    note: str
    centres: np.ndarray
    medians: pd.DataFrame
    names: tuple[str, ...]
    places: pd.DataFrame | None
    places_note: str


def describe_run(
    frame: pd.DataFrame,
    synthetic: bool,
    columns: Sequence[str],
    centres: np.ndarray,
    labels: np.ndarray,
    rows: np.ndarray,
    silhouettes: np.ndarray,
    seed: int,
) -> RunFigure:
    """Work out what a run's figure shows.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        What was fitted on.
    synthetic : bool
        Whether the accounts are made up.
    columns : sequence of str
        Canonical column of each feature.
    centres : ndarray of shape (n_clusters, n_features)
        In the scaled features.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    rows : ndarray of shape (n_sampled,)
        Accounts whose silhouettes were taken.
    silhouettes : ndarray of shape (n_sampled,)
        Their silhouettes.
    seed : int
        Seed of the choice of accounts on the map, where there are too many.

    Returns
    -------
    RunFigure
        To be drawn.
    """
    made_up = "synthetic accounts" if synthetic else "accounts"
    note = f"{len(frame):,} {made_up}"
    places, places_note = _places(frame, labels, seed)
    return RunFigure(
        silhouettes=silhouettes,
        labels=labels[rows],
        note=note if len(rows) == len(frame) else f"a random {len(rows):,} of {note}",
        centres=centres,
        medians=frame[list(columns)].groupby(labels).median(),
        names=tuple(f"cluster {i} ({size:,})" for i, size in enumerate(np.bincount(labels))),
        places=places,
        places_note=places_note,
    )


def _places(frame: pd.DataFrame, labels: np.ndarray, seed: int) -> tuple[pd.DataFrame | None, str]:
    """Choose the accounts of the map, and say how many are left out."""
    columns = ["followers", "engagement_rate"]
    if not set(columns) <= set(frame.columns):
        return None, ""
    places = frame[columns].assign(cluster=labels)
    if len(frame) <= MAP_POINTS:
        return places, ""
    shown = np.random.default_rng(seed).choice(len(frame), MAP_POINTS, replace=False)
    return places.iloc[shown], f"; a random {MAP_POINTS:,} of {len(frame):,} accounts"
