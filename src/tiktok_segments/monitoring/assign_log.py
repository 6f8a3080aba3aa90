"""An assignment of accounts in the terminal and as a run in MLflow."""

from pathlib import Path

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.monitoring.account_sums import Assignment
from tiktok_segments.monitoring.drift_log import log_drift
from tiktok_segments.monitoring.drift_words import say_reasons, say_verdict
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.wording import counted, percent

KIND = "assign"


def log_assignment(model: NamedModel, assignment: Assignment, drift: Drift) -> str:
    """Log an assignment as a finished run of kind ``assign``.

    Parameters
    ----------
    model : NamedModel
        That made it.
    assignment : Assignment
        What became of the export.
    drift : Drift
        How far its accounts are from those that the model was fitted on.

    Returns
    -------
    str
        The run's id. Its metrics ``share.<segment_id>`` outlive a segment's name.
    """
    shares = assignment.segments.set_index("segment_id")["share"]
    with record_run(f"assign {Path(assignment.source).name}", KIND) as run:
        run.params |= {
            run_names.DATA_SHA256: assignment.sha256,
            run_names.DATA_SOURCE: assignment.source,
            run_names.ROWS: assignment.count("input"),
            "model_version": assignment.version,
            "model": model.address,
        }
        if not assignment.pseudonymous:  # else nothing is kept that names a file of somebody's
            run.params["output"] = assignment.places[0]
        run.metrics |= {
            "accounts": assignment.sums.accounts,
            "rejected": assignment.count("rejected"),
            "filtered": assignment.count("filtered"),
            "out_of_range_share": assignment.out_of_range_share,
            **{f"share.{segment_id}": float(share) for segment_id, share in shares.items()},
        }
        run.tags[run_names.MODEL_RUN_ID] = model.run_id
        run.files |= {
            artifacts.ASSIGNED_SEGMENTS: assignment.segments.to_csv(index=False),
            artifacts.CLEANING: assignment.summary.to_csv(index=False),
            artifacts.INGEST: "\n".join(assignment.notes),
        }
        run.log()
        about = {"model": model.label, "then": model.facts[run_names.DATA_SOURCE]}
        log_drift(run.open(), drift, {**about, "now": assignment.source}, model.run_id)
    return run.open()


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
    accounts = assignment.sums.accounts
    terminal.print_table(
        table, f"{counted(accounts, 'account')} assigned by model version {assignment.version}"
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
    beyond = assignment.sums.out_of_range
    lines = [
        f"Out of range: {counted(beyond, 'account')} ({percent(assignment.out_of_range_share)}), "
        "larger or smaller in some column than any that the model was fitted on."
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
        f"Drift, verdict {drift.verdict}. {say_verdict(drift)}.",
        *(f"- {reason}" for reason in say_reasons(drift)),
        f"Accounts: {assignment.places[0]}",
        *([f"Rejected rows: {assignment.places[1]}"] if len(left_out) else []),
    ]
