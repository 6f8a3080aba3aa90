"""Named segments of a run, and everything they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.row_sample import SAMPLE_ROWS, sample_rows
from tiktok_segments.clustering.membership import measure_membership
from tiktok_segments.clustering.redrawn_centres import redraw_centres
from tiktok_segments.clustering.stored_clusters import describe_stored_clusters
from tiktok_segments.segments.describe import describe_placed, describe_segments
from tiktok_segments.segments.identity import FittedElsewhere, SegmentIdentity
from tiktok_segments.segments.inheritance import Ancestors, keep_names
from tiktok_segments.segments.naming import SegmentName, name_segments
from tiktok_segments.terminal import progress_bar


@dataclass(frozen=True)
class Segmentation:
    """Named segments of a run, and everything they were made from.

    Attributes
    ----------
    run_id : str
        The training run.
    config : mapping
        The plain content of its composed configuration.
    dataset : Dataset
        The accounts it was fitted on.
    pipeline : Pipeline
        Its logged model, ending in k-means.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, by the logged model.
    names : list of SegmentName
        A name for each cluster.
    tiers : dict of str to float
        Follower tiers of the naming rules: name to smallest number of followers, ascending.
    redrawn : ndarray of shape (n_redraws, n_segments, n_features)
        Centres on halves of the accounts, or of a sample of them, in the scaled space.
    membership : DataFrame of shape (n_accounts, 5)
        As :func:`~tiktok_segments.clustering.membership.measure_membership` returns it.
    segments : DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe.describe_segments` returns it.
    accounts : DataFrame of shape (n_accounts, n_columns)
        As :func:`~tiktok_segments.segments.describe.describe_accounts` returns it.
    identities : list of SegmentIdentity
        Id, name and origin of each cluster.
    fitted_elsewhere : FittedElsewhere or None
        A sentence on what the model was fitted on, where that is not these accounts.
    """

    run_id: str
    config: Mapping[str, Any]
    dataset: Dataset
    pipeline: Pipeline
    labels: np.ndarray
    names: list[SegmentName]
    tiers: dict[str, float]
    redrawn: np.ndarray
    membership: pd.DataFrame
    segments: pd.DataFrame
    accounts: pd.DataFrame
    identities: list[SegmentIdentity]
    fitted_elsewhere: FittedElsewhere | None = None

    @cached_property
    def X(self) -> np.ndarray:  # noqa: N802 - as scikit-learn calls it
        """The accounts in the scaled space, of shape (n_accounts, n_features)."""
        return np.asarray(self.pipeline[:-1].transform(self.dataset.frame))

    @property
    def redrawn_accounts(self) -> int:
        """Accounts of whose halves an account's stability is: all, or about as many drawn."""
        return min(self.dataset.n_accounts, SAMPLE_ROWS)


def segment_accounts(
    run_id: str,
    config: Mapping[str, Any],
    dataset: Dataset,
    pipeline: Pipeline,
    naming: Mapping[str, Any],
    ancestors: Ancestors | None = None,
) -> Segmentation:
    """Label accounts with a fitted pipeline, name the segments and describe both.

    Where not all are in memory, those drawn give names and lines; segments are of all accounts.

    Parameters
    ----------
    run_id : str
        The training run that logged the pipeline.
    config : mapping
        Its composed configuration.
    dataset : Dataset
        The accounts.
    pipeline : Pipeline
        Fitted, ending in k-means.
    naming : mapping
        Naming rules, as in ``conf/naming``.
    ancestors : Ancestors or None
        Whose names and ids the segments keep where they match.

    Returns
    -------
    Segmentation
        The accounts in named segments.
    """
    frame = dataset.frame
    labels = np.asarray(pipeline.predict(frame))
    fresh = name_segments(frame, labels, naming)
    names, identities = keep_names(run_id, fresh, labels, ancestors)
    words, ids = [name.name for name in names], [i.segment_id for i in identities]
    rows = sample_rows(labels, dataset.accounts.keys, seed=0)
    X = np.asarray(pipeline[:-1].transform(frame.iloc[rows]))
    redrawn = redraw_centres(pipeline[-1], X, labels[rows])
    labels, membership = place_accounts(pipeline, frame, redrawn)
    accounts = describe_placed(frame, labels, membership, words, naming["tiers"])
    if dataset.stored:
        with progress_bar("accounts") as progress:
            segments = describe_stored_clusters(pipeline, dataset.accounts, words, ids, progress)
    else:
        segments = describe_segments(frame, labels, words, ids)
    return Segmentation(
        run_id=run_id,
        config=config,
        dataset=dataset,
        pipeline=pipeline,
        labels=labels,
        names=names,
        tiers=dict(naming["tiers"]),
        redrawn=redrawn,
        membership=membership,
        segments=segments,
        accounts=accounts,
        identities=identities,
    )


def place_accounts(
    pipeline: Pipeline, frame: pd.DataFrame, redrawn: np.ndarray
) -> tuple[np.ndarray, pd.DataFrame]:
    """Say which clusters accounts belong to, and how clearly.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    redrawn : ndarray of shape (n_redraws, n_segments, n_features)
        As in :class:`Segmentation`.

    Returns
    -------
    labels : ndarray of shape (n_accounts,)
        Cluster of each.
    membership : DataFrame of shape (n_accounts, 5)
        As in :class:`Segmentation`; the index is the frame's.
    """
    X = np.ascontiguousarray(pipeline[:-1].transform(frame))
    labels = np.asarray(pipeline[-1].predict(X))
    return labels, measure_membership(pipeline[-1], X, labels, redrawn).set_index(frame.index)


def as_document(segmentation: Segmentation) -> dict[str, Any]:
    """Return the segments as plain data, for ``segments.json``.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.

    Returns
    -------
    dict
        The run, its data and, per segment, name, tier, evidence and statistics.
    """
    rows = segmentation.segments.astype(object).where(segmentation.segments.notna(), None)
    return {
        "run_id": segmentation.run_id,
        "data_source": segmentation.dataset.source,
        "data_sha256": segmentation.dataset.sha256,
        "synthetic": segmentation.dataset.synthetic,
        "accounts": segmentation.dataset.n_accounts,
        "segments": [
            {
                **row,
                "origin": identity.origin,
                "formerly": identity.formerly,
                "tier": name.tier,
                "evidence": name.evidence,
            }
            for row, name, identity in zip(
                rows.to_dict("records"), segmentation.names, segmentation.identities, strict=True
            )
        ],
    }
