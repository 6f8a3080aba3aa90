"""Rules for k on samples whose number of groups is known: how often each is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, davies_bouldin_score

from tiktok_segments.benchmarks.known_sets import (
    NOISE,
    STRUCTURELESS,
    KnownSet,
    classic_sets,
    planted_set,
    structureless_set,
)
from tiktok_segments.benchmarks.usual_rules import gap_k, prediction_strength
from tiktok_segments.validation.conditions import Thresholds, separated_k
from tiktok_segments.validation.diagnostics import diagnose
from tiktok_segments.validation.textbook_rules import elbow_k

KS = range(2, 11)
OWN_RULE = "structure (this project)"
N_PLANTED, N_STRUCTURELESS = 14, 12
"""Sets of a seed with groups, and without, kind after kind."""


def compare_rules(
    seeds: Sequence[int], *, progress: Callable[[int, int], None] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score the structure rule beside the usual ones on sets of known k.

    Parameters
    ----------
    seeds : sequence of int
        Each adds its own planted and structureless sets; the classic sets come once.
    progress : callable, optional
        Called with the numbers of finished and of all sets.

    Returns
    -------
    per_set : DataFrame
        One row for each set and rule: `set`, `true_k`, `rule`, `k`, `ari`.
    table : DataFrame
        One row for each rule: `true_k_found`, `mean_abs_error_k` and `ari_to_truth` over the sets
        with groups, `structure_claimed` over those without, `right_overall` over all.
    """
    known_sets = list(_known_sets(seeds))
    rows = []
    for done, (known, seed) in enumerate(known_sets, start=1):
        rows += score_rules(known, seed)
        if progress is not None:
            progress(done, len(known_sets))
    per_set = pd.DataFrame(rows)
    return per_set, summarise_rules(per_set)


def _known_sets(seeds: Sequence[int]) -> Iterator[tuple[KnownSet, int]]:
    kinds = list(STRUCTURELESS)
    for known in classic_sets():
        yield known, seeds[0]
    for seed in seeds:
        streams = np.random.SeedSequence(seed).generate_state(N_PLANTED + N_STRUCTURELESS).tolist()
        for stream in streams[:N_PLANTED]:
            yield planted_set(stream), stream
        for i, stream in enumerate(streams[N_PLANTED:]):
            yield structureless_set(kinds[i % len(kinds)], stream), stream


CLAIM_KINDS = ("gaussian", "lognormal", "lognormal, logged", "uniform", "t4", "banana")


def count_claims(
    seeds: Sequence[int],
    sizes: Sequence[int] = (300, 1000, 5000),
    *,
    thresholds: Thresholds | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Ask the structure rule for separated segments where there are none.

    Parameters
    ----------
    seeds : sequence of int
        Each adds one set of every kind in :data:`CLAIM_KINDS` and of every size.
    sizes : sequence of int
        Rows of a set.
    thresholds : Thresholds, optional
        The rule's bounds.
    progress : callable, optional
        Called with the numbers of finished and of all sets.

    Returns
    -------
    DataFrame
        One row for each kind and size, in that order: ``kind``, ``rows``, ``sets``, and
        ``claims``: in how many of them separated segments were claimed.
    """
    places = [(kind, size, seed) for seed in seeds for kind in CLAIM_KINDS for size in sizes]
    rows = []
    for done, (kind, size, seed) in enumerate(places, start=1):
        X = structureless_set(kind, seed, n_samples=size).X
        k = separated_k(diagnose(X, KS, random_state=seed).rows(), thresholds or Thresholds())
        rows.append({"kind": kind, "rows": size, "sets": 1, "claims": int(k > 1)})
        if progress is not None:
            progress(done, len(places))
    return pd.DataFrame(rows).groupby(["kind", "rows"], sort=False, as_index=False).sum()


def score_rules(known: KnownSet, seed: int) -> list[dict[str, object]]:
    """Let every rule choose k on one set.

    Parameters
    ----------
    known : KnownSet
        The set.
    seed : int
        Seed of every fit and draw.

    Returns
    -------
    list of dict
        One row for each rule.
    """
    labels = {k: KMeans(k, n_init=10, random_state=seed % 2**32).fit_predict(known.X) for k in KS}
    grouped = known.truth != NOISE
    rows: list[dict[str, object]] = []
    for rule, k in _choices(known.X, labels, seed).items():
        found = labels[k] if k > 1 else np.zeros(len(known.X), dtype=int)
        ari = adjusted_rand_score(known.truth[grouped], found[grouped])
        rows.append({"set": known.name, "true_k": known.true_k, "rule": rule, "k": k, "ari": ari})
    return rows


def _choices(X: np.ndarray, labels: Mapping[int, np.ndarray], seed: int) -> dict[str, int]:
    ks = list(labels)
    diagnostics = diagnose(X, ks, random_state=seed, labels_by_k=labels)
    candidates = diagnostics.rows()
    inertias = [d.inertia for d in diagnostics.by_k.values()]
    strong = [k for k in ks if prediction_strength(X, k, n_splits=10, random_state=seed) >= 0.8]
    stable = [k for k, d in diagnostics.by_k.items() if d.stability_min_jaccard >= 0.75]
    return {
        "elbow (kneedle)": elbow_k(ks, inertias) or 1,
        "highest silhouette": max(ks, key=lambda k: diagnostics.by_k[k].silhouette),
        "highest Calinski-Harabasz": max(ks, key=lambda k: calinski_harabasz_score(X, labels[k])),
        "lowest Davies-Bouldin": min(ks, key=lambda k: davies_bouldin_score(X, labels[k])),
        "gap statistic (PCA box, 1-SE)": gap_k(X, ks, inertias, n_draws=20, random_state=seed),
        "prediction strength >= 0.8": max(strong, default=1),
        "every Jaccard >= 0.75": max(stable, default=1),
        OWN_RULE: separated_k(candidates, Thresholds()),
    }


def summarise_rules(per_set: pd.DataFrame) -> pd.DataFrame:
    """Sum the choices up, one row for each rule in the order given.

    Parameters
    ----------
    per_set : DataFrame
        With the columns `true_k`, `rule`, `k` and `ari`.

    Returns
    -------
    DataFrame
        Shares from 0 to 1; `mean_abs_error_k` in groups.

    Examples
    --------
    >>> per_set = pd.DataFrame(
    ...     {"rule": "elbow", "true_k": [3, 1], "k": [4, 4], "ari": [0.8, 0.0]}
    ... )
    >>> summarise_rules(per_set).loc["elbow"].tolist()
    [0.0, 1.0, 0.8, 1.0, 0.0]
    """
    right = per_set["k"].eq(per_set["true_k"])
    error = (per_set["k"] - per_set["true_k"]).abs()
    scored = per_set.assign(right=right, error=error, claimed=per_set["k"] > 1)
    grouped = scored[scored["true_k"] > 1].groupby("rule", sort=False)
    structureless = scored[scored["true_k"] == 1].groupby("rule", sort=False)
    return pd.DataFrame(
        {
            "true_k_found": grouped["right"].mean(),
            "mean_abs_error_k": grouped["error"].mean(),
            "ari_to_truth": grouped["ari"].mean(),
            "structure_claimed": structureless["claimed"].mean(),
            "right_overall": scored.groupby("rule", sort=False)["right"].mean(),
        }
    )
