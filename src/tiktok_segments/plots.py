"""Frames in, figures out. The only user of matplotlib; nothing is shown or saved here."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from tiktok_segments.schema import COLUMNS

PALETTE = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
"""Paul Tol's bright scheme, which colour-blind readers can tell apart (SRON/EPS/TN/09-002)."""

LONG_PALETTE = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933",
    "#DDCC77", "#CC6677", "#882255", "#AA4499", "#BBBBBB",
)  # fmt: skip
"""His muted scheme, for eight to ten segments; beyond ten no scheme can be told apart safely."""

MAP_POINTS = 5_000
"""The segment map draws at the most this many accounts."""

INK = "#333333"

STABLE = 0.75
"""Jaccard coefficient from which Hennig (2007) calls a cluster stable."""


def segment_colours(n_segments: int) -> list[str]:
    """Return a colour for each segment, the same for the same place in every figure.

    Examples
    --------
    >>> segment_colours(2)
    ['#4477AA', '#EE6677']
    >>> len(set(segment_colours(30)))
    30
    """
    for palette in (PALETTE, LONG_PALETTE):
        if n_segments <= len(palette):
            return list(palette[:n_segments])
    return [to_hex(colormaps["turbo"](x)) for x in np.linspace(0.02, 0.98, n_segments)]


def short_number(value: float) -> str:
    """Write a number as people do: 12.5M, 340K, 1.8.

    Examples
    --------
    >>> [short_number(x) for x in (12_500_000, 340_000, 999_999, 950, 0.5)]
    ['12.5M', '340K', '1M', '950', '0.5']
    """
    for limit, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(value) >= limit * 0.9995:
            return f"{value / limit:.3g}{suffix}"
    return f"{value:.3g}"


def percent(value: float) -> str:
    """Write a fraction as a percentage with three significant digits.

    Examples
    --------
    >>> percent(0.0176), percent(63.5)
    ('1.76 %', '6,350 %')
    """
    share = value * 100
    return f"{share:,.0f} %" if abs(share) >= 100 else f"{share:.3g} %"


def write_value(column: str, value: float) -> str:
    """Write a value of a canonical column in its unit: counts short, rates in per cent."""
    return percent(value) if COLUMNS[column].kind == "rate" else short_number(value)


def draw_silhouettes(silhouettes: np.ndarray, labels: np.ndarray, note: str) -> Figure:
    """Draw each cluster's silhouettes as a blade, sorted, with the mean over all.

    Parameters
    ----------
    silhouettes : ndarray of shape (n_sampled,)
        From -1 to 1.
    labels : ndarray of shape (n_sampled,)
        Cluster of each.
    note : str
        Said under the title, such as how many accounts were sampled.

    Returns
    -------
    Figure
        One panel.
    """
    figure, axes = panel(f"Silhouette of each account\n{note}", left=0.6)
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
    return figure


def draw_map(frame: pd.DataFrame, labels: np.ndarray, names: Sequence[str], seed: int) -> Figure:
    """Draw accounts as followers × engagement rate on logarithmic axes, coloured by segment.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles with ``followers`` and ``engagement_rate``.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    names : sequence of str
        What the legend calls each cluster.
    seed : int
        Seed of the choice of accounts where there are more than can be drawn.

    Returns
    -------
    Figure
        One panel.
    """
    shown = np.arange(len(frame))
    if len(frame) > MAP_POINTS:
        shown = np.random.default_rng(seed).choice(len(frame), MAP_POINTS, replace=False)
    title = "Accounts by size and engagement"
    if len(shown) < len(frame):
        title += f"\na random {len(shown):,} of {len(frame):,} accounts"
    figure, axes = panel(title, width=9, right=2.9)
    followers = frame["followers"].to_numpy()[shown].clip(min=1)
    engagement = frame["engagement_rate"].to_numpy()[shown]
    floor = engagement[engagement > 0].min(initial=1e-4)
    for cluster, colour in enumerate(segment_colours(len(names))):
        own = labels[shown] == cluster
        axes.scatter(
            followers[own],
            engagement[own].clip(min=floor),
            s=14,
            color=colour,
            alpha=0.65,
            linewidth=0,
            label=f"{names[cluster]} ({(labels == cluster).sum():,})",
        )
    axes.set(xscale="log", yscale="log", xlabel="followers", ylabel="engagement rate")
    for axis, write in ((axes.xaxis, short_number), (axes.yaxis, percent)):
        axis.set_major_formatter(_LogTicks(write))
        axis.set_minor_formatter(_LogTicks(write))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)
    return figure


