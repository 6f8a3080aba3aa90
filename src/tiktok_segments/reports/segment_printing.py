"""Segments in the terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.files import tables_of_before
from tiktok_segments.registry.versions import SYNTHETIC, champion
from tiktok_segments.wording import percent, short_number

_MEDIANS = {
    "followers": ("followers", short_number),
    "following": ("follows", short_number),
    "videos": ("videos", short_number),
    "engagement_rate": ("engagement", percent),
}
"""Short heads, so that a terminal of 80 letters holds the table."""


def print_segments(segments: pd.DataFrame, title: str) -> None:
    """Print segments as people read them: sizes, medians in real units.

    Parameters
    ----------
    segments : DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe.describe_segments` returns it.
    title : str
        Above the table.
    """
    shown = pd.DataFrame(
        {
            "segment": segments["segment"],
            "accounts": segments["accounts"].map("{:,}".format),
            "share": segments["share"].map(percent),
        }
    )
    medians = {}
    for name, (head, write) in _MEDIANS.items():
        if f"{name}_median" in segments:
            medians[head] = segments[f"{name}_median"].map(write)
    shown = shown.assign(**medians)
    if "verified_share" in segments:
        shown["verified"] = segments["verified_share"].map(percent)
    terminal.print_table(shown, title)
    words = f"{', '.join(medians)}: the median account's."
    terminal.console().print(words, markup=False, style="dim")


def print_report(files: Sequence[Path]) -> None:
    """Print where the report is, and which tables beside it are not of it.

    Parameters
    ----------
    files : sequence of Path
        What was written, the report last.
    """
    out = terminal.console()
    out.print(f"\nReport: {files[-1].resolve()}", markup=False, soft_wrap=True)
    print_tables_of_before(files)


def print_tables_of_before(files: Sequence[Path]) -> None:
    """Print which tables beside the written ones were there before."""
    if older := tables_of_before(files):
        names = ", ".join(file.name for file in older)
        terminal.console().print(
            f"Beside them from before, and unchanged: {names}", markup=False, soft_wrap=True
        )


def say_next(run_id: str, verdict: str | None, data: Mapping[str, Any], *, synthetic: bool) -> str:
    """Return the command that comes after a report of a run, and what it does.

    Parameters
    ----------
    run_id : str
        A training run.
    verdict : str or None
        On its segments; None where structure was not examined, which the gate then does.
    data : mapping
        Of its configuration.
    synthetic : bool
        Whether it was fitted on synthetic accounts, which never replace real ones.
    """
    version = champion()
    if version is not None and version.run_id == run_id:
        command = next_command(
            "scripts/assign_segments.py", "data.path=new.csv", "output=assigned.csv", data=data
        )
        return f"{command}   assigns other accounts; the model is the champion"
    if synthetic and version is not None and version.tags.get(SYNTHETIC) == "false":
        command = next_command("train.py", "-m", "k=2,3,4,5,6,7", "data.path=export.csv")
        return (
            f"{command}   sweeps an export of yours; this model of synthetic accounts cannot "
            f"replace version {version.version}, which is of real ones"
        )
    if verdict != "none":
        command = next_command("scripts/promote_model.py", f"run={run_id}", data=data)
        return f"{command}   registers the model"
    command = next_command(
        "scripts/promote_model.py", f"run={run_id}", "challenger=true", data=data
    )
    return f"{command}   keeps the model; the standard gate refuses a verdict of none"
