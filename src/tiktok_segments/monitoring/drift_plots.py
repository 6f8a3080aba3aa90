"""Drift as figures: the segments' shares then and now, the features' stability indices."""

import numpy as np
from matplotlib.figure import Figure

from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.plots import INK, panel, segment_colours
from tiktok_segments.wording import percent

THEN = "#B9BEC7"
"""Colour of what was."""

LEVEL_COLOURS = {"keep": "#4477AA", "watch": "#CCBB44", "retrain": "#EE6677"}
"""Of the same palette as the segments; the level stands in words beside the bar."""


def draw_drift(drift: Drift) -> dict[str, Figure]:
    """Draw both figures by name: ``drift_shares`` and ``drift_features``."""
    return {"drift_shares": draw_shares(drift), "drift_features": draw_stability_indices(drift)}


def draw_shares(drift: Drift) -> Figure:
    """Draw the share of each segment, then above now, with the change in points.

    Parameters
    ----------
    drift : Drift
        What was measured.

    Returns
    -------
    Figure
        One panel.
    """
    segments = drift.segments()
    names = segments["segment"].to_list()
    figure, axes = panel(
        f"Share of each segment: {drift.accounts_then:,} accounts then (grey), "
        f"{drift.accounts_now:,} now",
        width=8,
        left=_margin(names),
    )
    places = np.arange(len(names))
    axes.barh(places - 0.2, segments["share_then"], 0.36, color=THEN)
    axes.barh(places + 0.2, segments["share_now"], 0.36, color=segment_colours(len(names)))
    for place, (row, change) in enumerate(
        zip(segments.to_dict("records"), drift.of("share"), strict=True)
    ):
        axes.text(row["share_then"], place - 0.2, f" {percent(row['share_then'])}", va="center")
        axes.text(
            row["share_now"],
            place + 0.2,
            f" {percent(row['share_now'])} ({signed(row['points'])} points){_mark(change.level)}",
            va="center",
            fontweight="normal" if change.level == "keep" else "bold",
        )
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 2.0 * segments[["share_then", "share_now"]].to_numpy().max()))
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= 1])  # the rest is room for words
    axes.set_xlabel("share of the accounts")
    axes.xaxis.set_major_formatter(lambda value, _: percent(value))
    return figure


def draw_stability_indices(drift: Drift) -> Figure:
    """Draw the population stability index of each feature, with both thresholds.

    Parameters
    ----------
    drift : Drift
        What was measured.

    Returns
    -------
    Figure
        One panel.
    """
    changes = drift.of("psi")
    names = [change.subject.replace("_", " ") for change in changes]
    figure, axes = panel(
        "How differently the accounts are spread over each feature\n"
        "population stability index; 0: as before",
        width=8,
        left=_margin(names),
    )
    band = changes[0].band
    end = 3 * band.retrain
    for place, change in enumerate(changes):
        # A bar beyond the end is cut: how far it is beyond retraining says nothing more.
        length = min(change.size, 0.65 * end)
        axes.barh(place, length, 0.55, color=LEVEL_COLOURS[change.level])
        went = f", {change.values['direction']}" if change.level != "keep" else ""
        axes.text(
            length + 0.006 * end,
            place,
            f"{change.size:.2f}{went}{_mark(change.level)}",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    for level in ("watch", "retrain"):
        limit = getattr(band, level)
        axes.axvline(limit, color=INK, linestyle="--", linewidth=1, zorder=0.5)
        axes.text(limit, -0.62, f" {level}", color=INK, va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(len(names) - 0.4, -0.85), xlim=(0, end))
    axes.set_xlabel("population stability index (a bar is cut at twice the threshold)")
    return figure


def signed(points: float) -> str:
    """Write a change with its sign, and none where it rounds to nothing.

    Examples
    --------
    >>> signed(-3.21), signed(-0.01), signed(0.5)
    ('-3.2', '0.0', '+0.5')
    """
    return "0.0" if abs(points) < 0.05 else f"{points:+.1f}"


def _mark(level: str) -> str:
    return "" if level == "keep" else f": {level}"


def _margin(names: list[str]) -> float:
    return max(1.2, 0.085 * max(map(len, names)) + 0.3)
