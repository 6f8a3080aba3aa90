"""What the terminal shows of an assignment, while it runs and afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tiktok_segments import terminal
from tiktok_segments.monitoring.assign_export import Assignment
from tiktok_segments.monitoring.assign_export import Progress as Tell
from tiktok_segments.monitoring.verdict import VERDICTS, Drift
from tiktok_segments.wording import percent


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """Show a bar on standard error, and give what moves it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal.console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield tell


def print_assignment(assignment: Assignment, drift: Drift, run_id: str | None) -> None:
    """Print the segments, what was left out, the verdict on drift and where the files are."""
    out = terminal.console()
    out.print("\n".join(assignment.notes), markup=False, style="dim")
    table = pd.DataFrame(
        {
            "segment": assignment.segments["segment"],
            "accounts": assignment.segments["accounts"].map("{:,}".format),
            "share": assignment.segments["share"].map(percent),
        }
    )
    accounts = assignment.snapshot.accounts
    terminal.print_table(
        table, f"{accounts:,} accounts assigned by model version {assignment.version}"
    )
    out.print()
    for line in describe_assignment(assignment, drift):
        out.print(line, markup=False)
    if run_id is not None:
        out.print(f"Logged as run {run_id}", markup=False)


def describe_assignment(assignment: Assignment, drift: Drift) -> list[str]:
    """Say what was not assigned and why, how far the accounts drifted, and where the files are.

    Parameters
    ----------
    assignment : Assignment
        As it was made.
    drift : Drift
        How far its accounts are from those that the model was fitted on.

    Returns
    -------
    list of str
        A line each.
    """
    beyond = assignment.snapshot.out_of_range
    lines = [
        f"Out of range: {beyond:,} accounts ({percent(assignment.out_of_range_share)}) are larger "
        "or smaller in some column than any that the model was fitted on."
    ]
    left_out = assignment.summary.iloc[2:]
    lines += [
        f"{rule[0].upper()}{rule[1:]}, {rows:,} {'row' if rows == 1 else 'rows'}"
        for rule, rows in left_out.itertuples(index=False)
    ]
    if not len(left_out):
        lines.append("No row was rejected.")
    return [
        *lines,
        f"Drift, verdict {drift.verdict}. {VERDICTS[drift.verdict]}.",
        *(f"- {reason}" for reason in drift.reasons),
        f"Accounts: {assignment.output.absolute()}",
        f"Rejected rows: {assignment.rejected_file.absolute()}",
    ]
