"""Figures of the benchmarks: rules for k beside each other, and ways to track a sweep."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from tiktok_segments.plots import INK, PALETTE, panel


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


def tutorial_figure(X: np.ndarray, labels: np.ndarray) -> Figure:
    """Draw the clusters as tutorials do: a scatter of two features by pyplot, which stays open.

    Parameters
    ----------
    X : ndarray of shape (n_accounts, 4)
        Scaled features.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.

    Returns
    -------
    Figure
        One panel; :func:`close_figures` closes it.
    """
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.scatter(X[:, 0], X[:, 3], c=labels)
    return figure


def close_figures() -> None:
    """Close all figures of pyplot."""
    from matplotlib import pyplot

    pyplot.close("all")


def draw_scale(table: pd.DataFrame, rows: int) -> Figure:
    """Draw the time and the memory that each way of training on many accounts takes.

    Parameters
    ----------
    table : DataFrame of shape (n_variants, n_figures)
        As :func:`~tiktok_segments.benchmarks.scale.summarise_scale` returns it.
    rows : int
        Accounts of the file.

    Returns
    -------
    Figure
        One panel, a bar for each way, with its memory beside it.
    """
    figure, axes = panel(f"Seconds to train on {rows:,} accounts", width=8.5, left=2.4)
    places = np.arange(len(table))[::-1]
    axes.barh(places, table["seconds"], 0.6, color=PALETTE[0])
    for place, row in zip(places, table.to_dict("records"), strict=True):
        words = f" {row['seconds']:.1f} s, {row['peak_mib'] / 1024:.2f} GiB"
        axes.text(row["seconds"], place, words, va="center", fontsize=8, color=INK)
    axes.set_yticks(places, list(table["variant"]))
    axes.set(xlim=(0, table["seconds"].max() * 1.35), xlabel="seconds, whole process")
    return figure
