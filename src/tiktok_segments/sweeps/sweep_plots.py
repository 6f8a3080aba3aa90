"""Figures of a whole sweep, and of rules beside each other."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from tiktok_segments.plots import INK, PALETTE, panel

CHOICE_PANELS = (
    ("silhouette", "silhouette (grey: data without groups)"),
    ("valley", "density between the closest two (low: a valley)"),
    ("stability_min_jaccard", "least stable segment (Jaccard)"),
    ("smallest_share", "share of the smallest segment"),
)
"""What the figure of the choice shows of each k."""


def draw_elbow(curves: dict[str, pd.Series], knees: dict[str, int | None]) -> Figure:
    """Draw inertia over k for each space, with the knee marked or said to be missing.

    Parameters
    ----------
    curves : dict of str to Series
        Inertia indexed by k, for each space. Spaces have panels of their own: their inertias
        cannot be compared.
    knees : dict of str to (int or None)
        k of each space's knee; None where there is no clear elbow.

    Returns
    -------
    Figure
        A panel for each space.
    """
    figure, panels = _panels(len(curves), "Inertia over k: the elbow method")
    for axes, (space, curve) in zip(panels, curves.items(), strict=True):
        axes.plot(curve.index, curve, marker="o", color=PALETTE[0])
        knee = knees[space]
        if knee is None:
            axes.set_title(f"{space}\nno clear elbow", fontsize=9)
        else:
            axes.axvline(knee, color=PALETTE[1], linestyle="--", linewidth=1)
            axes.set_title(f"{space}\nelbow at k = {knee}", fontsize=9)
        axes.set(xlabel="k, number of clusters", ylabel="inertia", xticks=curve.index)
    return figure


def draw_silhouette_curve(curves: dict[str, pd.Series]) -> Figure:
    """Draw the mean silhouette over k for each space, with its highest value marked.

    Parameters
    ----------
    curves : dict of str to Series
        Mean silhouette indexed by k, for each space.

    Returns
    -------
    Figure
        A panel for each space.
    """
    figure, panels = _panels(len(curves), "Mean silhouette over k")
    for axes, (space, curve) in zip(panels, curves.items(), strict=True):
        axes.plot(curve.index, curve, marker="o", color=PALETTE[0])
        top = curve.index.to_list()[curve.to_numpy().argmax()]
        axes.plot([top], [curve.max()], marker="o", color=PALETTE[1], markersize=10)
        axes.set_title(f"{space}\nhighest at k = {top}", fontsize=9)
        axes.set(xlabel="k, number of clusters", ylabel="silhouette", xticks=curve.index)
    return figure


def draw_structure(
    candidates: pd.DataFrame, chosen: str, bounds: Mapping[str, float | None]
) -> Figure:
    """Draw the choice of k at a glance, a row of panels for each space.

    Parameters
    ----------
    candidates : DataFrame of shape (n_candidates, n_columns)
        ``space``, ``run_id``, ``k``, ``silhouette``, ``null_silhouette_mean``,
        ``null_silhouette_sd``, ``valley``, ``stability_min_jaccard`` and ``smallest_share``.
    chosen : str
        Run that was chosen; its k is marked in its space.
    bounds : mapping of str to (float or None)
        Threshold of ``valley``, ``stability_min_jaccard`` and ``smallest_share``; none is drawn
        where it is None.

    Returns
    -------
    Figure
        Four panels a space: silhouette against data without groups, valley, stability, size.
    """
    spaces = list(candidates.groupby("space", sort=False))
    figure = Figure(figsize=(15, 2.7 * len(spaces) + 0.6), dpi=90, layout="constrained")
    grid = figure.subplots(len(spaces), 4, squeeze=False)
    for row, (space, runs) in zip(grid, spaces, strict=True):
        runs = runs.sort_values("k")
        ks = runs["k"].to_numpy()
        mean, spread = runs["null_silhouette_mean"], runs["null_silhouette_sd"]
        row[0].fill_between(
            ks, mean - 2 * spread, mean + 2 * spread, color="#BBBBBB", label="no groups, ± 2 sd"
        )
        row[0].legend(frameon=False, fontsize=7)
        row[0].set_ylabel(str(space))
        for axes, (column, label) in zip(row, CHOICE_PANELS, strict=True):
            axes.plot(ks, runs[column], marker="o", color=PALETTE[0])
            bound = bounds.get(column)
            if bound is not None:
                axes.axhline(bound, color=INK, linestyle="--", linewidth=1)
            for k in runs.loc[runs["run_id"] == chosen, "k"]:
                axes.axvline(k, color=PALETTE[1], linewidth=1.5, zorder=0)
            axes.set_title(label, fontsize=9)
            axes.set(xticks=ks, xlabel="k")
            axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("How k was chosen: dashed lines are thresholds, the red line is the choice")
    return figure


def draw_rules(table: pd.DataFrame) -> Figure:
    """Draw how often each rule for k is right, over all sets and on those with groups.

    Parameters
    ----------
    table : DataFrame of shape (n_rules, n_figures)
        As :func:`~tiktok_segments.benchmarks.known_k.summarise_rules` returns it.

    Returns
    -------
    Figure
        One panel, three bars for each rule.
    """
    figure, axes = panel("How often is a rule for k right?", width=8.5, left=2.4)
    figure.subplots_adjust(bottom=0.3)
    shown = {
        "right_overall": "right overall (no groups found where there are none)",
        "true_k_found": "true k found, where there are groups",
        "structure_claimed": "groups claimed where there are none (lower is better)",
    }
    places = np.arange(len(table))[::-1]
    for row, (column, label) in enumerate(shown.items()):
        heights = places + 0.26 * (1 - row)
        axes.barh(heights, table[column], 0.26, color=PALETTE[row], label=label)
    axes.set_yticks(places, list(table.index))
    axes.set(xlim=(0, 1), xlabel="share of sets")
    axes.legend(loc="upper center", bbox_to_anchor=(0.3, -0.12), frameon=False, fontsize=8)
    return figure


def _panels(n_panels: int, title: str) -> tuple[Figure, list[Axes]]:
    columns = min(n_panels, 3)
    rows = -(-n_panels // columns)
    figure = Figure(figsize=(4.6 * columns + 1, 3.4 * rows + 0.6), dpi=110, layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid[n_panels:]:
        axes.remove()
    for axes in grid[:n_panels]:
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, fontsize=11)
    return figure, list(grid[:n_panels])


def draw_ratios(timings: pd.DataFrame, configurations: int) -> Figure:
    """Draw how many times longer than a bare loop each way of running a sweep takes.

    Parameters
    ----------
    timings : DataFrame of shape (n_timings, n_columns)
        As :func:`~tiktok_segments.benchmarks.sweep.benchmark_sweep` returns them.
    configurations : int
        Of the sweep.

    Returns
    -------
    Figure
        A dot for each round and a bar for the median, on a logarithmic axis.
    """
    title = f"Seconds of a sweep of {configurations} configurations, as a multiple of a bare loop"
    figure, axes = panel(title, width=8.5, left=2.0)
    medians = timings.groupby("variant", sort=False)["ratio"].median()
    places = dict(zip(medians.index, range(len(medians)), strict=True))
    axes.barh(range(len(medians)), medians, color=PALETTE[0], alpha=0.5)
    axes.plot(timings["ratio"], timings["variant"].map(places), "o", color=INK, markersize=4)
    for place, value in enumerate(medians.to_list()):
        axes.text(value, place + 0.25, f" {value:.1f}", color=INK)
    axes.set(xscale="log", xlabel="times the bare scikit-learn loop (median, and each round)")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_yticks(range(len(medians)), list(medians.index))
    axes.invert_yaxis()
    return figure
