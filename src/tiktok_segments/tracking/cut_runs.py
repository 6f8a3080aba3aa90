"""Runs whose process was killed: MLflow shows them as running for ever, until marked here."""

from mlflow import MlflowClient
from mlflow.entities import Run

from tiktok_segments import terminal
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.connection import experiment_id
from tiktok_segments.tracking.ownership import OWNER, describe_owner, is_gone
from tiktok_segments.tracking.run_names import ERROR
from tiktok_segments.tracking.store import store_lock


def mark_cut_runs() -> list[str]:
    """Mark the runs and sweeps KILLED whose process has ended without closing them.

    Only those of this host whose process, by id and time of start, is gone: a run of a live
    process or of another host is never touched.

    Returns
    -------
    list of str
        Ids of the runs marked.
    """
    client = connection.client()
    running = client.search_runs(
        [experiment_id()], filter_string="attributes.status = 'RUNNING'", max_results=50_000
    )
    if not any(map(_is_cut, running)):
        return []
    with store_lock():  # another process may be marking them, or going on with one that it marked
        cut = [run for run in running if _is_cut(run) and _is_cut(client.get_run(run.info.run_id))]
        _mark(client, cut)
    return [run.info.run_id for run in cut]


def _is_cut(run: Run) -> bool:
    owner = run.data.tags.get(OWNER)
    return run.info.status == "RUNNING" and owner is not None and is_gone(owner)


def _mark(client: MlflowClient, cut: list[Run]) -> None:
    for run in cut:
        who = describe_owner(run.data.tags[OWNER])
        reason = f"Cut off: {who} ended without closing the run (killed, or the machine stopped)."
        client.set_tag(run.info.run_id, ERROR, reason)
        client.set_terminated(run.info.run_id, "KILLED")
    if cut:
        terminal.console(stderr=True).print(
            f"Runs that were cut off when their process ended are now marked KILLED: {len(cut)}. "
            "A sweep among them goes on with its own command and resume=true.",
            markup=False,
        )
