"""An export assigned by a model, for the week: the file, the run, and the verdict on drift."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiktok_segments.monitoring.account_sums import Assignment
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_log import log_assignment
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.thresholds import DriftThresholds
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.terminal import progress_bar
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.weekly.outcome import Week

ASSIGNED = "assigned.csv"

ASSIGNED_IN_PARTS = "assigned"
"""A folder, where Spark assigns."""


def assign_week(
    version: str,
    model: NamedModel,
    settings: Mapping[str, Any],
    folder: Path,
    thresholds: DriftThresholds,
    week: Week,
) -> Drift:
    """Assign the week's export to a model's segments, and measure drift.

    Parameters
    ----------
    version : str
        The model's number.
    model : NamedModel
        Whose segments.
    settings : mapping
        ``data``, ``clean`` and ``engine``: whether Spark assigns, else in a stream.
    folder : Path
        Where ``assigned.csv`` goes, or Spark's folder ``assigned`` of Parquet files, and the
        rejected rows beside it. What an earlier champion assigned there is replaced.
    thresholds : DriftThresholds
        Of drift.
    week : Week
        Told.

    Returns
    -------
    Drift
        From what the model was fitted on to this export.

    Raises
    ------
    InputError
        If the export lacks a column that the model reads, or is in another unit.
    """
    chosen, output = None, folder / ASSIGNED
    if settings["engine"]["name"] == "spark":
        chosen, output = settings["engine"], folder / ASSIGNED_IN_PARTS
        _remove_parts(output)
    data, clean = settings["data"], settings["clean"]
    with progress_bar("rows") as progress:
        found = assign_export(model, version, data, clean, output, progress, engine=chosen)
    drift = measure_drift(model, found.sums, thresholds)
    log_assignment(model, found, drift)
    week.files = [*dict.fromkeys([*week.files, found.output, found.rejected_file])]
    place = found.output.absolute()
    kept = found.output.name if found.pseudonymous else place
    week.note("assign", _sentence(found, kept), _sentence(found, place))
    return drift


_OF_SPARK = ("part-", "_SUCCESS", ".part-", "._SUCCESS")
"""How the names begin of files that Spark writes."""


def _remove_parts(folder: Path) -> None:
    """Remove what Spark assigned before; a folder that holds something else is left alone."""
    if folder.is_dir() and all(file.name.startswith(_OF_SPARK) for file in folder.iterdir()):
        shutil.rmtree(folder)


def _sentence(found: Assignment, where: Path | str) -> str:
    rows, rejected = found.count("input"), found.count("rejected")
    return (
        f"{found.sums.accounts:,} accounts of {rows:,} rows to the segments of version "
        f"{found.version}, rejected rows: {rejected:,}; {where}"
    )
