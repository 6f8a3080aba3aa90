"""The engine for more accounts than k-means starts from: a sample, then passes over all.

Nothing here asks for all accounts at once: it does not matter whether they are in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.cluster import KMeans
from sklearn.pipeline import Pipeline
from sklearn.utils.parallel import Parallel, delayed

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.accounts.row_sample import Accounts, sample_rows
from tiktok_segments.clustering.admissible import inadmissible_reasons
from tiktok_segments.clustering.engines.exchange import seek_starts
from tiktok_segments.clustering.engines.in_memory import ScaledSpace, start_kmeans
from tiktok_segments.clustering.engines.passes import (
    PointPass,
    move_centres,
    sum_passes,
    with_centres,
)
from tiktok_segments.clustering.engines.scaler_pass import ScalerPass
from tiktok_segments.clustering.fitted import Fitted, LabelsDigest, Sample, digest_sum
from tiktok_segments.clustering.pipeline import (
    build_pipeline,
    check_k,
    cluster_order,
    order_clusters,
    raw_columns,
    scale_features,
)
from tiktok_segments.errors import InputError

END_TOLERANCE = 1e-8
"""Of the best start on the sample: scikit-learn's ``tol``, which is 1e-4 for all the starts."""

Progress = Callable[[str, int, int], None]
"""Called with what is done, accounts done, and accounts in all."""


def scale_accounts(
    columns: Mapping[str, str], scaler: TransformerMixin, accounts: Accounts, progress: Progress
) -> ScaledSpace:
    """Make a space of accounts.

    A scaler that learns part by part, as StandardScaler and MinMaxScaler do, learns from all of
    them, by the exact update of moments [1]_; another one, as those by quantiles, from the sample.

    Parameters
    ----------
    columns : mapping of str to str
        The feature set: canonical column to transform.
    scaler : transformer
        Any scikit-learn scaler, not fitted; fitted on return.
    accounts : Accounts
        With every column of the feature set.
    progress : callable
        See :data:`Progress`.

    Returns
    -------
    ScaledSpace
        With the sample's points.

    Raises
    ------
    InputError
        If a column is not there.

    References
    ----------
    .. [1] Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for
       computing sample variances", Stanford STAN-CS-79-773.
    """
    drawn = accounts.drawn.frame
    pipeline = build_pipeline(columns, scaler, k=2, n_init=1, seed=0)
    X = scale_features(pipeline, drawn)
    if hasattr(scaler, "partial_fit"):
        features, scaler = (pipeline.named_steps[name] for name in ("features", "scaler"))
        learning = ScalerPass(raw_columns(pipeline), features, scaler)
        _go_through(accounts, progress, "means and spreads", learning)
        X = np.ascontiguousarray(pipeline[:-1].transform(drawn))
    X.flags.writeable = False
    return ScaledSpace(pipeline.steps[:-1], X, "; ".join(inadmissible_reasons(X, list(columns))))


