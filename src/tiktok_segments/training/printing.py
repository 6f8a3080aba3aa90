"""The outcome of a run on the terminal, and where the time of runs went."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.tracking import history, run_names
from tiktok_segments.training.job_place import this_place
from tiktok_segments.training.timings import TRACKING, sum_phases
from tiktok_segments.validation.results import CERTAINTY, meaning_of


def report_run(result: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Print one run's outcome and what to do next; a sweep prints a table instead.

    Parameters
    ----------
    result : mapping
        As :func:`~tiktok_segments.training.run.train` returns it.
    settings : mapping
        The plain content of what was trained.
    """
    if this_place() is not None:
        return
    numbers = {name: value for name, value in result.items() if name not in ("run_id", "verdict")}
    table = pd.DataFrame(
        {
            "metric": list(numbers),
            "value": [_in_full(value) for value in numbers.values()],
            "what it is": list(map(meaning_of, numbers)),
        }
    )
    terminal.print_table(table, f"Run {result['run_id']}")
    out = terminal.console()
    if verdict := result.get("verdict"):
        from tiktok_segments.validation.redraws import Certainty
        from tiktok_segments.validation.run_verdict import UNFIT, VERDICTS

        unfit = history.get_run(result["run_id"]).data.tags.get(run_names.UNFIT)
        heading, text = UNFIT if unfit else VERDICTS[verdict]
        out.print(f"\n{heading.format(k=settings['k'])}.", style="bold", markup=False)
        out.print(text, markup=False)
        if unfit:
            out.print(f"Not fit for k-means: {unfit}. Others: features=...", markup=False)
        redraws = int(settings["structure"]["n_splits"])
        returns = round(result[CERTAINTY] * redraws)
        out.print(Certainty(returns, redraws).in_words(), markup=False)
    else:
        out.print("\nWhether these are separate groups was not examined.", markup=False)
    if settings.get("profile") is True:
        metrics = history.get_run(result["run_id"]).data.metrics
        print_phases(pd.DataFrame([{"status": "FINISHED", **metrics}]))
    if settings["report"] is not False:
        from tiktok_segments.reports.segment_files import (
            profile_run,  # templates and drawing: not for other runs
        )

        out.print()
        profile_run(result["run_id"], settings["report"], settings["data"]["path"])
        return
    following = next_command(
        "scripts/profile_segments.py", f"run={result['run_id']}", data=settings["data"]
    )
    out.print(f"\nNext: {following}", markup=False, soft_wrap=True)


def _in_full(value: float) -> str:
    """Write a number with six digits at least, and without an exponent where it is large.

    Examples
    --------
    >>> _in_full(100_000_000), _in_full(70_478_700.25), _in_full(0.5113281)
    ('100,000,000', '70,478,700', '0.511328')
    """
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def print_phases(runs: pd.DataFrame) -> None:
    """Print how long each part of the runs took, all runs together."""
    table = sum_phases(runs[runs["status"] == "FINISHED"])
    title = f"Where the time of the runs went: {table['seconds'].sum():.2f} s together"
    terminal.print_table(table.round({"seconds": 3, "ms_per_run": 1, "share": 3}), title)
    tracking_ms = table.loc[table["phase"].isin(TRACKING), "ms_per_run"].sum()
    terminal.console().print(f"Tracking ({', '.join(TRACKING)}) took {tracking_ms:.1f} ms a run.")
