"""Figures of a whole sweep."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tiktok_segments.plots import INK, PALETTE

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
