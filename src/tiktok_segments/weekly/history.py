"""Every week that was, as a table: when, what came out and why, how many, under which champion."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.tracking import run_names
from tiktok_segments.weekly.past_weeks import PastWeek, past_weeks
from tiktok_segments.wording import counted

COUNTS = ("rows", "accounts", "rejected", "new", "gone", "back")
"""Metrics of a week's run."""


def list_weeks() -> pd.DataFrame:
    """Return every week that is in the store, failed and held ones too, the oldest first.

    Returns
    -------
    DataFrame of shape (n_weeks, 14)
        ``day`` (UTC), ``week`` (ISO 8601), ``outcome``, ``reason``, ``drift``, the counts
        ``rows``, ``accounts``, ``rejected``, ``new``, ``gone`` and ``back`` (missing where not
        known), ``champion`` after it, ``export`` and ``run_id``.
    """
    rows = [_row(week) for week in reversed(past_weeks(50_000))]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype(dict.fromkeys(COUNTS, "Int64"))


_COLUMNS = ("day", "week", "outcome", "reason", "drift", *COUNTS, "champion", "export", "run_id")


def _row(week: PastWeek) -> Mapping[str, Any]:
    year, number, _ = week.started.isocalendar()
    return {
        "day": f"{week.started:%Y-%m-%d}",
        "week": f"{year}-W{number:02d}",
        "outcome": week.outcome,
        "reason": week.reason,
        "drift": week.tags.get(run_names.DRIFT, ""),
        **{name: week.metrics.get(name) for name in COUNTS},
        "champion": week.champion,
        "export": week.params.get(run_names.DATA_SOURCE, ""),
        "run_id": week.run_id,
    }


def print_history() -> None:
    """Print every week that is in the store."""
    weeks = list_weeks()
    out = terminal.console()
    if not len(weeks):
        following = next_command("scripts/weekly.py", "data.path=export.csv")
        out.print(f"There is no week yet: {following}", markup=False, soft_wrap=True)
        return
    shown = weeks[["week", "day", "outcome", "accounts", "new", "gone", "back", "rejected"]].copy()
    for name in ("accounts", "new", "gone", "back", "rejected"):
        shown[name] = [f"{n:,}" if pd.notna(n) else "-" for n in weeks[name]]
    shown["champion"] = weeks["champion"].replace("", "-")
    shown["run"] = weeks["run_id"].str[:8]
    shown["reason"] = [terminal.printable(reason) for reason in weeks["reason"]]
    terminal.print_table(shown, f"{counted(len(weeks), 'week')}, the newest last")
