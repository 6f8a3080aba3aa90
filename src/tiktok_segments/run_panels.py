"""The figure of a training run, drawn sparingly: matplotlib's time goes by ticks and texts."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tiktok_segments.figure_files import as_png
from tiktok_segments.plots import INK, segment_colours
from tiktok_segments.run_figure import RunFigure
from tiktok_segments.wording import percent, short_number, write_value

MAX_WRITTEN = 12
"""Up to so many clusters there is room for words in the cells of the heat map."""


def draw_run(shown: RunFigure) -> bytes:
    """Draw a run, and return the content of a PNG file.

    One figure of three panels, since drawing takes longer than fitting a thousand accounts.
    """
    figure = _empty_figure(with_map=shown.places is not None)
    # Fitting the glyphs to the pixels takes as long as drawing them.
    with rc_context({"text.hinting": "none"}):
        try:
            paint_silhouettes(figure.axes[0], shown.silhouettes, shown.labels, shown.note)
            if shown.places is not None:
                paint_map(figure.axes[1], shown.places, shown.places_note)
            paint_centres(figure.axes[-1], shown.centres, shown.medians, shown.names)
            return as_png(figure)
        finally:
            _wipe(figure)


@cache
def _empty_figure(with_map: bool) -> Figure:
    """Return the figure with nothing in its panels: making them takes longer than filling one."""
    figure = Figure(figsize=(17 if with_map else 11, 4.6), dpi=80)
    figure.subplots(1, 3 if with_map else 2)
    figure.subplots_adjust(left=0.03, right=0.99, bottom=0.13, top=0.87, wspace=0.25)
    return figure


def _wipe(figure: Figure) -> None:
    """Take everything out of the panels of a figure."""
    for axes in figure.axes:
        for artist in (*axes.lines, *axes.collections, *axes.images):
            artist.remove()
    for text in tuple(figure.texts):
        text.remove()


def paint_silhouettes(axes: Axes, silhouettes: np.ndarray, labels: np.ndarray, note: str) -> None:
    """Draw each cluster's silhouettes as a blade, sorted, with the mean over all.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    silhouettes : ndarray of shape (n_sampled,)
        From -1 to 1.
    labels : ndarray of shape (n_sampled,)
        Cluster of each.
    note : str
        Said under the title, such as how many accounts were sampled.
    """
    _title(axes, f"Silhouette of each account\n{note}")
    clusters = np.unique(labels)
    colours = segment_colours(int(clusters.max()) + 1)
    gap = max(len(labels) // 50, 1)
    low, high = min(float(silhouettes.min()), 0.0), max(float(silhouettes.max()), 0.0)
    height = len(labels) + gap * len(clusters)
    axes.set(xlim=_with_margin(np.array([low, high])), ylim=(-gap, height))
    bottom = 0
    for cluster in clusters:
        blade = np.sort(silhouettes[labels == cluster])
        rows = np.arange(bottom, bottom + len(blade))
        axes.fill_betweenx(rows, 0, blade, color=colours[cluster], linewidth=0.6)
        _write(axes, (-0.01, rows.mean()), f"{cluster}", ha="right", va="center")
        bottom += len(blade) + gap
    mean = float(silhouettes.mean())
    axes.axvline(mean, color=INK, linestyle="--", linewidth=1)
    _write(axes, (mean, bottom), f" mean {mean:.3f}", va="bottom")
    ticks = [tick for tick in np.arange(-1, 1.01, 0.25).tolist() if low <= tick <= high]
    _frame(
        axes,
        "silhouette (1: well inside its cluster, below 0: nearer another)",
        "accounts, by cluster",
        {tick: f"{tick:g}" for tick in ticks},
        {},
    )


def paint_map(axes: Axes, places: pd.DataFrame, note: str) -> None:
    """Draw accounts as followers × engagement rate on logarithmic axes, coloured by cluster.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    places : DataFrame of shape (n_accounts, 3)
        ``followers``, ``engagement_rate`` and ``cluster``.
    note : str
        Said behind the title.
    """
    _title(axes, f"Accounts by size and engagement\ncolours as on the left{note}")
    followers = places["followers"].to_numpy().clip(min=1)
    engagement = places["engagement_rate"].to_numpy()
    engagement = engagement.clip(min=engagement[engagement > 0].min(initial=1e-4))
    clusters = places["cluster"].to_numpy()
    # On the values' logarithms: an axis that takes them itself draws its ticks in thrice the time.
    x, y = np.log10(followers), np.log10(engagement)
    for cluster, colour in enumerate(segment_colours(int(clusters.max()) + 1)):
        own = clusters == cluster
        axes.plot(x[own], y[own], "o", markersize=4, color=colour, alpha=0.65, mew=0)
    axes.set(xlim=_with_margin(x), ylim=_with_margin(y))
    ticks = [
        {float(np.log10(tick)): write(tick) for tick in log_ticks(values.min(), values.max())}
        for values, write in ((followers, short_number), (engagement, percent))
    ]
    _frame(axes, "followers", "engagement rate", *ticks)


def _with_margin(values: np.ndarray) -> tuple[float, float]:
    """Return the limits of an axis on which all values stand clear of its ends."""
    low, high = float(values.min()), float(values.max())
    margin = 0.05 * (high - low) or 0.5
    return low - margin, high + margin


def log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers to label a logarithmic axis with, from about five to nine.

    Examples
    --------
    >>> log_ticks(150, 2_000_000)
    [1000.0, 10000.0, 100000.0, 1000000.0]
    >>> log_ticks(20_000, 45_000)
    [20000.0, 30000.0, 40000.0]
    >>> log_ticks(5, 5)
    [5.0]
    """
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.floor(np.log10(high)) + 1)
    for digits in ([1], [1, 3], range(1, 10)):
        ticks = [
            float(d * decade) for decade in decades for d in digits if low <= d * decade <= high
        ]
        if len(ticks) > 2:
            break
    return ticks or [low]


