"""Runs that a store has to keep: what registered versions, weeks and handed-out pages come from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tiktok_segments.language import languages, read_language
from tiktok_segments.tracking.holdings import StoreRecords

PAGE = "a report or shortlist"
"""Why a run is needed that a page in the project's outputs was made from."""

MADE_BY = "Made by tiktok-segments from run {run}."
"""What such pages say of themselves, in English."""


def needed_runs(records: StoreRecords, pages: Path) -> dict[str, str]:
    """Return the runs that have to stay, each with the reason.

    Parameters
    ----------
    records : StoreRecords
        What the store knows.
    pages : Path
        Folder of reports and shortlists, each of which names its run; it need not be there.

    Returns
    -------
    dict of str to str
        Reason by the run's id; the first that is true of it. Among them are ids that the store does
        not have.
    """
    needed: dict[str, str] = {}
    for reason, runs in _reasons(records):
        for run in runs:
            needed.setdefault(str(run), reason)
    for run in _runs_of_pages(pages):
        needed.setdefault(run, PAGE)
    related = records.runs.set_index("run")[["sweep", "best"]]
    fresh = list(needed)
    while fresh:
        fresh = list(_relatives(related, fresh, needed))
    return needed


def _reasons(records: StoreRecords) -> Iterator[tuple[str, pd.Series]]:
    """Yield why runs are needed, and the runs of which that is true."""
    runs, versions, models = records.runs, records.versions, records.models
    yield "under way", runs.loc[runs["status"].isin(["RUNNING", "SCHEDULED"]), "run"]
    promoted = models.loc[("models:/" + models["model"]).isin(versions["source"]), "run"]
    yield "a registered version", pd.concat([versions["run"], promoted]).dropna()
    yield "the history of the weeks", runs.loc[runs["kind"] == "weekly", "run"]
    active = runs[runs["lifecycle_stage"] == "active"]
    with_best = active[active["best"].fillna("") != ""]
    yield "the newest sweep", with_best.groupby("experiment")["run"].last()
    newest = active[active["kind"] == "sweep"].groupby("experiment").tail(1)
    cut = newest.loc[newest["status"].isin(["KILLED", "FAILED"]), "run"]
    done = runs.loc[runs["sweep"].isin(cut) & (runs["status"] == "FINISHED"), "run"]
    yield "a sweep that resume=true completes", pd.concat([cut, done])


def _relatives(related: pd.DataFrame, runs: list[str], needed: dict[str, str]) -> Iterator[str]:
    """Add what is needed with runs, as far as it is not known yet, and yield it."""
    for reason, column in (
        ("the sweep of one of these", "sweep"),
        ("the best run of such a sweep", "best"),
    ):
        for other in related[column].reindex(runs).dropna():
            if other and other not in needed:
                needed[other] = reason
                yield other


def _runs_of_pages(folder: Path) -> Iterator[str]:
    said = [read_language(code).say(MADE_BY, run="RUN") for code in languages()]
    named = re.compile("|".join(map(re.escape, said)).replace("RUN", "[0-9a-f]{32}").encode())
    for page in sorted(folder.rglob("*.html")):
        if found := named.search(page.read_bytes()):
            yield re.findall(r"[0-9a-f]{32}", found[0].decode())[0]
