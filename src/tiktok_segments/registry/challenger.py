"""Measure a run for the gate; what the run did not compute is computed here."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from omegaconf import OmegaConf
from sklearn.metrics import adjusted_rand_score

from tiktok_segments.accounts.settings import CONF
from tiktok_segments.clustering.admissible import inadmissible_reasons
from tiktok_segments.clustering.metrics import within_inertia
from tiktok_segments.clustering.pipeline import naming_pipeline
from tiktok_segments.plain import as_plain
from tiktok_segments.registry.gate import Facts
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking import history, run_log, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.run_log import log_diagnostics
from tiktok_segments.training.settings import read_structure
from tiktok_segments.validation.examination import examine_clusters
from tiktok_segments.validation.results import LOGGED
from tiktok_segments.validation.run_verdict import judge_run
from tiktok_segments.validation.spaces import RECIPE
from tiktok_segments.validation.stability import bootstrap_stability


def measure_challenger(
    segmentation: Segmentation, champion: NamedModel | None, version: str | None
) -> Facts:
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
    Facts
        Nothing in it is taken on trust: what the run did not log is computed, and logged.
    """
    figures = _diagnostics(segmentation)
    names = [name.name for name in segmentation.names]
    sizes = np.bincount(segmentation.labels, minlength=len(names))
    facts: dict[str, Any] = {}
    if champion is not None:
        facts = {
            "champion": version,
            "champion_synthetic": bool(champion.facts["synthetic"]),
            **_compare(segmentation, champion),
        }
    return Facts(
        predicts=_predicts(segmentation, names, figures["inertia"]),
        verdict=_verdict(segmentation, figures),
        jaccards={
            name: figures.get(f"{run_names.JACCARD}{cluster}", np.nan)
            for cluster, name in enumerate(names)
        },
        shares=dict(zip(names, sizes / sizes.sum(), strict=True)),
        names=names,
        synthetic=segmentation.dataset.synthetic,
        **facts,
    )


def _structure(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the run's settings of the diagnostics, or the project's where it left them out."""
    structure: Mapping[str, Any] = config["structure"]
    if structure["name"] != "off":
        return structure
    return dict(as_plain(OmegaConf.load(CONF / "structure" / "full.yaml")))


def _diagnostics(segmentation: Segmentation) -> dict[str, float]:
    """Return the run's diagnostics, computed and logged where it has not all of them."""
    clusters = range(len(segmentation.names))
    needed = [*LOGGED, *(f"{run_names.JACCARD}{cluster}" for cluster in clusters)]
    metrics = history.get_run(segmentation.run_id).data.metrics
    if not all(name in metrics for name in needed):
        structure = _structure(segmentation.config)
        k = len(clusters)
        found = examine_clusters(
            segmentation.X, {k: segmentation.labels}, read_structure(structure), n_jobs=1
        )
        if found is not None:
            log_diagnostics(segmentation.run_id, found.by_k[k], found.rows_used)
            metrics = history.get_run(segmentation.run_id).data.metrics
    return dict(metrics)


def _predicts(segmentation: Segmentation, names: list[str], inertia: float) -> bool:
    """Whether the stored model fits its accounts as the run logged, and names them likewise."""
    frame, pipeline = segmentation.dataset.frame, segmentation.pipeline
    # As the run logged it: to the clusters' means, from which the centres may be a little off.
    if not np.isclose(within_inertia(segmentation.X, segmentation.labels), inertia, rtol=1e-6):
        return False
    answers = naming_pipeline(pipeline, names).predict(frame)
    return bool((answers == np.asarray(names, dtype=object)[segmentation.labels]).all())


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
    verdict = judge_run(config, figures, len(segmentation.X), "; ".join(reasons))
    run_log.log_numbers(segmentation.run_id, tags={run_names.VERDICT: verdict})
    return verdict


def _compare(segmentation: Segmentation, champion: NamedModel) -> dict[str, Any]:
    """Compare with the champion on the challenger's accounts, as far as it can assign them."""
    frame, config = segmentation.dataset.frame, segmentation.config
    if not set(champion.columns) <= set(frame.columns):
        return {}
    labels = champion.assign(frame)
    found: dict[str, Any] = {"agreement": float(adjusted_rand_score(labels, segmentation.labels))}
    same = all(champion.facts[part] == config[part]["name"] for part in RECIPE)
    if same and champion.columns == list(config["features"]["columns"]):
        structure = _structure(config)
        found["scores"] = (
            _smallest_jaccard(segmentation.X, segmentation.labels, structure),
            _smallest_jaccard(segmentation.X, labels, structure),
        )
    return found


def _smallest_jaccard(X: np.ndarray, labels: np.ndarray, structure: Mapping[str, Any]) -> float:
    """Return the least stable segment's Jaccard; on a seeded sample where there are many rows."""
    seed = int(structure["resampling_seed"])
    if len(X) > structure["max_rows"]:
        rows = np.random.default_rng(seed).choice(len(X), structure["max_rows"], replace=False)
        X, labels = X[rows], labels[rows]
    present, labels = np.unique(labels, return_inverse=True)
    jaccard, _ = bootstrap_stability(
        X,
        labels,
        len(present),
        n_resamples=structure["n_resamples"],
        n_init=structure["n_init"],
        random_state=seed,
    )
    return float(np.nanmin(jaccard))
