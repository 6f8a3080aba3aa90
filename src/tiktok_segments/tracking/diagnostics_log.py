"""The diagnostics of a run in MLflow: metrics, and a figure."""

from typing import TYPE_CHECKING

from tiktok_segments.tracking import artifacts, run_log
from tiktok_segments.validation.results import diagnostic_metrics

if TYPE_CHECKING:
    from tiktok_segments.validation.results import KDiagnostics


def log_diagnostics(
    run_id: str, diagnostics: "KDiagnostics", rows_used: int, drawn: bool = True
) -> None:
    """Log a run's diagnostics as metrics, and its clusters' Jaccard coefficients as a figure.

    Parameters
    ----------
    run_id : str
        The training run.
    diagnostics : KDiagnostics
        Of its k.
    rows_used : int
        Accounts that the diagnostics were computed on; logged as ``structure_rows``.
    drawn : bool
        Whether figures are wanted.
    """
    run_log.log_numbers(run_id, metrics=diagnostic_metrics(diagnostics, rows_used))
    if drawn:
        from tiktok_segments import plots  # takes time to import, which figures=off spares

        artifacts.log_figures(run_id, {"stability": plots.draw_stability(diagnostics.jaccard)})
