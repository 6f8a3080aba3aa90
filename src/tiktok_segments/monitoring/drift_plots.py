"""Drift as figures: the segments' shares then and now, the features' stability indices."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.plots import INK, panel, segment_colours
from tiktok_segments.segments.effects import plain_name

THEN = "#B9BEC7"
"""Colour of what was."""

LEVEL_COLOURS = {"keep": "#4477AA", "watch": "#CCBB44", "retrain": "#EE6677"}
"""Of the same palette as the segments; the level stands in words beside the bar."""


def draw_drift(drift: Drift, language: Language = ENGLISH) -> dict[str, Figure]:
    """Draw both figures by name: ``drift_shares`` and ``drift_features``."""
    return {
        "drift_shares": draw_shares(drift, language),
        "drift_features": draw_stability_indices(drift, language),
    }


def draw_shares(drift: Drift, language: Language = ENGLISH) -> Figure:
    """Draw the share of each segment, then above now, with the change in points.

    Parameters
    ----------
    drift : Drift
        What was measured.
    language : Language
        Of the words.

    Returns
    -------
    Figure
        One panel.
    """
    segments = drift.segments()
    names = segments["segment"].to_list()
    figure, axes = panel(
        language.say(
            "Share of each segment: {then} accounts then (grey), {now} now",
            then=language.grouped(drift.accounts_then),
            now=language.grouped(drift.accounts_now),
        ),
        width=8,
        left=_margin(names),
    )
    places = np.arange(len(names))
    axes.barh(places - 0.2, segments["share_then"], 0.36, color=THEN)
    axes.barh(places + 0.2, segments["share_now"], 0.36, color=segment_colours(len(names)))
    for place, (row, change) in enumerate(
        zip(segments.to_dict("records"), drift.of("share"), strict=True)
    ):
        then = f" {language.percent(row['share_then'])}"
        axes.text(row["share_then"], place - 0.2, then, va="center")
        axes.text(
            row["share_now"],
            place + 0.2,
            f" {_change(row, language)}{_mark(change.level, language)}",
            va="center",
            fontweight="normal" if change.level == "keep" else "bold",
        )
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 2.0 * segments[["share_then", "share_now"]].to_numpy().max()))
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= 1])  # the rest is room for words
    axes.set_xlabel(language.say("share of the accounts"))
    axes.xaxis.set_major_formatter(lambda value, _: language.percent(value))
    return figure


def draw_stability_indices(drift: Drift, language: Language = ENGLISH) -> Figure:
    """Draw the population stability index of each feature, with both thresholds.

    Parameters
    ----------
    drift : Drift
        What was measured.
    language : Language
        Of the words.

    Returns
    -------
    Figure
        One panel.
    """
    changes = drift.of("psi")
    names = [plain_name(change.subject, language) for change in changes]
    figure, axes = panel(
        language.say(
            "How differently the accounts are spread over each measure\n"
            "stability index; 0: as before"
        ),
        width=8,
        left=_margin(names),
    )
    band = changes[0].band
    end = 3 * band.retrain
    for place, change in enumerate(changes):
        # A bar beyond the end is cut: how far it is beyond retraining says nothing more.
        length = min(change.size, 0.65 * end)
        axes.barh(place, length, 0.55, color=LEVEL_COLOURS[change.level])
        went = f", {language.say(change.values['direction'])}" if change.level != "keep" else ""
        axes.text(
            length + 0.006 * end,
            place,
            f"{language.grouped(change.size, 3)}{went}{_mark(change.level, language)}",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    for level in ("watch", "retrain"):
        limit = getattr(band, level)
        axes.axvline(limit, color=INK, linestyle="--", linewidth=1, zorder=0.5)
        axes.text(limit, -0.62, f" {language.say(level)}", color=INK, va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(len(names) - 0.4, -0.85), xlim=(0, end))
    axes.set_xlabel(language.say("stability index (a bar is cut at twice the threshold)"))
    axes.xaxis.set_major_formatter(lambda value, _: language.significant(value, 3))
    return figure


def _change(row: Mapping[Any, Any], language: Language) -> str:
    return language.say(
        "{share} ({number} points)",
        share=language.percent(row["share_now"]),
        number=language.signed(row["points"]),
    )


def _mark(level: str, language: Language) -> str:
    return "" if level == "keep" else f": {language.say(level)}"


def _margin(names: list[str]) -> float:
    return max(1.2, 0.085 * max(map(len, names)) + 0.3)
