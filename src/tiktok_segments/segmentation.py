"""A finished run brought back to life: its model, its accounts, its named segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from omegaconf import DictConfig, OmegaConf
from sklearn.pipeline import Pipeline

from tiktok_segments import history, model_addresses, models, terminal, tracking
from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.ancestors import Ancestors, find_ancestors, keep_names
from tiktok_segments.errors import InputError
from tiktok_segments.expected_engagement import engagement_vs_size
from tiktok_segments.identity import SegmentIdentity
from tiktok_segments.membership import measure_membership
from tiktok_segments.naming import SegmentName, name_segments
from tiktok_segments.segments import describe_accounts, describe_segments
from tiktok_segments.signals import mark_accounts
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tiers import assign_tiers


@dataclass(frozen=True)
class Segmentation:
    """Named segments of a run, and everything they were made from.

    Attributes
    ----------
    run_id : str
        The training run.
    config : DictConfig
        Its composed configuration.
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
    membership : DataFrame of shape (n_accounts, 4)
        As :func:`~tiktok_segments.membership.measure_membership` returns it.
    segments : DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe_segments` returns it.
    accounts : DataFrame of shape (n_accounts, n_columns)
        As :func:`~tiktok_segments.segments.describe_accounts` returns it.
    identities : list of SegmentIdentity
        Id, name and origin of each cluster.
    fitted_elsewhere : str or None
        A sentence on what the model was fitted on, where that is not these accounts.
    """

    run_id: str
    config: DictConfig
    dataset: Dataset
    pipeline: Pipeline
    labels: np.ndarray
    names: list[SegmentName]
    tiers: dict[str, float]
    membership: pd.DataFrame
    segments: pd.DataFrame
    accounts: pd.DataFrame
    identities: list[SegmentIdentity]
    fitted_elsewhere: str | None = None

    @cached_property
    def X(self) -> np.ndarray:  # noqa: N802 - as scikit-learn calls it
        """The accounts in the scaled space, of shape (n_accounts, n_features)."""
        return np.asarray(self.pipeline[:-1].transform(self.dataset.frame))


def find_run(config: DictConfig) -> str:
    """Return the run that a script's configuration asks for.

    Parameters
    ----------
    config : DictConfig
        At the most one of ``run``, ``sweep`` and ``model``; none means the best run of the
        newest sweep.

    Returns
    -------
    str
        The run's id.

    Raises
    ------
    InputError
        If more than one is given, or there is no such run, sweep or model.
    """
    asked = {name: config.get(name) for name in ("run", "sweep", "model")}
    if empty := [name for name, value in asked.items() if value == ""]:
        raise InputError(f"{empty[0]}= is empty; give an id, or leave it out for the newest sweep.")
    given = {name: value for name, value in asked.items() if value}
    if len(given) > 1:
        raise InputError(f"Give one of run=, sweep= and model=, not {' and '.join(given)}.")
    if "run" in given:
        return str(given["run"])
    if "model" in given:
        return model_addresses.source_run(str(given["model"]))
    if "sweep" not in given and (note := history.unfinished_newer_sweep()):
        terminal.console(stderr=True).print(note, markup=False)
    return history.best_run_id(given.get("sweep"))


def restore(run_id: str, data_path: str | None, naming: DictConfig | None) -> Segmentation:
    """Label a run's accounts with its logged model and name the segments.

    Parameters
    ----------
    run_id : str
        A finished training run.
    data_path : str or None
        Where its file is now, if it was moved.
    naming : DictConfig or None
        Naming rules, by which every segment is named anew (``fresh``: by the run's own). None:
        names and ids are those that the run was promoted under, else those of the champion's
        segments where they match, else by the run's own rules.

    Returns
    -------
    Segmentation
        The run's segments.

    Raises
    ------
    InputError
        If the run did not finish, or its data is not there any more or has another digest.
    """
    run = history.get_run(run_id)
    kind = run.data.tags.get(tracking.KIND)
    if kind == "sweep":
        best = run.data.tags.get(tracking.BEST_RUN_ID, "not chosen")
        raise InputError(f"Run {run_id} is a sweep. Its best run is {best}.")
    if kind != "train" or run.info.status != "FINISHED":
        raise InputError(f"Run {run_id} is no finished training run ({run.info.status}).")
    config = history.load_config(run_id)
    if data_path is not None:
        config.data.path = data_path
    dataset = load_dataset(config, ReadingShown())
    if dataset.sha256 != run.data.params["data_sha256"]:
        raise InputError(
            f"{dataset.source} is not the data that run {run_id} was fitted on: its SHA-256 "
            f"begins with {dataset.sha256[:12]}, not {run.data.params['data_sha256'][:12]}.\n"
            "data.path=FILE names the original where it was moved."
        )
    own_rules = naming is None or naming.name == "fresh"
    rules: Any = OmegaConf.to_container(config.naming if own_rules else naming)
    pipeline = models.load_model(f"runs:/{run_id}/model")
    inherits = naming is None and config.naming.name != "fresh"
    ancestors = find_ancestors(run_id, dataset) if inherits else None
    return segment_accounts(run_id, config, dataset, pipeline, rules, ancestors)


def segment_accounts(
    run_id: str,
    config: DictConfig,
    dataset: Dataset,
    pipeline: Pipeline,
    naming: Mapping[str, Any],
    ancestors: Ancestors | None = None,
) -> Segmentation:
    """Label accounts with a fitted pipeline, name the segments and describe both.

    Parameters
    ----------
    run_id : str
        The training run that logged the pipeline.
    config : DictConfig
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
    words = [name.name for name in names]
    membership = measure_membership(pipeline, frame, labels)
    about = _describe_membership(frame, membership, words, naming["tiers"])
    return Segmentation(
        run_id=run_id,
        config=config,
        dataset=dataset,
        pipeline=pipeline,
        labels=labels,
        names=names,
        tiers=dict(naming["tiers"]),
        membership=membership,
        segments=describe_segments(frame, labels, words, [i.segment_id for i in identities]),
        accounts=describe_accounts(frame, labels, words, about),
        identities=identities,
    )


def _describe_membership(
    frame: pd.DataFrame, membership: pd.DataFrame, names: list[str], tiers: Mapping[str, float]
) -> pd.DataFrame:
    """Return the columns that ``accounts.csv`` has between the segment and the profile."""
    about = membership[["confidence", "ambiguous"]].copy()
    about["next_segment"] = np.asarray(names, dtype=object)[membership["next_cluster"]]
    about["tier"] = assign_tiers(frame["followers"], tiers)
    if "engagement_rate" in frame:
        about["engagement_vs_size"] = engagement_vs_size(frame)
    about["check"] = mark_accounts(frame)
    return about


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
        "accounts": len(segmentation.dataset.frame),
        "segments": [
            {**row, "origin": identity.origin, "tier": name.tier, "evidence": name.evidence}
            for row, name, identity in zip(
                rows.to_dict("records"), segmentation.names, segmentation.identities, strict=True
            )
        ],
    }