def fit(
    space: ScaledSpace,
    accounts: Accounts,
    *,
    k: int,
    n_init: int,
    seed: int,
    progress: Progress,
    init: np.ndarray | None = None,
) -> Fitted:
    """Cluster accounts: k-means on the sample, then passes over all of them.

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
    progress : callable
        See :data:`Progress`.
    init : ndarray of shape (k, n_features), optional
        Where k-means starts, instead of at random.

    Returns
    -------
    Fitted
        All that is asked of a clustering.

    Raises
    ------
    InputError
        If there are not more different accounts than clusters, or a cluster is so small that no
        account of the sample is in it.
    """
    check_k(k, space.X)
    drawn = accounts.drawn
    progress(f"starting from {len(space.X):,} accounts", 0, accounts.n_accounts)
    start = _start(space.X, start_kmeans(k, n_init, seed, init))
    pipeline = Pipeline([*space.steps, ("kmeans", start)])
    go = partial(_go_through_points, accounts, pipeline, progress)
    moved, inertias = move_centres(start, partial(go, "moving the centres"))
    moved.labels_ = moved.predict(space.X)
    rows = sample_rows(moved.labels_, drawn.keys, seed)
    labels, frame, X = moved.labels_[rows], drawn.frame.iloc[rows], space.X[rows]
    if len(np.unique(labels)) < k:
        raise InputError(
            f"k is {k}; one of the clusters has none of the {len(space.X):,} accounts that they "
            "start from.\nChoose a smaller k, or another seed."
        )
    values = frame["followers"].to_numpy() if "followers" in frame else X[:, 0]
    order = cluster_order(values, labels)
    ordered = order_clusters(moved, order)
    digest, in_memory = LabelsDigest(), list[np.ndarray]()

    def see(some: np.ndarray) -> None:
        digest.add(some)
        if accounts.stored is None:
            in_memory.append(some)

    clusters, labelled = sum_passes(
        ordered,
        partial(go, "adding up", keyed=not accounts.has_order),
        see if accounts.has_order else None,
    )
    ordered.inertia_ = float(clusters.scatter.sum())
    pipeline.steps[-1] = ("kmeans", ordered)
    return Fitted(
        pipeline=pipeline,
        clusters=clusters,
        sample=Sample(frame, X, ordered.labels_[rows]),
        unfit=space.unfit,
        labels=np.concatenate(in_memory) if in_memory else None,
        labels_sha256=digest.sha256() if accounts.has_order else digest_sum(labelled),
        start_rows=len(space.X),
        inertias=inertias,
    )


def measure_inertia(pipeline: Pipeline, accounts: Accounts, progress: Progress) -> float:
    """Sum the squared distances of all accounts to the means of a fitted pipeline's clusters."""
    go = partial(_go_through_points, accounts, pipeline, progress, "adding up")
    return float(sum_passes(pipeline[-1], go)[0].scatter.sum())


def _start(X: np.ndarray, kmeans: KMeans) -> KMeans:
    """Fit k-means on the sample, its best start to the end.

    A start ends where the centres hardly move, and on a flat continuum that can be 0.1 % of inertia
    above the optimum: seconds here, dozens of passes over all accounts. Where it started at random,
    it is also seen whether centres do better elsewhere.
    """

    def to_end(start: np.ndarray) -> KMeans:
        return KMeans(n_clusters=len(start), init=start, n_init=1, tol=END_TOLERANCE).fit(X)

    if isinstance(kmeans.init, str):
        starts = seek_starts(X, kmeans)
    else:
        starts = [kmeans.fit(X).cluster_centers_]
    ends = Parallel(n_jobs=-1, prefer="threads")(delayed(to_end)(start) for start in starts)
    return with_centres(kmeans, min(ends, key=lambda end: end.inertia_).cluster_centers_)


class _Scaled(AccountPass):
    """A pass over accounts as points, as one over accounts."""

    def __init__(self, pipeline: Pipeline, points: PointPass, keyed: bool) -> None:
        self._raw = raw_columns(pipeline)
        self.columns: Sequence[str] = [*self._raw, KEY] if keyed else self._raw
        self._steps, self._points = pipeline[:-1], points

    def prepare(self, block: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        keys = block[KEY].to_numpy(dtype=np.uint64) if KEY in block else None
        X = np.ascontiguousarray(self._steps.transform(block[self._raw]))
        return X, self._points.kmeans.predict(X), keys

    def add(self, prepared: tuple[np.ndarray, np.ndarray, np.ndarray | None]) -> None:
        self._points.add(*prepared)

    def found(self) -> Sums:
        return self._points.found()

    def join(self, found: Sums) -> None:
        self._points.join(found)


def _go_through_points(
    accounts: Accounts,
    pipeline: Pipeline,
    progress: Progress,
    step: str,
    points: PointPass,
    *,
    keyed: bool = False,
) -> None:
    """Show all accounts to a pass, as scaled features."""
    _go_through(accounts, progress, step, _Scaled(pipeline, points, keyed))


def _go_through(accounts: Accounts, progress: Progress, step: str, through: AccountPass) -> None:
    """Show all accounts to a pass, and tell how far it is."""
    accounts.go_through(through, lambda done: progress(step, done, accounts.n_accounts))
