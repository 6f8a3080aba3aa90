"""Runs that a store has to keep: what registered versions, weeks and handed-out pages come from."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tiktok_segments.tracking.run_names import BEST_RUN_ID, KIND, PARENT

REASONS = {
    "under way": "SELECT run_uuid FROM runs WHERE status IN ('RUNNING', 'SCHEDULED')",
    "a registered version": """
        SELECT run_id FROM model_versions WHERE current_stage != 'Deleted_Internal'
        UNION SELECT m.source_run_id FROM model_versions v
        JOIN logged_models m ON v.source = 'models:/' || m.model_id
        WHERE v.current_stage != 'Deleted_Internal'
    """,
    "the history of the weeks": "SELECT run_uuid FROM tags WHERE key = :kind AND value = 'weekly'",
    "the newest sweep": """
        SELECT run_uuid FROM (
            SELECT r.run_uuid, MAX(r.start_time) FROM runs r
            JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = :best AND t.value != ''
            WHERE r.lifecycle_stage = 'active' GROUP BY r.experiment_id
        )
    """,
    "a sweep that resume=true completes": """
        WITH cut AS (
            SELECT run_uuid FROM (
                SELECT r.run_uuid, r.status, MAX(r.start_time) FROM runs r
                JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = :kind AND t.value = 'sweep'
                WHERE r.lifecycle_stage = 'active' GROUP BY r.experiment_id
            ) WHERE status IN ('KILLED', 'FAILED')
        )
        SELECT run_uuid FROM cut UNION SELECT t.run_uuid FROM tags t JOIN runs r USING (run_uuid)
        WHERE t.key = :parent AND t.value IN (SELECT run_uuid FROM cut) AND r.status = 'FINISHED'
    """,
}
"""Why a run is needed, and the runs of which that is true; the first reason is the one told."""

PAGE = "a report or shortlist"
"""Why a run is needed that a page in the project's outputs was made from."""

RELATED = {
    "the sweep of one of these": "SELECT value FROM tags WHERE key = :parent AND run_uuid = :run",
    "the best run of such a sweep": "SELECT value FROM tags WHERE key = :best AND run_uuid = :run",
}
"""What else is needed with a run that is."""

NAMES = {"kind": KIND, "best": BEST_RUN_ID, "parent": PARENT}
"""Names of tags, as the queries call them."""

_RUN = re.compile(rb"Made by tiktok-segments from run ([0-9a-f]{32})")


def needed_runs(store: sqlite3.Connection, pages: Path) -> dict[str, str]:
    """Return the runs that have to stay, each with the reason.

    Parameters
    ----------
    store : Connection
        A SQLite store of MLflow's.
    pages : Path
        Folder of reports and shortlists, each of which names its run; it need not be there.

    Returns
    -------
    dict of str to str
        Reason by the run's id. Among them are ids that the store does not have.
    """
    needed: dict[str, str] = {}
    for reason, query in REASONS.items():
        for (run,) in store.execute(query, NAMES):
            needed.setdefault(run, reason)
    for run in _runs_of_pages(pages):
        needed.setdefault(run, PAGE)
    fresh = list(needed)
    while fresh:
        fresh = list(_relatives(store, fresh, needed))
    return needed


def _relatives(store: sqlite3.Connection, runs: list[str], needed: dict[str, str]) -> Iterator[str]:
    """Add what is needed with runs, as far as it is not known yet, and yield it."""
    for reason, query in RELATED.items():
        for run in runs:
            for (other,) in store.execute(query, NAMES | {"run": run}).fetchall():
                if other not in needed:
                    needed[other] = reason
                    yield other


def _runs_of_pages(folder: Path) -> Iterator[str]:
    for page in sorted(folder.rglob("*.html")):
        if found := _RUN.search(page.read_bytes()):
            yield found[1].decode()
