"""Measure a run for the gate; what the run did not compute is computed here."""

from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from tiktok_segments import terminal
from tiktok_segments.accounts.row_sample import draw_rows
from tiktok_segments.clustering.admissible import inadmissible_reasons
from tiktok_segments.clustering.engines.sampled import measure_inertia
from tiktok_segments.clustering.metrics import within_inertia
from tiktok_segments.clustering.pipeline import naming_pipeline
from tiktok_segments.registry.gate import GateFacts
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking import history, run_log, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.run_log import log_diagnostics
from tiktok_segments.validation.examination import (
    StructureSettings,
    examine_models,
    read_structure,
)
from tiktok_segments.validation.results import INIT, LOGGED, RANDOM
from tiktok_segments.validation.run_verdict import judge_run
from tiktok_segments.validation.spaces import RECIPE
from tiktok_segments.validation.stability import bootstrap_stability


def measure_challenger(
    segmentation: Segmentation, champion: NamedModel | None, version: str | None
) -> GateFacts:
    """Measure what the gate asks of a run.

    Parameters
    ----------
    segmentation : Segmentation
        The challenger.
    champion : NamedModel or None
        The champion, where there is one.
    version : str or None
        Its version.

    Returns
    -------
    GateFacts
        Nothing in it is taken on trust: what the run did not log is computed, and logged. Shares,
        inertia and names are checked on every account, as promotion labels each anyway; stability
        and the comparison are those of the sample that diagnostics are computed on.
    """
    figures = _diagnostics(segmentation)
    names = [name.name for name in segmentation.names]
    sizes = segmentation.segments["accounts"].to_numpy()
    facts: dict[str, Any] = {}
    if champion is not None:
        facts = {
            "champion": version,
            "champion_synthetic": bool(champion.facts["synthetic"]),
            "accounts": _numbers_of_accounts(segmentation, champion),
            **_compare(segmentation, champion),
        }
    return GateFacts(
        predicts=_predicts(segmentation, names, figures["inertia"]),
        verdict=_verdict(segmentation, figures),
        jaccards={
            name: figures.get(f"{run_names.JACCARD}{cluster}", np.nan)
            for cluster, name in enumerate(names)
        },
        shares=dict(zip(names, sizes / sizes.sum(), strict=True)),
        names=names,
        synthetic=segmentation.dataset.synthetic,
        init=_init(segmentation),
        gone=max(_fitted_on(segmentation) - segmentation.dataset.n_accounts, 0),
        **facts,
    )


def _diagnostics(segmentation: Segmentation) -> dict[str, float]:
    """Return the run's diagnostics, computed and logged where it has not all of them."""
    clusters = range(len(segmentation.names))
    needed = [*LOGGED, *(f"{run_names.JACCARD}{cluster}" for cluster in clusters)]
    metrics = history.get_run(segmentation.run_id).data.metrics
    if not all(name in metrics for name in needed):
        k = len(clusters)
        structure = read_structure(segmentation.config["structure"])
        accounts = segmentation.dataset.accounts.drawn
        found = examine_models({k: segmentation.pipeline}, accounts, structure, n_jobs=1)
        if found is not None:
            log_diagnostics(segmentation.run_id, found.by_k[k], found.rows_used)
            metrics = history.get_run(segmentation.run_id).data.metrics
    return dict(metrics)


def _predicts(segmentation: Segmentation, names: list[str], inertia: float) -> bool:
    """Whether the stored model fits its accounts as the run logged, and names them likewise."""
    # As the run logged it: to the clusters' means, from which the centres may be a little off.
    if not np.isclose(_inertia(segmentation), inertia, rtol=1e-6):
        return False
    answers = naming_pipeline(segmentation.pipeline, names)[-1].predict(segmentation.X)
    return bool((answers == np.asarray(names, dtype=object)[segmentation.labels]).all())


def _inertia(segmentation: Segmentation) -> float:
    if not segmentation.dataset.stored:
        return within_inertia(segmentation.X, segmentation.labels)
    with terminal.progress_bar("accounts") as progress:
        return measure_inertia(segmentation.pipeline, segmentation.dataset.accounts, progress)


def _verdict(segmentation: Segmentation, figures: dict[str, float]) -> str:
    """Return the verdict of the sweep that chose the run, else of the run by itself, logged."""
    parent = history.get_run(segmentation.run_id).data.tags.get(run_names.PARENT)
    if parent is not None:
        tags = history.get_run(parent).data.tags
        verdict = tags.get(run_names.VERDICT)
        if verdict and tags.get(run_names.BEST_RUN_ID) == segmentation.run_id:
            return verdict
    config = segmentation.config
    reasons = inadmissible_reasons(segmentation.X, list(config["features"]["columns"]))
    decision = judge_run(
        len(segmentation.names),
        figures,
        n_samples=segmentation.dataset.n_accounts,
        unfit="; ".join(reasons),
        init=_init(segmentation),
        thresholds=config["selection"].get("thresholds"),
    )
    run_log.log_numbers(segmentation.run_id, tags={run_names.VERDICT: decision.verdict})
    return decision.verdict


def _numbers_of_accounts(
    segmentation: Segmentation, champion: NamedModel
) -> tuple[int, int] | None:
    """Return the accounts of both, where one may be asked for as many as the other."""
    sample_only = bool(champion.facts["synthetic"]) and not segmentation.dataset.synthetic
    if sample_only or not champion.baseline:
        return None
    return segmentation.dataset.n_accounts, int(champion.baseline["accounts"])


def _compare(segmentation: Segmentation, champion: NamedModel) -> dict[str, Any]:
    """Compare with the champion on the challenger's accounts, as far as it can assign them."""
    frame, config = segmentation.dataset.frame, segmentation.config
    if not champion.can_assign(frame):
        return {}
    structure = read_structure(config["structure"])
    keys = segmentation.dataset.accounts.keys
    rows = draw_rows(keys, structure.resampling_seed, structure.max_rows)
    X, own = segmentation.X[rows], segmentation.labels[rows]
    other = champion.assign(frame.iloc[rows])
    found: dict[str, Any] = {"agreement": float(adjusted_rand_score(other, own))}
    same = all(champion.facts[part] == config[part]["name"] for part in RECIPE)
    # Both are resampled alike: from where they are, if random starts are not to find them.
    proposed = _init(segmentation) != RANDOM
    if same and champion.columns == list(config["features"]["columns"]):
        found["scores"] = (
            _smallest_jaccard(X, own, structure, proposed),
            _smallest_jaccard(X, other, structure, proposed),
        )
    return found


def _init(segmentation: Segmentation) -> str:
    """Return where the run's k-means started."""
    return history.get_run(segmentation.run_id).data.params.get(INIT, RANDOM)


def _fitted_on(segmentation: Segmentation) -> int:
    """Return how many accounts the run was fitted on, 0 where it does not say."""
    return int(history.get_run(segmentation.run_id).data.params.get(run_names.ROWS, 0))


def _smallest_jaccard(
    X: np.ndarray, labels: np.ndarray, structure: StructureSettings, from_means: bool
) -> float:
    """Return the least stable segment's Jaccard coefficient."""
    present, labels = np.unique(labels, return_inverse=True)
    means = np.array([X[labels == cluster].mean(axis=0) for cluster in range(len(present))])
    jaccard, _ = bootstrap_stability(
        X,
        labels,
        len(present),
        n_resamples=structure.n_resamples,
        n_init=structure.n_init,
        random_state=structure.resampling_seed,
        start=means if from_means else None,
    )
    return float(np.nanmin(jaccard))
