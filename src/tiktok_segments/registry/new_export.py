"""Accounts of any export in a model's segments, which need not have been fitted on them."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from tiktok_segments.accounts.dataset import Dataset, load_every_account
from tiktok_segments.accounts.privacy import read_again
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError
from tiktok_segments.files import digest, sha256_of
from tiktok_segments.registry import versions
from tiktok_segments.registry.choose import choose_model, find_run
from tiktok_segments.registry.lost import check_lost
from tiktok_segments.registry.restoration import restore
from tiktok_segments.segments.identity import FittedElsewhere
from tiktok_segments.segments.inheritance import Ancestors
from tiktok_segments.segments.segmentation import Segmentation, segment_accounts
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import artifacts, history, model_loading, run_names
from tiktok_segments.tracking.named_model import NamedModel


def read_export(model: NamedModel, asked: Mapping[str, Any]) -> Dataset:
    """Read an export by a model's own recipe: its columns, units, filters.

    Parameters
    ----------
    model : NamedModel
        Whose.
    asked : mapping
        The command's ``data``: ``path``, the export, and what it says of privacy.

    Returns
    -------
    Dataset
        Every account, outliers too, with its texts.

    Raises
    ------
    InputError
        If the export cannot be used, or lacks a column that the model reads.
    """
    config = artifacts.load_config(model.run_id)
    config["data"] = read_again(config["data"], asked, model.label)
    config["data"].pop("url", None)
    dataset = load_every_account(config, ReadingShown(), model.columns, texts=True)
    model.require_columns(dataset.frame)
    return dataset


def segment_export(
    model: NamedModel,
    dataset: Dataset,
    naming: Mapping[str, Any] | None = None,
    recipe: Mapping[str, Any] | None = None,
) -> Segmentation:
    """Describe the accounts of an export in a model's segments.

    Parameters
    ----------
    model : NamedModel
        Whose segments, under its names and ids.
    dataset : Dataset
        Any accounts with the columns that it reads.
    naming : mapping or None
        Naming rules by which the segments are named anew, from these accounts; ``fresh``: the
        run's own.
    recipe : mapping or None
        ``data`` and ``clean`` that the export was read by; None: those of the model's run.

    Returns
    -------
    Segmentation
        Without the segments in which no account is. ``fitted_elsewhere`` says so, and what the
        model was fitted on; None where that is these very accounts.

    Raises
    ------
    InputError
        If all accounts are in one segment.
    """
    config = artifacts.load_config(model.run_id)
    read_by = {**config, **(recipe or {})}
    read_by["data"] = {**read_by["data"], "path": dataset.path or None}
    pipeline = model_loading.load_model(f"runs:/{model.run_id}/{model_loading.MODEL}")
    sizes = np.bincount(pipeline.predict(dataset.frame), minlength=len(model.segments))
    present = sizes > 0
    if present.sum() < 2:
        (name,) = np.array(model.names, dtype=object)[present]
        raise InputError(f"All accounts are in one segment, {name}: there is nothing to compare.")
    segments = tuple(s for s, there in zip(model.segments, present, strict=True) if there)
    rules = config["naming"] if naming is None or naming["name"] == "fresh" else naming
    segmentation = segment_accounts(
        model.run_id,
        read_by,
        dataset,
        pipeline if present.all() else _without_empty(pipeline, present),
        rules,
        Ancestors(model.label.removeprefix("version "), segments, None) if naming is None else None,
    )
    if dataset.sha256 == model.facts.get(run_names.DATA_SHA256):
        return segmentation
    return replace(segmentation, fitted_elsewhere=_describe(model, present, dataset))


def find_segmentation(
    settings: Mapping[str, Any], naming: Mapping[str, Any] | None
) -> tuple[Segmentation, NamedModel | None]:
    """Return the named segments that the settings of a command ask for.

    Parameters
    ----------
    settings : mapping
        At most one of ``run``, ``sweep`` and ``model``; ``data.path``: where a run's file is now,
        or, unless a run or sweep is named, any export.
    naming : mapping or None
        Naming rules by which the segments are named anew.

    Returns
    -------
    segmentation : Segmentation
        Of a run's own accounts; or of an export in the segments of the model, by default the
        champion. Where they are not in memory, their texts are kept, too.
    model : NamedModel or None
        Which the export was assigned by; None for a run's own accounts.

    Raises
    ------
    InputError
        If there is no such run or model, or the export cannot be used.
    """
    asked, given = settings["data"], settings.get("model")
    path = asked["path"]
    if path is None or settings.get("run") or settings.get("sweep"):
        return restore(find_run(settings), asked, naming, texts=True), None
    if given:
        model = choose_model(str(given), asked)
        if _is_of_run(model.run_id, path):
            return restore(model.run_id, asked, naming, texts=True), None
        return _in_segments_of(model, asked, naming), model
    champion = versions.champion()
    # Where there is a champion, the newest sweep need not be.
    run_id = find_run(settings) if champion is None or history.has_sweep() else champion.run_id
    is_own = _is_of_run(str(run_id), path)
    if champion is None and not is_own:
        check_lost(versions.versions())
    if champion is None or is_own:
        return restore(str(run_id), asked, naming, texts=True), None
    if _is_of_run(str(champion.run_id), path):
        return restore(str(champion.run_id), asked, naming, texts=True), None
    model = versions.load_version(champion)
    return _in_segments_of(model, asked, naming), model


def _in_segments_of(
    model: NamedModel, asked: Mapping[str, Any], naming: Mapping[str, Any] | None
) -> Segmentation:
    """Read an export by a model's recipe, and describe it in its segments."""
    recorded = artifacts.load_config(model.run_id)["data"]
    recipe = {"data": read_again(recorded, asked, model.label)}
    return segment_export(model, read_export(model, asked), naming, recipe)


def _is_of_run(run_id: str, path: str) -> bool:
    """Say whether a file is the one that a run was fitted on, by its bytes."""
    known = history.get_run(run_id).data.params.get(run_names.DATA_SHA256)
    files = find_files(Path(str(path)).expanduser()).files
    return digest([sha256_of(file) for file in files]) == known


def _without_empty(pipeline: Pipeline, present: np.ndarray) -> Pipeline:
    """Return the pipeline without the centres that are nearest to no account.

    The accounts' clusters are the same, numbered anew.
    """
    narrowed = deepcopy(pipeline)
    narrowed[-1].cluster_centers_ = pipeline[-1].cluster_centers_[present]
    narrowed[-1].n_clusters = int(present.sum())
    return narrowed


def _describe(model: NamedModel, present: np.ndarray, dataset: Dataset) -> FittedElsewhere:
    return FittedElsewhere(
        model=model.label,
        accounts=model.baseline["accounts"] if model.baseline else None,
        synthetic=bool(model.facts.get("synthetic")),
        empty=tuple(name for name, there in zip(model.names, present, strict=True) if not there),
        drawn=len(dataset.frame) if dataset.stored else None,
    )
