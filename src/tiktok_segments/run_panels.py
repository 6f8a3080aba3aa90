"""The figure of a training run, drawn sparingly: matplotlib's time goes by ticks and texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tiktok_segments.figure_files import as_png
from tiktok_segments.plots import INK, segment_colours
from tiktok_segments.wording import percent, short_number, write_value


@dataclass(frozen=True)
class RunFigure:
    """What a run's figure shows; small enough to be sent to another process.

    Attributes
    ----------
    silhouettes, labels : ndarray of shape (n_sampled,)
        Of the accounts whose silhouettes were taken, with their clusters.
    note : str
        How many accounts these are, and whether they are made up.
    centres : ndarray of shape (n_clusters, n_features)
        In the scaled features.
    medians : DataFrame of shape (n_clusters, n_features)
        Raw medians of the members, a canonical column for each feature.
    names : tuple of str
        What each cluster is called.
    places : DataFrame of shape (n_shown, 3) or None
        ``followers``, ``engagement_rate`` and ``cluster`` of the accounts on the map; None where
        there is no such map.
    places_note : str
        How many accounts the map leaves out, if any.
    """

    silhouettes: np.ndarray
    labels: np.ndarray
    note: str
    centres: np.ndarray
    medians: pd.DataFrame
    names: tuple[str, ...]
    places: pd.DataFrame | None
    places_note: str


def draw_run(shown: RunFigure) -> bytes:
    """Draw a run, and return the content of a PNG file.

    One figure of three panels, since drawing takes longer than fitting a thousand accounts.
    """
    width = 17 if shown.places is not None else 11
    figure = Figure(figsize=(width, 4.6), dpi=80)
    panels = figure.subplots(1, 3 if shown.places is not None else 2)
    figure.subplots_adjust(left=0.025, right=0.99, bottom=0.13, top=0.87, wspace=0.25)
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
    _title(axes, f"Silhouette of each account\n{note}")
    clusters = np.unique(labels)
    colours = segment_colours(int(clusters.max()) + 1)
    gap = max(len(labels) // 50, 1)
    bottom = 0
    for cluster in clusters:
        blade = np.sort(silhouettes[labels == cluster])
        rows = np.arange(bottom, bottom + len(blade))
        axes.fill_betweenx(rows, 0, blade, color=colours[cluster], linewidth=0.6)
        axes.text(-0.01, rows.mean(), f"{cluster}", ha="right", va="center", color=INK)
        bottom += len(blade) + gap
    mean = silhouettes.mean()
    axes.axvline(mean, color=INK, linestyle="--", linewidth=1)
    axes.text(mean, bottom, f" mean {mean:.3f}", va="bottom", color=INK)
    axes.set(xlabel="silhouette (1: well inside its cluster, below 0: nearer another)", yticks=[])
    axes.set_ylabel("accounts, by cluster")


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
    for cluster, colour in enumerate(segment_colours(int(clusters.max()) + 1)):
        own = clusters == cluster
        axes.plot(
            followers[own], engagement[own], "o", markersize=4, color=colour, alpha=0.65, mew=0
        )
    axes.set(xscale="log", yscale="log", xlabel="followers", ylabel="engagement rate")
    axes.minorticks_off()
    for axis, values, write in (
        (axes.xaxis, followers, short_number),
        (axes.yaxis, engagement, percent),
    ):
        ticks = log_ticks(float(values.min()), float(values.max()))
        axis.set_ticks(ticks, [write(tick) for tick in ticks])


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
    _title(
        axes,
        "What sets the clusters apart: members' medians\n"
        f"colour: centre from their mean, scaled (red and blue: ± {limit:.2g})",
    )
    axes.imshow(away, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
    for (row, column), value in np.ndenumerate(away):
        raw = float(medians[features[column]].iloc[row])
        axes.text(
            column,
            row,
            write_value(features[column], raw),
            ha="center",
            va="center",
            color="white" if abs(value) > 0.6 * limit else INK,
        )
    axes.set_xticks(range(len(features)), [name.replace("_", " ") for name in features])
    axes.tick_params(axis="x", labelrotation=20 if len(features) > 5 else 0, length=0)
    axes.set_yticks(range(len(names)), list(names))
    axes.spines[:].set_visible(False)


def _title(axes: Axes, text: str) -> None:
    # With a place of its own: matplotlib would measure every text of the panel to find one.
    axes.set_title(text, fontsize=10, loc="left", y=1.0)
    axes.spines[["top", "right"]].set_visible(False)
