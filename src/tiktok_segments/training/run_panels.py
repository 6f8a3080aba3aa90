"""The figure of a training run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator, NullLocator

from tiktok_segments.clustering.run_figure import RunFigure
from tiktok_segments.plots import INK, as_png, segment_colours
from tiktok_segments.wording import percent, short_number, write_value

MAX_WRITTEN = 12
"""Up to so many clusters there is room for words in the cells of the heat map."""


def draw_run(shown: RunFigure) -> bytes:
    """Draw a run, and return the content of a PNG file.

    One figure of three panels, or of two where there is no map.
    """
    with_map = shown.places is not None
    figure = Figure(figsize=(17 if with_map else 11, 4.6), dpi=80)
    # Fixed margins: a layout engine would draw the figure twice to find them.
    figure.subplots_adjust(left=0.04, right=0.99, bottom=0.13, top=0.87, wspace=0.3)
    panels = figure.subplots(1, 3 if with_map else 2)
    paint_silhouettes(panels[0], shown.silhouettes, shown.labels, shown.note)
    if shown.places is not None:
        paint_map(panels[1], shown.places, shown.places_note)
    paint_centres(panels[-1], shown.centres, shown.medians, shown.names)
    return as_png(figure)


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
    axes.set_title(f"Silhouette of each account\n{note}", fontsize=10, loc="left")
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
        axes.text(-0.01, rows.mean(), f"{cluster}", ha="right", va="center", color=INK)
        bottom += len(blade) + gap
    mean = float(silhouettes.mean())
    axes.axvline(mean, color=INK, linestyle="--", linewidth=1)
    axes.text(mean, bottom, f" mean {mean:.3f}", va="bottom", color=INK)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    axes.set_yticks([])
    axes.set(
        xlabel="silhouette (1: well inside its cluster, below 0: nearer another)",
        ylabel="accounts, by cluster",
    )
    axes.spines[["top", "right"]].set_visible(False)


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
    title = f"Accounts by size and engagement\ncolours as on the left{note}"
    axes.set_title(title, fontsize=10, loc="left")
    followers = places["followers"].to_numpy().clip(min=1)
    engagement = places["engagement_rate"].to_numpy()
    engagement = engagement.clip(min=engagement[engagement > 0].min(initial=1e-4))
    clusters = places["cluster"].to_numpy()
    for cluster, colour in enumerate(segment_colours(int(clusters.max()) + 1)):
        own = clusters == cluster
        axes.plot(
            followers[own], engagement[own], "o", markersize=4, color=colour, alpha=0.65, mew=0
        )
    axes.set(xscale="log", yscale="log")
    for axis, values, write in (
        (axes.xaxis, followers, short_number),
        (axes.yaxis, engagement, percent),
    ):
        ticks = log_ticks(float(values.min()), float(values.max()))
        axis.set_ticks(ticks, [write(tick) for tick in ticks])
        axis.set_minor_locator(NullLocator())
    axes.set(xlabel="followers", ylabel="engagement rate")
    axes.spines[["top", "right"]].set_visible(False)


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
    axes.set_title(
        f"What sets the clusters apart{': members’ medians' if written else ''}\n"
        f"colour: centre from their mean, scaled (red and blue: ± {limit:.2g})",
        fontsize=10,
        loc="left",
    )
    axes.imshow(away, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
    for (row, column), value in np.ndenumerate(away if written else away[:0]):
        raw = float(medians[features[column]].iloc[row])
        colour = "white" if abs(value) > 0.6 * limit else INK
        words = write_value(features[column], raw)
        axes.text(column, row, words, ha="center", va="center", color=colour)
    turned: dict[str, Any] = {"rotation": 20, "ha": "right"} if len(features) > 5 else {}
    axes.set_xticks(range(len(features)), [name.replace("_", " ") for name in features], **turned)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
