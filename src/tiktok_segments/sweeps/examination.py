"""The examination of the spaces of a sweep, on the models that its runs logged."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments.accounts.dataset import load_dataset
from tiktok_segments.accounts.privacy import with_name
from tiktok_segments.sweeps.space_names import named_spaces
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import artifacts, model_loading
from tiktok_segments.tracking.run_log import log_diagnostics
from tiktok_segments.training.settings import wants_figures
from tiktok_segments.validation.candidates import tabulate_space
from tiktok_segments.validation.examination import examine_models, read_structure
from tiktok_segments.validation.results import SpaceDiagnostics


def collect_candidates(
    runs: pd.DataFrame,
    structure: DictConfig,
    path: str | None,
    progress: Callable[[str, int, int], None],
) -> pd.DataFrame:
    """Examine every space of a sweep and return a row for each k in it.

    The logged models are examined, not refitted ones, each space on its own accounts. The null of
    a space is drawn once for all its k. What was found is logged on the runs.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Runs of a sweep, at least one of them finished.
    structure : DictConfig
        The ``structure`` group; ``off`` leaves everything out but admissibility.
    path : str or None
        Where the export of runs is that name none.
    progress : callable
        Called with the space's name and the numbers of finished and of all tasks.

    Returns
    -------
    DataFrame of shape (n_candidates, n_columns)
        As :func:`~tiktok_segments.validation.candidates.tabulate_space` returns it, with
        ``space`` and ``population``.
    """
    spaces = named_spaces(runs)
    n_jobs = -1 if len(spaces) > 2 else 1  # starting processes costs as much as one space
    tables = []
    for name, space in spaces:
        config = artifacts.load_config(space["run_id"].iloc[0])
        config["data"] = with_name(config["data"], path)
        found = None
        if structure.name != "off":
            found = _examine_space(space, config, structure, n_jobs, partial(progress, name))
        tables.append(tabulate_space(space, dict(config["features"]["columns"]), found))
    return pd.concat(tables, ignore_index=True)


def _examine_space(
    space: pd.DataFrame,
    config: Mapping[str, Any],
    structure: DictConfig,
    n_jobs: int,
    progress: Callable[[int, int], None],
) -> SpaceDiagnostics | None:
    """Examine the logged models of a space, and log what was found on their runs."""
    accounts = load_dataset(config, ReadingShown(again=True)).accounts.drawn
    pipelines = {
        int(k): model_loading.load_model(f"runs:/{run_id}/{model_loading.MODEL}")
        for k, run_id in zip(space.index, space["run_id"], strict=True)
    }
    found = examine_models(pipelines, accounts, read_structure(structure), n_jobs, progress)
    if found is None:
        return None
    for k, diagnostics in found.by_k.items():
        run_id = str(space.loc[k, "run_id"])
        log_diagnostics(run_id, diagnostics, found.rows_used, wants_figures(config))
    return found
