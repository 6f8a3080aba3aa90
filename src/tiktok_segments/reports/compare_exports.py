"""What happened between two exports, written: files, a page, the terminal and MLflow."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tiktok_segments import terminal
from tiktok_segments.figure_files import as_png, write_figure
from tiktok_segments.files import write_whole
from tiktok_segments.monitoring.compare_exports import SnapshotComparison
from tiktok_segments.monitoring.drift_log import (
    features_table,
    log_drift,
    print_drift,
    segments_table,
)
from tiktok_segments.monitoring.drift_plots import draw_drift
from tiktok_segments.monitoring.movement import STAYED, Rising, count_causes
from tiktok_segments.monitoring.thresholds import Thresholds
from tiktok_segments.monitoring.verdict import VERDICTS
from tiktok_segments.reports.crossing_plots import draw_crossing
from tiktok_segments.reports.links import profile_addresses
from tiktok_segments.reports.page import render_page
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking import artifacts
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.wording import percent, short_number


def record_snapshots(
    found: SnapshotComparison, thresholds: Thresholds, rising: Rising, folder: Path
) -> Path:
    """Write tables, figures and ``drift.html``, and log them to a run of kind ``drift``.

    Parameters
    ----------
    found : SnapshotComparison
        What happened.
    thresholds : Thresholds
        What drift was held against.
    rising : Rising
        Who counts as rising.
    folder : Path
        Made where it is missing; files of the same names are replaced.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    tables, figures = _tables(found), draw_snapshots(found)
    for name, table in tables.items():
        write_table(table, folder / f"{name}.csv")
    for name, figure in figures.items():
        write_figure(figure, folder / f"{name}.png")
    page = write_whole(folder / "drift.html", render(found, figures, thresholds, rising))
    about = {
        "model": found.old_model.label,
        "then": Path(found.old.source).name,
        "now": Path(found.new.source).name,
    }
    with record_run(f"{about['then']} to {about['now']}", "drift") as run:
        run_id = run.open()
        digests = {"old_sha256": found.old.sha256, "new_sha256": found.new.sha256}
        models = {"old_model": about["model"], "new_model": found.new_model.label}
        run.params |= {"old": found.old.source, "new": found.new.source, **digests, **models}
        run.metrics |= {"accounts_in_both": len(found.accounts), "moved_share": _moved(found)}
        log_drift(run_id, found.drift, about, found.old_model.run_id)
        for name in tables.keys() - {"drift"}:
            artifacts.log_table(run_id, tables[name], name)
        artifacts.log_figures(run_id, {n: f for n, f in figures.items() if "drift" not in n})
        artifacts.log_files(run_id, [page], "report")
    return page


def print_snapshots(found: SnapshotComparison) -> None:
    """Print drift, who moved, why, and who rises."""
    print_drift(found.drift)
    out = terminal.console()
    if found.accounts.empty:
        out.print("\nNo account is in both files, so nobody can be followed.")
        return
    stayed = np.trace(found.migration.to_numpy()) / len(found.accounts)
    out.print()
    terminal.print_table(
        found.migration.rename_axis("segment then").reset_index(),
        f"{len(found.accounts):,} accounts in both: segment then (rows) and now (columns), by "
        f"{found.old_model.label}; {percent(1 - stayed)} moved",
    )
    if found.churn is not None:
        out.print()
        causes = count_causes(found.accounts)
        terminal.print_table(
            causes.assign(share=causes["share"].map(percent)),
            f"From {found.old_model.label} to {found.new_model.label}: what moved the accounts",
        )
    _print_rising(found.rising)


def _print_rising(rising: pd.DataFrame) -> None:
    out = terminal.console()
    if rising.empty:
        out.print("\nNo account is rising.")
        return
    shown = rising.head(10)
    out.print()
    terminal.print_table(
        shown.assign(
            account_id=[terminal.printable(text) for text in shown["account_id"]],
            growth=shown["growth"].map("{:+.0%}".format),
        ),
        f"Rising: {len(rising)} listed" + (", the first 10" if len(rising) > 10 else ""),
    )


def render(
    found: SnapshotComparison, figures: dict[str, Figure], thresholds: Thresholds, rising: Rising
) -> str:
    """Render the page: one file that asks for nothing from anywhere.

    Parameters
    ----------
    found : SnapshotComparison
        What happened.
    figures : dict of str to Figure
        By the names of their files.
    thresholds : Thresholds
        What drift was held against.
    rising : Rising
        Who counts as rising.

    Returns
    -------
    str
        HTML; all text of the accounts is escaped.
    """
    (beyond,) = found.drift.of("out_of_range")
    return render_page(
        "drift.html",
        found=found,
        drift=found.drift,
        title=VERDICTS[found.drift.verdict],
        synthetic=bool(found.old_model.facts["synthetic"]),
        models=[found.old_model.label, found.new_model.label],
        names=[Path(found.old.source).name, Path(found.new.source).name],
        segments=segments_table(found.drift),
        features=features_table(found.drift),
        beyond=beyond,
        moved=_moved(found),
        causes=count_causes(found.accounts).to_dict("records"),
        rising=_rising_rows(found),
        rule=rising,
        thresholds=thresholds,
        figures={
            name: f"data:image/png;base64,{base64.b64encode(as_png(figure)).decode()}"
            for name, figure in figures.items()
        },
    )


def _moved(found: SnapshotComparison) -> float:
    """Return the share of the accounts in both that are not where they were, whatever the cause."""
    return float((found.accounts["cause"] != STAYED).mean()) if len(found.accounts) else 0.0


def _tables(found: SnapshotComparison) -> dict[str, pd.DataFrame]:
    tables = {
        "drift": found.drift.as_table(),
        "segments": found.drift.segments(),
        "accounts": found.accounts.drop(columns="rises"),
        "migration": found.migration.rename_axis("segment").reset_index(),
        "causes": count_causes(found.accounts),
        "rising": found.rising,
    }
    if found.churn is not None:
        tables["model_churn"] = found.churn.rename_axis("segment").reset_index()
    return tables


def draw_snapshots(found: SnapshotComparison) -> dict[str, Figure]:
    """Draw drift, who moved and what the model alone moved, by the names of the files."""
    figures = draw_drift(found.drift)
    if found.accounts.empty:
        return figures
    figures["migration"] = draw_crossing(
        found.migration, "Who moved: the accounts that are in both files", "then", "now"
    )
    if found.churn is not None:
        figures["model_churn"] = draw_crossing(
            found.churn,
            "What the model alone moved: the same accounts, the same data",
            found.old_model.label,
            found.new_model.label,
        )
    return figures


def _rising_rows(found: SnapshotComparison) -> list[dict[str, Any]]:
    addresses = profile_addresses(found.rising, bool(found.old_model.facts["synthetic"]))
    return [
        {
            **{str(name): value for name, value in row.items()},
            "address": address,
            "then": short_number(row["followers_then"]),
            "now": short_number(row["followers_now"]),
            "growth": f"{row['growth']:+.0%}" if pd.notna(row["growth"]) else "-",
        }
        for row, address in zip(found.rising.to_dict("records"), addresses, strict=True)
    ]
