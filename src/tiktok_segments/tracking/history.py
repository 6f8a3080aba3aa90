"""What MLflow holds about earlier runs: questions to the tracking store."""

import mlflow.entities
import pandas as pd
from mlflow.exceptions import MlflowException

from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.artifacts import REUSED_TABLE, load_table
from tiktok_segments.tracking.connection import client, experiment_id, words_of_loss
from tiktok_segments.tracking.run_names import (
    BEST_RUN_ID,
    ERROR,
    JOB,
    KIND,
    OVERRIDES,
    PARENT,
    POPULATION_TAG,
    REUSED,
    SPACE_TAG,
    SUPERSEDED,
    UNFIT,
)
from tiktok_segments.tracking.store import model_name
from tiktok_segments.tracking.store_errors import is_absent
from tiktok_segments.validation.spaces import POPULATION_ID, SPACE_ID

REUSED_IN_TAG = 200
"""Ids that the tag has room for; the table has all."""

Run = mlflow.entities.Run
"""MLflow's record of a run: ``info``, and ``data`` with its params, metrics and tags."""

NEWEST_FIRST = ["attributes.start_time DESC"]


def get_run(run_id: str) -> Run:
    """Return a run by its id.

    Raises
    ------
    InputError
        If the store has no such run.
    """
    try:
        return client().get_run(run_id)
    except MlflowException as error:
        if not is_absent(error):
            raise
        raise InputError(
            f"There is no run {run_id} in {mlflow.get_tracking_uri()}.\n"
            f"The run's page in the MLflow UI shows its id.{words_of_loss()}"
        ) from None


def has_sweep() -> bool:
    """Say whether there is a sweep that has a best run."""
    return bool(_newest_sweeps())


def _newest_sweeps() -> list[Run]:
    return list(
        client().search_runs(
            [experiment_id()],
            filter_string=f"tags.`{KIND}` = 'sweep' and tags.`{BEST_RUN_ID}` != ''",
            order_by=NEWEST_FIRST,
            max_results=1,
        )
    )


def newest_sweep() -> str:
    """Return the id of the newest sweep that has a best run.

    Raises
    ------
    InputError
        If there is none.
    """
    sweeps = _newest_sweeps()
    if not sweeps:
        raise InputError(
            "There is no best run yet.\nMake a sweep first: "
            + next_command("train.py", "-m", "k=2,3,4,5,6,7")
            + words_of_loss()
        )
    return str(sweeps[0].info.run_id)


def runs_of_kind(kind: str, limit: int) -> list[Run]:
    """Return the runs of a kind, such as ``weekly``, the newest first."""
    return list(
        client().search_runs(
            [experiment_id()],
            filter_string=f"tags.`{KIND}` = '{kind}'",
            order_by=NEWEST_FIRST,
            max_results=limit,
        )
    )


def sweep_of(overrides: str, since: int) -> str | None:
    """Return the id of the newest sweep of these overrides that has a best run.

    Parameters
    ----------
    overrides : str
        As the sweep's parameter ``overrides`` has them.
    since : int
        Earliest start, in milliseconds since 1970.

    Returns
    -------
    str or None
        None where there is none.
    """
    sweeps = client().search_runs(
        [experiment_id()],
        filter_string=f"tags.`{KIND}` = 'sweep' and tags.`{BEST_RUN_ID}` != '' "
        f"and attributes.start_time >= {since}",
        order_by=NEWEST_FIRST,
    )
    ids = [str(run.info.run_id) for run in sweeps if run.data.params.get(OVERRIDES) == overrides]
    return ids[0] if ids else None


def unfinished_newer_sweep() -> str | None:
    """Return a sentence where the newest sweep has no best run and an older one is to be taken."""
    sweeps = client().search_runs(
        [experiment_id()],
        filter_string=f"tags.`{KIND}` = 'sweep'",
        order_by=NEWEST_FIRST,
        max_results=1,
    )
    if not sweeps or BEST_RUN_ID in sweeps[0].data.tags:
        return None
    newest = sweeps[0].info
    return (
        f"The newest sweep, {newest.run_id}, has no best run ({newest.status.lower()}); "
        "the newest that has one is taken."
    )


def best_run_id(sweep_id: str | None = None) -> str:
    """Return the id of a sweep's best run, by default of the newest sweep that has one.

    Raises
    ------
    InputError
        If there is no such sweep, or it has no best run.
    """
    if sweep_id is not None:
        tags = get_run(sweep_id).data.tags
        if tags.get(KIND) != "sweep":
            raise InputError(f"Run {sweep_id} is no sweep; give its id as run={sweep_id}.")
        if BEST_RUN_ID not in tags:
            raise InputError(f"Sweep {sweep_id} has no best run: none of its runs finished.")
        return tags[BEST_RUN_ID]
    return str(get_run(newest_sweep()).data.tags[BEST_RUN_ID])


def child_runs(sweep_id: str) -> list[Run]:
    """Return all runs that were started in a sweep, in the order in which they started."""
    return list(
        client().search_runs(
            [experiment_id()],
            filter_string=f"tags.`{PARENT}` = '{sweep_id}'",
            order_by=["attributes.start_time ASC"],
            max_results=50_000,
        )
    )


def sweep_runs(sweep_id: str) -> pd.DataFrame:
    """Return the runs that count for a sweep, by the number of their job.

    They are its own, without those that were cut or failed before it was resumed, and the
    finished runs of other sweeps that it reused.

    Returns
    -------
    DataFrame of shape (n_runs, n_columns)
        ``run_id``, ``status``, ``error``, ``unfit``, ``job``, ``population_id`` and ``space_id``,
        then parameters and metrics by their names;
        ``k`` is a whole number where it can be.
    """
    runs = [
        (int(run.data.tags.get(JOB, 0)), run)
        for run in child_runs(sweep_id)
        if SUPERSEDED not in run.data.tags
    ] + _reused_runs(sweep_id)
    return pd.DataFrame(
        [
            {
                "run_id": run.info.run_id,
                "status": run.info.status,
                "error": run.data.tags.get(ERROR, ""),
                "unfit": run.data.tags.get(UNFIT, ""),
                "job": job,
                POPULATION_ID: run.data.tags.get(POPULATION_TAG, ""),
                SPACE_ID: run.data.tags.get(SPACE_TAG, ""),
                **run.data.params,
                **run.data.metrics,
            }
            for job, run in sorted(runs, key=lambda numbered: numbered[0])
        ]
    )


def _reused_runs(sweep_id: str) -> list[tuple[int, Run]]:
    """Return the runs of other sweeps that a sweep counts as its own, with their job's number."""
    if REUSED not in get_run(sweep_id).data.tags:
        return []
    table = load_table(sweep_id, REUSED_TABLE)
    if table is None:
        return []
    return [
        (int(job), get_run(str(run_id)))
        for job, run_id in zip(table["job"], table["run_id"], strict=True)
    ]


def model_versions(run_id: str) -> list[str]:
    """Return the versions of the registered model that a run made, the newest first.

    Those of other registered models are not among them.
    """
    versions = client().search_model_versions(f"name = '{model_name()}' and run_id = '{run_id}'")
    return sorted((str(version.version) for version in versions), key=int, reverse=True)
