"""Write what a run's segments are: tables, a document and a report."""

import json
from pathlib import Path

from tiktok_segments import terminal, tracking
from tiktok_segments.files import write_whole
from tiktok_segments.report import render_report
from tiktok_segments.segmentation import Segmentation, as_document


def write_segments(segmentation: Segmentation, folder: Path) -> list[Path]:
    """Write ``segments.csv``, ``accounts.csv``, ``segments.json`` and ``report.html``.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    folder : Path
        Made where it is missing; files of the same names are replaced.

    Returns
    -------
    list of Path
        The four files, each of which appears whole or not at all.
    """
    run = tracking.get_run(segmentation.run_id)
    contents = {
        "segments.csv": segmentation.segments.to_csv(index=False),
        "accounts.csv": segmentation.accounts.to_csv(index=False),
        "segments.json": json.dumps(as_document(segmentation), indent=2, ensure_ascii=False),
        "report.html": render_report(segmentation, run.data.params, run.data.tags),
    }
    return [write_whole(folder / name, content) for name, content in contents.items()]


def profile(segmentation: Segmentation, folder: Path) -> None:
    """Write a run's segments to a folder and to the run, and print them.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    folder : Path
        Where the files go.
    """
    files = write_segments(segmentation, folder)
    tracking.log_files(segmentation.run_id, files, "segments")
    dataset = segmentation.dataset
    origin = "synthetic accounts" if dataset.synthetic else "accounts"
    terminal.print_segments(
        segmentation.segments, f"{len(dataset.frame):,} {origin} of run {segmentation.run_id}"
    )
    out = terminal.console()
    out.print(f"\nReport: {files[-1].resolve()}", markup=False)
    out.print("Compare the runs: make ui   (or: mlflow ui, in the project's folder)")
    out.print("Next: python scripts/promote_model.py   registers the model")