def paint_centres(
    axes: Axes,
    centres: np.ndarray,
    medians: pd.DataFrame,
    names: Sequence[str],
) -> None:
    """Draw the centres as a heat map: colour in scaled units, the members' median in real ones.

    Beyond :data:`MAX_WRITTEN` clusters the medians are left out.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    centres : ndarray of shape (n_clusters, n_features)
        In the scaled features.
    medians : DataFrame of shape (n_clusters, n_features)
        Raw medians of the members, a canonical column for each feature.
    names : sequence of str
        What each row is called.
    """
    features = list(medians.columns)
    away = centres - centres.mean(axis=0)
    limit = float(np.abs(away).max()) or 1.0
    written = len(names) <= MAX_WRITTEN
    _title(
        axes,
        f"What sets the clusters apart{': members’ medians' if written else ''}\n"
        f"colour: centre from their mean, scaled (red and blue: ± {limit:.2g})",
    )
    axes.imshow(away, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
    for (row, column), value in np.ndenumerate(away if written else away[:0]):
        raw = float(medians[features[column]].iloc[row])
        colour = "white" if abs(value) > 0.6 * limit else INK
        words = write_value(features[column], raw)
        _write(axes, (column, row), words, ha="center", va="center", color=colour)
    axes.set_axis_off()
    turned: dict[str, Any] = (
        {"rotation": 20, "ha": "right"} if len(features) > 5 else {"ha": "center"}
    )
    for column, name in enumerate(features):
        words = name.replace("_", " ")
        _write(axes, (column, len(names) - 0.4), words, va="top", **turned)
    for row, name in enumerate(names):
        _write(axes, (-0.55, row), name, ha="right", va="center")


def _title(axes: Axes, text: str) -> None:
    # With a place of its own: matplotlib would measure every text of the panel to find one.
    axes.set_title(text, fontsize=10, loc="left", y=1.0)


def _frame(
    axes: Axes, xlabel: str, ylabel: str, xticks: dict[float, str], yticks: dict[float, str]
) -> None:
    """Draw two sides of a panel with ticks, words and labels.

    Matplotlib's own axes measure and draw every part of every tick by itself, which takes as long
    as all the rest of a figure.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    xlabel, ylabel : str
        Beside the sides.
    xticks, yticks : dict of float to str
        Word at each place; no tick where there is none.
    """
    axes.set_axis_off()
    line: dict[str, Any] = {"color": INK, "linewidth": 0.8, "clip_on": False}
    axes.plot([0, 0, 1], [1, 0, 0], transform=axes.transAxes, **line)
    below, beside = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    nothing = np.zeros(max(len(xticks), len(yticks)))
    axes.plot(list(xticks), nothing[: len(xticks)], "|", ms=6, transform=below, **line)
    axes.plot(nothing[: len(yticks)], list(yticks), "_", ms=6, transform=beside, **line)
    for place, word in xticks.items():
        _write(axes, (place, -0.025), word, transform=below, ha="center", va="top")
    for place, word in yticks.items():
        _write(axes, (-0.015, place), word, transform=beside, ha="right", va="center")
    _write(axes, (0.5, -0.1), xlabel, transform=axes.transAxes, ha="center", va="top")
    side = -0.13 if yticks else -0.02
    turned: dict[str, Any] = {"ha": "right", "va": "center", "rotation": 90}
    _write(axes, (side, 0.5), ylabel, transform=axes.transAxes, **turned)


def _write(axes: Axes, place: tuple[float, float], words: str, **style: Any) -> None:
    """Write on a panel, in the coordinates of its data by default.

    A text of the figure: one of the axes would be clipped by them, which takes as long as writing.
    """
    style = {"transform": axes.transData, "color": INK, **style}
    axes.figure.text(*place, words, **style)
