"""Diagnostics of one space, for all numbers of clusters of a sweep at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from joblib import Parallel, delayed
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from tiktok_segments.clustering.metrics import within_inertia
from tiktok_segments.clustering.silhouettes import mean_silhouettes
from tiktok_segments.validation.matrix import canonical_sample, check_diagnosable
from tiktok_segments.validation.null import UnimodalNull
from tiktok_segments.validation.redraws.halves import measure_halves
from tiktok_segments.validation.results import KDiagnostics, SpaceDiagnostics
from tiktok_segments.validation.small_groups import Start
from tiktok_segments.validation.stability import bootstrap_stability, split_halves
from tiktok_segments.validation.valley import valley_ratios
from tiktok_segments.validation.weighted_kmeans import weighted_kmeans

DATA_N_INIT = 10


def diagnose(
    X: np.ndarray,
    ks: Iterable[int],
    *,
    random_state: int,
    n_draws: int = 20,
    n_resamples: int = 40,
    n_splits: int = 20,
    n_init: int = 8,
    max_rows: int = 5000,
    labels_by_k: Mapping[int, np.ndarray] | None = None,
    starts_by_k: Mapping[int, Start] | None = None,
    n_jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SpaceDiagnostics:
    """Compute the structure gate, valley, stability and size of every k in one space.

    The figures of one k do not depend on which others are asked for, and seeded draws not on the
    order of rows or columns, which are sorted first.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        A scaled space, finite.
    ks : iterable of int
        Numbers of clusters, from 2 to a quarter of the rows.
    random_state : int
        Seed of every draw.
    n_draws : int, default 20
        Draws of the structureless reference, at least 2.
    n_resamples : int, default 40
        Bootstrap resamples.
    n_splits : int, default 20
        Splits into halves.
    n_init : int, default 8
        Restarts of k-means in every draw, resample and half.
    max_rows : int, default 5000
        Above this the diagnostics use a seeded subsample of so many rows.
    labels_by_k : mapping of int to ndarray of shape (n_samples,), optional
        Clusters of a fitted k-means, integers from 0 to k - 1. A k without them is fitted here, on
        the rows used, with ten restarts.
    starts_by_k : mapping of int to Start, optional
        Where k-means started at small groups: resamples and halves then start there, too, and the
        k stands out as far as its small groups do.
    n_jobs : int, optional
        Processes for joblib (threads do not pay: the runs of k-means are short and hold the
        interpreter's lock).
    progress : callable, optional
        Called with the numbers of finished and of all tasks.

    Returns
    -------
    SpaceDiagnostics

    Raises
    ------
    InputError
        If X is not a finite matrix, a k is out of range, or the labels do not fit.

    Notes
    -----
    Why it is fast, at 5,000 rows, the defaults and 9 ks: a silhouette from scratch for every k of
    the data and of every draw is 21 · 9 · 5,000² = 4.7 billion distances. Computed once for the
    data and once for each draw they are 21 · 5,000² = 0.5 billion, and every k is a product with k
    indicator columns. The rest is 9 · (20 draws + 40 resamples + 2 · 20 halves) · 8 restarts =
    7,200 short runs of k-means, of which a quarter goes on beyond six iterations. A subsample
    stands in above `max_rows`, so that a million rows cost as much as 5,000, and their hash.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(150, 2)) + 9 * np.repeat([[0, 0], [0, 1], [1, 0]], 50, axis=0)
    >>> three = diagnose(X, [3], random_state=0, n_draws=5, n_resamples=5, n_splits=2).by_k[3]
    >>> bool(three.gate_z > 4), bool(three.valley < 0.1), three.stability_min_jaccard
    (True, True, 1.0)
    """
    X, ks = np.asarray(X, dtype=float), sorted({int(k) for k in ks})
    given = {k: np.asarray(labels) for k, labels in (labels_by_k or {}).items() if k in ks}
    check_diagnosable(X, ks, given, n_draws)
    streams = np.random.SeedSequence(random_state).spawn(4)
    rows, columns = canonical_sample(X, max_rows, int(streams[0].generate_state(1)[0]))
    n_samples, X = len(X), np.ascontiguousarray(X[rows][:, columns])
    with threadpool_limits(1):
        labels = {k: given[k][rows] if k in given else _fit(X, k, random_state) for k in ks}
        silhouettes = mean_silhouettes(X, list(labels.values()))
        null = UnimodalNull.fit(X)
    seeds = streams[1].generate_state(n_draws).tolist()
    starts, at = starts_by_k or {}, {}
    for k in ks:
        at[k] = starts[k].centres[:, columns] if k in starts else None
    boot_seed, split_seed = streams[2].generate_state(2).tolist()
    tasks = [
        *(delayed(_null_draw)(null, ks, n_init, seed) for seed in seeds),
        *(delayed(_bootstrap)(X, labels[k], k, n_resamples, n_init, boot_seed, at[k]) for k in ks),
        *(delayed(_halves)(X, labels[k], k, n_splits, n_init, split_seed, at[k]) for k in ks),
    ]
    results = []
    for result in Parallel(n_jobs=n_jobs, return_as="generator")(tasks):
        results.append(result)
        if progress is not None:
            progress(len(results), len(tasks))
    draws = np.array(results[:n_draws])
    by_k = {
        k: _summary(
            X,
            labels[k],
            k,
            sizes=np.bincount(given.get(k, labels[k]), minlength=k),
            silhouette=float(silhouettes[i]),
            draws=draws[:, i],
            bootstrap=results[n_draws + i],
            redraws=results[n_draws + len(ks) + i],
            start=starts.get(k),
        )
        for i, k in enumerate(ks)
    }
    return SpaceDiagnostics(by_k, n_samples, len(X))


def _fit(X: np.ndarray, k: int, random_state: int) -> np.ndarray:
    return KMeans(k, n_init=DATA_N_INIT, random_state=random_state).fit_predict(X)


def _null_draw(
    null: UnimodalNull, ks: Sequence[int], n_init: int, seed: int
) -> list[tuple[float, float]]:
    """Silhouette and log inertia of every k on one structureless draw."""
    with threadpool_limits(1):
        X = null.draw(np.random.default_rng(seed))
        everyone = np.ones((1, len(X)))
        labellings = [
            weighted_kmeans(X, everyone, k, n_init=n_init, rng=np.random.default_rng(seed))[0]
            for k in ks
        ]
        silhouettes = mean_silhouettes(X, labellings)
    inertias = [within_inertia(X, labels) for labels in labellings]
    # A draw of few different rows can be all centres.
    log_inertias = [float(np.log(inertia)) if inertia > 0 else -np.inf for inertia in inertias]
    return list(zip(silhouettes.tolist(), log_inertias, strict=True))


def _bootstrap(
    X: np.ndarray,
    labels: np.ndarray,
    k: int,
    n_resamples: int,
    n_init: int,
    seed: int,
    start: np.ndarray | None,
) -> tuple[np.ndarray, float]:
    with threadpool_limits(1):
        return bootstrap_stability(
            X, labels, k, n_resamples=n_resamples, n_init=n_init, random_state=seed, start=start
        )


def _halves(
    X: np.ndarray,
    labels: np.ndarray,
    k: int,
    n_splits: int,
    n_init: int,
    seed: int,
    start: np.ndarray | None,
) -> dict[str, np.ndarray]:
    with threadpool_limits(1):
        halves = split_halves(
            X, k, n_splits=n_splits, n_init=n_init, random_state=seed, start=start
        )
        return measure_halves(X, labels, k, halves)


def _summary(
    X: np.ndarray,
    labels: np.ndarray,
    k: int,
    *,
    sizes: np.ndarray,
    silhouette: float,
    draws: np.ndarray,
    bootstrap: tuple[np.ndarray, float],
    redraws: dict[str, np.ndarray],
    start: Start | None,
) -> KDiagnostics:
    inertia = within_inertia(X, labels)
    mean, log_inertia = draws.mean(axis=0)
    spread = float(draws[:, 0].std(ddof=1))
    jaccard, ari = bootstrap

    def stands_out(value: np.ndarray) -> np.ndarray:
        if start is not None:
            return np.full(value.shape, start.z)
        return (value - float(mean)) / spread if spread > 0 else np.full(value.shape, np.nan)

    measurable = inertia > 0 and np.isfinite(log_inertia)
    return KDiagnostics(
        k=k,
        inertia=inertia,
        silhouette=silhouette,
        null_silhouette_mean=float(mean),
        null_silhouette_sd=spread,
        gate_z=float(stands_out(np.array(silhouette))),
        gap=float(log_inertia - np.log(inertia)) if measurable else float("nan"),
        valley=float(np.nanmax(valley_ratios(X, labels), initial=0.0)),
        jaccard=jaccard,
        stability_min_jaccard=float(np.nan_to_num(jaccard).min()),
        stability_ari=ari,
        split_half_ari=float(redraws["split_half_ari"].mean()),
        smallest_share=float(sizes.min() / sizes.sum()),
        smallest_size=int(sizes.min()),
        redraws={name: values for name, values in redraws.items() if name != "silhouette"}
        | {"gate_z": stands_out(redraws["silhouette"])},
    )