def draw_centres(
    centres: np.ndarray, medians: pd.DataFrame, features: Sequence[str], names: Sequence[str]
) -> Figure:
    """Draw the centres as a heat map: colour in scaled units, the members' median in real ones.

    Parameters
    ----------
    centres : ndarray of shape (n_clusters, n_features)
        In the scaled features.
    medians : DataFrame of shape (n_clusters, n_features)
        Raw medians of the members, a column for each feature.
    features : sequence of str
        Canonical column of each feature.
    names : sequence of str
        What each row is called.

    Returns
    -------
    Figure
        One panel with a colour bar.
    """
    figure, axes = panel(
        "What sets the clusters apart\ncolour: centre in scaled units; figure: members' median",
        width=max(6.0, 1.2 * len(features) + 4),
        left=max(1.4, 0.075 * max(map(len, names)) + 0.2),
    )
    away = centres - centres.mean(axis=0)
    limit = float(np.abs(away).max()) or 1.0
    image = axes.imshow(away, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
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
    figure.colorbar(image, ax=axes, label="from the mean of the centres, scaled units")
    return figure


class _LogTicks(LogFormatter):
    """Ticks of a logarithmic axis in people's numbers, labelled where matplotlib would."""

    def __init__(self, write: Callable[[float], str]) -> None:
        super().__init__(minor_thresholds=(1.5, 0.6))
        self._write = write

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self._write(x) if super().__call__(x, pos) else ""


def panel(
    title: str, width: float = 7.0, left: float = 1.0, right: float = 0.2
) -> tuple[Figure, Axes]:
    """Return a figure of one panel with its title, and the panel; sizes are in inches.

    Parameters
    ----------
    title : str
        Above the panel.
    width : float
        Of the figure.
    left, right : float
        Margins beside the panel.

    Returns
    -------
    Figure
        Empty but for the title.
    Axes
        The panel.
    """
    # Fixed margins: a layout engine would draw each figure twice to find them.
    figure = Figure(figsize=(width, 4.8), dpi=110)
    figure.subplots_adjust(left=left / width, right=1 - right / width, bottom=0.13, top=0.88)
    axes = figure.subplots()
    axes.set_title(title, fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def draw_stability(jaccard: np.ndarray) -> Figure:
    """Draw how well each cluster comes back on resampled accounts.

    Parameters
    ----------
    jaccard : ndarray of shape (n_clusters,)
        Mean bootstrap Jaccard coefficient of each cluster, 0 to 1; nan where never drawn.

    Returns
    -------
    Figure
        One panel.
    """
    figure, axes = panel("How well each cluster comes back on resampled accounts")
    places = np.arange(len(jaccard))
    axes.barh(places, np.nan_to_num(jaccard), color=segment_colours(len(jaccard)))
    for place, value in enumerate(jaccard.tolist()):
        words = "never drawn" if np.isnan(value) else f"{value:.2f}"
        axes.text(0.0 if np.isnan(value) else value, place, f" {words}", va="center", color=INK)
    axes.axvline(STABLE, color=INK, linestyle="--", linewidth=1)
    axes.set_yticks(places, [f"cluster {place}" for place in places])
    axes.set(xlim=(0, 1.12), xlabel=f"mean Jaccard coefficient ({STABLE} and more: stable)")
    return figure
