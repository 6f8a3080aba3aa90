"""The figure of a training run, as data: what it shows, before it is drawn."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_segments.clustering.fitted import Fitted
from tiktok_segments.clustering.pipeline import raw_columns


@dataclass(frozen=True)
class RunFigure:
    """What a run's figure shows; of all accounts or of a sample.

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


def prepare_run_figure(fitted: Fitted, silhouettes: np.ndarray, synthetic: bool) -> RunFigure:
    """Work out what a run's figure shows, of a sample where there are many accounts.

    Parameters
    ----------
    fitted : Fitted
        The run's clustering.
    silhouettes : ndarray of shape (n_sampled,)
        Of the accounts of its sample.
    synthetic : bool
        Whether the accounts are made up.

    Returns
    -------
    RunFigure
        To be drawn.
    """
    sample, counts = fitted.sample, fitted.clusters.counts
    frame, sampled, n_accounts = sample.frame, len(sample.labels), int(counts.sum())
    note = f"{n_accounts:,} {'synthetic accounts' if synthetic else 'accounts'}"
    places, places_note = None, ""
    if {"followers", "engagement_rate"} <= set(frame.columns):
        places = frame[["followers", "engagement_rate"]].assign(cluster=sample.labels).dropna()
        if sampled < n_accounts:
            places_note = f"; a random {sampled:,} of {n_accounts:,} accounts"
    return RunFigure(
        silhouettes=silhouettes,
        labels=sample.labels,
        note=note if sampled == n_accounts else f"a random {sampled:,} of {note}",
        centres=fitted.pipeline[-1].cluster_centers_,
        medians=median_profile(fitted),
        names=tuple(f"cluster {i} ({size:,})" for i, size in enumerate(counts)),
        places=places,
        places_note=places_note,
    )


def median_profile(fitted: Fitted) -> pd.DataFrame:
    """Return the raw medians of each cluster's accounts, of a sample where there are many.

    Parameters
    ----------
    fitted : Fitted
        A run's clustering.

    Returns
    -------
    DataFrame of shape (n_clusters, n_columns)
        A row per cluster, a canonical column for each feature.
    """
    sample = fitted.sample
    medians: pd.DataFrame = (
        sample.frame[raw_columns(fitted.pipeline)]
        .groupby(sample.labels)
        .median()
        .reindex(range(len(fitted.clusters.counts)))
    )
    return medians
