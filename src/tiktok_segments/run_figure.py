"""What the figure of a training run shows."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from omegaconf import DictConfig, OmegaConf
from sklearn.pipeline import Pipeline

from tiktok_segments.dataset import Dataset
from tiktok_segments.pipeline import raw_columns

if TYPE_CHECKING:
    from tiktok_segments.run_panels import RunFigure

MAP_POINTS = 5_000
"""The map shows at the most this many accounts."""


def wants_figures(config: DictConfig) -> bool:
    """Say whether a configuration wants figures, as those do that do not know the setting.

    Examples
    --------
    >>> wants_figures(DictConfig({"figures": {"name": "off"}})), wants_figures(DictConfig({}))
    (False, True)
    """
    return str(OmegaConf.select(config, "figures.name")) != "off"


def describe_run(
    dataset: Dataset,
    pipeline: Pipeline,
    labels: np.ndarray,
    rows: np.ndarray,
    silhouettes: np.ndarray,
    seed: int,
) -> "RunFigure":
    """Work out what a run's figure shows.

    Parameters
    ----------
    dataset : Dataset
        What was fitted on.
    pipeline : Pipeline
        Fitted, ending in k-means.
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
    from tiktok_segments.run_panels import RunFigure  # matplotlib takes time to import

    frame = dataset.frame
    made_up = "synthetic accounts" if dataset.synthetic else "accounts"
    note = f"{len(frame):,} {made_up}"
    places, places_note = _places(frame, labels, seed)
    return RunFigure(
        silhouettes=silhouettes,
        labels=labels[rows],
        note=note if len(rows) == len(frame) else f"a random {len(rows):,} of {note}",
        centres=pipeline[-1].cluster_centers_,
        medians=frame[raw_columns(pipeline)].groupby(labels).median(),
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
