"""Two runs' or two versions' segments on the same accounts: compare, print, write, log."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.clustering.agreement import adjusted_rand
from tiktok_segments.figure_files import write_figure
from tiktok_segments.reports.crossing_plots import draw_crossing, draw_flows
from tiktok_segments.segments.crossing import cross_segments, describe_crossing
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking import artifacts
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.runs import record_run


@dataclass(frozen=True)
class Comparison:
    """Where the accounts of each of the first model's segments are in the second's.

    Attributes
    ----------
    first, second : str
        What the models are called.
    dataset : Dataset
        The accounts that both assigned.
    table : DataFrame of shape (n_first, n_second)
        Accounts in each pair of segments.
    ari : float
        Adjusted Rand index: 1 for the same partition, 0 for agreement by chance.
    sentences : list of str
        Which segments split, merge and go on.
    """

    first: str
    second: str
    dataset: Dataset
    table: pd.DataFrame
    ari: float
    sentences: list[str]


def compare(first: NamedModel, second: NamedModel, dataset: Dataset) -> Comparison:
    """Compare two models on accounts that both can assign.

    Parameters
    ----------
    first, second : NamedModel
        The models.
    dataset : Dataset
        The accounts.

    Returns
    -------
    Comparison
        Cross table, agreement, and what becomes of each segment.

    Raises
    ------
    InputError
        If a column that one of them reads is not there.
    """
    frame = dataset.frame
    table = cross_segments(first.assign(frame), second.assign(frame), first.names, second.names)
    return Comparison(
        first.label,
        second.label,
        dataset,
        table,
        adjusted_rand(table.to_numpy(dtype=float)),
        describe_crossing(table),
    )


def print_comparison(comparison: Comparison) -> None:
    """Print the cross table, the agreement, and what becomes of each segment."""
    synthetic = "synthetic " if comparison.dataset.synthetic else ""
    terminal.print_table(
        _with_names(comparison),
        f"{len(comparison.dataset.frame):,} {synthetic}accounts: segments of {comparison.first} "
        f"(rows) in those of {comparison.second} (columns)",
    )
    out = terminal.console()
    out.print(
        f"\nAgreement (adjusted Rand index; 1: the same, 0: as by chance): {comparison.ari:.3f}"
    )
    for sentence in comparison.sentences:
        out.print(f"- {sentence}", markup=False)


def record_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the table and both figures to a folder, and log them to a run of kind ``compare``.

    Parameters
    ----------
    comparison : Comparison
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
    title = f"Segments of {comparison.first} in those of {comparison.second}"
    sides = comparison.first, comparison.second
    figures = {
        "crossing": draw_crossing(comparison.table, title, *sides),
        "flows": draw_flows(comparison.table, title, *sides),
    }
    files = [write_table(_with_names(comparison), folder / "crossing.csv")]
    files += [write_figure(figure, folder / f"{name}.png") for name, figure in figures.items()]
    dataset = comparison.dataset
    with record_run(f"{comparison.first} and {comparison.second}", "compare") as run:
        about = {
            "first": comparison.first,
            "second": comparison.second,
            "data_source": dataset.source,
            "data_sha256": dataset.sha256,
            "rows": len(dataset.frame),
        }
        run.params |= about
        run.metrics["ari"] = comparison.ari
        run.files["crossing.csv"] = _with_names(comparison).to_csv(index=False)
        artifacts.log_figures(run.open(), figures)
        found = {**about, "ari": comparison.ari, "sentences": comparison.sentences}
        run.files["comparison.json"] = json.dumps(found, indent=2, ensure_ascii=False)
    return files


def _with_names(comparison: Comparison) -> pd.DataFrame:
    """Return the cross table with the first model's segments as a column."""
    return comparison.table.rename_axis("segment").reset_index()
