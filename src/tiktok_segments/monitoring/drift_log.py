"""Drift in the terminal and in MLflow."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isnan
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.monitoring.drift_plots import draw_drift
from tiktok_segments.monitoring.drift_words import say_reasons, say_verdict
from tiktok_segments.monitoring.thresholds import Band
from tiktok_segments.monitoring.verdict import Change, Drift
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.tracking import artifacts, run_log, run_names
from tiktok_segments.wording import percent


def print_drift(drift: Drift) -> None:
    """Print the verdict, its reasons, and the segments and features behind it."""
    terminal.print_table(
        segments_table(drift),
        f"{drift.accounts_now:,} accounts beside {drift.accounts_then:,} before",
    )
    out = terminal.console()
    out.print()
    terminal.print_table(measures_table(drift), "Measures")
    (beyond,) = drift.of("out_of_range")
    out.print(f"\nBeyond the range of the accounts before: {percent(beyond.size)}", markup=False)
    out.print(
        f"\nDrift, verdict {drift.verdict}. {say_verdict(drift)}.", markup=False, style="bold"
    )
    for reason in say_reasons(drift):
        out.print(f"- {reason}", markup=False)


LEVEL_WORDS = {
    "keep": message("keep"),
    "watch": message("watch"),
    "retrain": message("retrain"),
}
"""What to do with a model, in a word."""

DIRECTIONS = {
    "higher": message("higher"),
    "lower": message("lower"),
    "spread differently": message("spread differently"),
}
"""Where accounts went."""


def segments_table(drift: Drift, language: Language = ENGLISH) -> pd.DataFrame:
    """Return the segments as people read them, a row each, cells of text."""
    say, segments = language.say, drift.segments()
    shifts = segments["centre_shift"]
    moved = ["-" if isnan(shift) else language.percent(shift) for shift in shifts]
    return pd.DataFrame(
        {
            say("segment"): segments["segment"],
            say("then"): segments["share_then"].map(language.percent),
            say("now"): segments["share_now"].map(language.percent),
            say("change in points"): segments["points"].map(language.signed),
            say("average moved"): moved,
            say("verdict"): [say(LEVEL_WORDS[level]) for level in segments["level"]],
        }
    )


def measures_table(drift: Drift, language: Language = ENGLISH) -> pd.DataFrame:
    """Return the measures as people read them, a row each, cells of text."""
    say, changes = language.say, drift.of("psi")
    return pd.DataFrame(
        {
            say("measure"): [plain_name(change.subject, language) for change in changes],
            say("stability index"): [language.grouped(change.size, 3) for change in changes],
            say("accounts are"): [
                say(DIRECTIONS[change.values["direction"]])
                if change.level != "keep"
                else say("as before")
                for change in changes
            ],
            say("verdict"): [say(LEVEL_WORDS[change.level]) for change in changes],
        }
    )


def log_drift(run_id: str, drift: Drift, about: Mapping[str, Any], model_run_id: str) -> None:
    """Log drift to a run, and for the report to the run that trained the model.

    On the run: ``drift.csv``, ``drift.json``, both figures, a metric for each change and the
    verdict as a tag. On the training run: ``drift.json``, which its next report shows.

    Parameters
    ----------
    run_id : str
        The run that measured it.
    drift : Drift
        What was measured.
    about : mapping of str to str
        ``model``, ``then`` and ``now``: what was compared, in words; kept in ``drift.json``.
    model_run_id : str
        The run that trained the model.
    """
    artifacts.log_table(run_id, drift.as_table(), artifacts.DRIFT)
    artifacts.log_figures(run_id, draw_drift(drift))
    metrics = {
        f"drift.{change.measure}{place}": change.size
        for measure in ("share", "centre", "psi", "out_of_range")
        for change in drift.of(measure)
        for place in [_place(drift, measure, change.subject)]
    }
    run_log.log_numbers(run_id, metrics=metrics, tags={run_names.DRIFT: drift.verdict})
    document = json.dumps(drift_document(drift, about), indent=2, ensure_ascii=False)
    for place in {run_id, model_run_id}:
        artifacts.log_text(place, document, artifacts.DRIFT_DOCUMENT)


def drift_document(drift: Drift, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return drift as ``drift.json`` has it: measured now, with what was compared in words."""
    measured = datetime.now(UTC).isoformat(timespec="minutes")
    return {**about, "measured": measured, "reasons": say_reasons(drift), **drift.as_document()}


def read_document(document: Mapping[str, Any]) -> Drift:
    """Return the drift that a ``drift.json`` holds, without the ids of its segments."""
    changes = tuple(
        Change(
            measure=row["measure"],
            subject=row["subject"],
            size=row["size"],
            noise=row["noise"],
            band=Band(row["watch"], row["retrain"]),
            values=row["values"],
        )
        for row in document["changes"]
    )
    ids = {change.subject: "" for change in changes if change.measure == "share"}
    return Drift(document["accounts_then"], document["accounts_now"], ids, changes)


def _place(drift: Drift, measure: str, subject: str) -> str:
    """Return the end of a metric's name; names of segments may have letters that MLflow refuses."""
    if measure == "out_of_range":
        return ""
    if measure == "psi":
        return f".{subject}"
    return f".{drift.segment_ids[subject]}"
