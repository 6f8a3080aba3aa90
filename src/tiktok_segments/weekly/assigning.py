"""An export assigned by a model, for the week: the file, the run, and the verdict on drift."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiktok_segments.monitoring.account_sums import Assignment
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_log import log_assignment
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.thresholds import Thresholds
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.terminal import progress_bar
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.weekly.outcome import Week

ASSIGNED = "assigned.csv"


def assign_week(
    version: str,
    model: NamedModel,
    settings: Mapping[str, Any],
    folder: Path,
    thresholds: Thresholds,
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
        ``data`` and ``clean``.
    folder : Path
        Where ``assigned.csv`` goes, and the rejected rows beside it.
    thresholds : Thresholds
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
    with progress_bar("rows") as progress:
        found = assign_export(
            model, version, settings["data"], settings["clean"], folder / ASSIGNED, progress
        )
    drift = measure_drift(model, found.sums, thresholds)
    log_assignment(model, found, drift)
    week.files = [*dict.fromkeys([*week.files, found.output, found.rejected_file])]
    place = found.output.absolute()
    kept = found.output.name if found.pseudonymous else place
    week.note("assign", _sentence(found, kept), _sentence(found, place))
    return drift


def _sentence(found: Assignment, where: Path | str) -> str:
    rows, rejected = found.count("input"), found.count("rejected")
    return (
        f"{found.sums.accounts:,} accounts of {rows:,} rows to the segments of version "
        f"{found.version}, rejected rows: {rejected:,}; {where}"
    )
