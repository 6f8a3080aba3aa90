"""The week's report: the export's accounts in the segments of whichever model is champion."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.errors import InputError
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.registry.new_export import segment_export
from tiktok_segments.reports.segment_files import REPORT_FILES, write_segments
from tiktok_segments.segments.choice import Decisions
from tiktok_segments.segments.segmentation import as_document
from tiktok_segments.tracking import artifacts
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.weekly.outcome import Week


def report_week(
    dataset: Dataset,
    model: NamedModel | None,
    folder: Path,
    week: Week,
    recipe: Mapping[str, Any],
    decisions: Decisions | None = None,
    earlier: Dataset | None = None,
    weeks: Sequence[Mapping[str, Any]] = (),
    language: Language = ENGLISH,
) -> None:
    """Write the report and its tables.

    Parameters
    ----------
    dataset : Dataset
        The export.
    model : NamedModel or None
        The champion at the end of the week.
    folder : Path
        Where the files go; those of an earlier week there are removed first.
    week : Week
        Told.
    recipe : mapping
        ``data`` and ``clean`` that the export was read by.
    decisions : Decisions or None
        That the report opens with.
    earlier : Dataset or None
        The accounts of the week before, for what changed since.
    weeks : sequence of mapping
        The weeks before, as :func:`~tiktok_segments.weekly.earlier.read_trend` returns them.
    language : Language
        Of the report.
    """
    for name in REPORT_FILES:  # not to be taken for this one's
        (folder / name).unlink(missing_ok=True)
    if model is None:
        week.note("report", "No report: there is no champion whose segments it could show.")
        return
    try:
        segmentation = segment_export(model, dataset, recipe=recipe)
    except InputError as error:
        week.note("report", f"No report: {error}")
        return
    today = {
        "started": week.started.isoformat(timespec="seconds"),
        "outcome": week.outcome,
        "reason": week.reason,
        "segments": as_document(segmentation)["segments"],
    }
    week.files += write_segments(
        segmentation,
        folder,
        "csv",
        decisions,
        earlier=earlier,
        weeks=[*weeks, today],
        language=language,
    )
    page = folder / artifacts.REPORT
    told = f"{page.resolve()}, by {model.label}"
    week.note("report", f"{page.name}, by {model.label}" if week.discreet else told, told)
