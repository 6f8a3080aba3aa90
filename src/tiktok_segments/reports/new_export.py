"""An export that a model was not fitted on, profiled: the same files, marked as assigned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.account_sums import sum_accounts
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.drift_log import drift_document
from tiktok_segments.monitoring.thresholds import DriftThresholds
from tiktok_segments.monitoring.unit_change import check_units
from tiktok_segments.reports.segment_files import print_origin, write_segments
from tiktok_segments.reports.segment_printing import print_report, print_segments
from tiktok_segments.segments.choice import Decisions
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking import run_names
from tiktok_segments.tracking.named_model import NamedModel


def profile_export(
    segmentation: Segmentation,
    model: NamedModel,
    folder: Path,
    table_format: str,
    thresholds: DriftThresholds,
    decisions: Decisions | None = None,
    earlier: Dataset | None = None,
    language: Language = ENGLISH,
) -> None:
    """Write an assigned export's segments to a folder and print them; nothing is logged.

    Parameters
    ----------
    segmentation : Segmentation
        The export in the model's segments.
    model : NamedModel
        Which assigned it.
    folder : Path
        Where the files go.
    table_format : {"csv", "xlsx"}
        What the tables are written as.
    thresholds : DriftThresholds
        Of drift.
    decisions : Decisions, optional
        That the report opens with.
    earlier : Dataset, optional
        An earlier export, for what changed since.
    language : Language
        Of the report.
    """
    drift = _measure(segmentation, model, thresholds)
    files = [
        *write_segments(
            segmentation, folder, table_format, decisions, drift, earlier, language=language
        )
    ]
    print_segments(
        segmentation.segments,
        f"{segmentation.dataset.n_accounts:,} accounts in the segments of {model.label}",
    )
    print_origin(segmentation, reported=True)
    print_report(files)


def _measure(
    segmentation: Segmentation, model: NamedModel, thresholds: DriftThresholds
) -> Mapping[str, Any] | None:
    """Return what changed since the model was fitted; None for one that does not tell."""
    if not model.baseline:
        return None
    sums = sum_accounts(model, segmentation.dataset.accounts)
    check_units(sums, can_say=False)
    about = {
        "model": model.label,
        "then": model.facts[run_names.DATA_SOURCE],
        "now": segmentation.dataset.source,
    }
    return drift_document(measure_drift(model, sums, thresholds), about)
