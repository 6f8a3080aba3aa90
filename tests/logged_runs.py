"""Runs of the experiment, as MLflow's own client gives them."""

from mlflow import MlflowClient
from mlflow.entities import Run

from tiktok_segments.tracking import connection, run_names


def runs_of_kind(kind: str) -> list[Run]:
    """Return the runs of a kind, the oldest first."""
    return list(
        MlflowClient().search_runs(
            [connection.experiment_id()],
            filter_string=f"tags.`{run_names.KIND}` = '{kind}'",
            order_by=["attributes.start_time ASC"],
        )
    )


def newest_run() -> str:
    """Return the id of the training run that was begun last."""
    return str(runs_of_kind("train")[-1].info.run_id)
