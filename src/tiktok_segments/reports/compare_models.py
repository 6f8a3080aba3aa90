"""Comparison of two models, for people: the cross table, two figures and the terminal."""

from pathlib import Path

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.monitoring.comparison.models import ModelComparison
from tiktok_segments.plots import write_figure
from tiktok_segments.reports.crossing_plots import draw_crossing, draw_flows
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking import artifacts


def write_model_comparison(found: ModelComparison, folder: Path) -> list[Path]:
    """Write the cross table and both figures.

    Parameters
    ----------
    found : ModelComparison
        What was found.
    folder : Path
        Made where it is missing; files of the same names are replaced.

    Returns
    -------
    list of Path
        ``crossing.csv``, ``crossing.png`` and ``flows.png``.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    title = f"Segments of {found.first} in those of {found.second}"
    figures = {
        "crossing": draw_crossing(found.table, title, found.first, found.second),
        "flows": draw_flows(found.table, title, found.first, found.second),
    }
    files = [write_table(crossing_table(found), folder / artifacts.CROSSING)]
    return files + [
        write_figure(figure, folder / f"{name}.png") for name, figure in figures.items()
    ]


def print_model_comparison(found: ModelComparison) -> None:
    """Print the cross table, the agreement, and what becomes of each segment."""
    synthetic = "synthetic " if found.dataset.synthetic else ""
    terminal.print_table(
        crossing_table(found),
        f"{found.dataset.n_accounts:,} {synthetic}accounts: segments of {found.first} "
        f"(rows) in those of {found.second} (columns)",
    )
    out = terminal.console()
    out.print(f"\nAgreement (adjusted Rand index; 1: the same, 0: as by chance): {found.ari:.3f}")
    for sentence in found.sentences:
        out.print(f"- {sentence}", markup=False)


def crossing_table(found: ModelComparison) -> pd.DataFrame:
    """Return the cross table with the first model's segments as its first column."""
    return found.table.rename_axis("segment").reset_index()
