"""What the report of a week says of the weeks before: who was there, and how segments went."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tiktok_segments.accounts.dataset import Dataset, load_every_account
from tiktok_segments.containers.hints import HINTS
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.weekly.past_weeks import TAKEN_IN, PastWeek

DRAWN = 26
"""Weeks that are drawn at the most: half a year."""

_CANONICAL_UNITS = {
    **dict.fromkeys(("followers", "following", "likes", "videos"), "one"),
    **dict.fromkeys(("engagement_rate", "like_rate", "comment_rate"), "fraction"),
}


def load_last_accounts(
    weeks: Sequence[PastWeek], config: Mapping[str, Any], model: NamedModel
) -> Dataset | None:
    """Load the accounts of the last week whose export was used, as that week kept them.

    Parameters
    ----------
    weeks : sequence of PastWeek
        The newest first.
    config : mapping
        The command's; its table of columns' names is used.
    model : NamedModel
        Whose columns the accounts are to have.

    Returns
    -------
    Dataset or None
        Under the name of that week's export; None where no week kept accounts that this model can
        assign.
    """
    name = f"{artifacts.WEEK_FOLDER}/{artifacts.ACCOUNTS_TABLE}.csv"
    used = (week for week in weeks if week.outcome in TAKEN_IN)
    kept = next((week for week in used if artifacts.has_file(week.run_id, name)), None)
    if kept is None:
        return None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        file.write_bytes(artifacts.load_bytes(kept.run_id, name))
        columns = file.read_text(encoding="utf-8-sig").partition("\n")[0].strip().split(",")
        units = {column: unit for column, unit in _CANONICAL_UNITS.items() if column in columns}
        data = {**config["data"], **dict.fromkeys(HINTS), "path": str(file), "units": units}
        data["pseudonyms"] = None  # they have them already
        settings = {"data": data, "clean": config["clean"]}
        if not set(model.columns) <= set(columns):
            return None
        dataset = load_every_account(settings, needed=model.columns)
    source = kept.params.get(run_names.DATA_SOURCE, "")
    return replace(dataset, source=f"{kept.started:%Y-%m-%d} ({Path(source).name})")


def read_trend(weeks: Sequence[PastWeek]) -> list[dict[str, Any]]:
    """Read how the segments went over the weeks, held and failed ones too.

    Parameters
    ----------
    weeks : sequence of PastWeek
        The newest first; the last :data:`DRAWN` are read.

    Returns
    -------
    list of dict
        A week each, the oldest first: ``started``, ``outcome``, ``reason``, ``champion`` and
        ``segments``: ``segment_id``, ``segment``, ``share`` and ``followers_median`` of each, none
        where the export was not used.
    """
    return [_read_week(week) for week in reversed(weeks[:DRAWN])]


def _read_week(week: PastWeek) -> dict[str, Any]:
    document = None
    if week.outcome in TAKEN_IN:
        name = Path(artifacts.SEGMENTS).stem
        document = artifacts.load_document(week.run_id, f"{artifacts.WEEK_FOLDER}/{name}")
    return {
        "started": week.started.isoformat(timespec="seconds"),
        "outcome": week.outcome,
        "reason": week.reason,
        "champion": week.champion,
        "segments": document["segments"] if document else [],
    }
