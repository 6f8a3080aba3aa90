"""Figures of two sets of segments on the same accounts: a heat map, and flows between them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.comparison.exports import ExportComparison
from tiktok_segments.monitoring.drift_plots import draw_drift
from tiktok_segments.plots import INK, panel, segment_colours
from tiktok_segments.wording import percent, say_model

BAR = 0.05
"""Width of the bars on both sides of the flows; the figure is 1 wide."""

GAP = 0.025
"""Height between two segments of a side; all accounts together are 1 high."""


def draw_crossing(
    table: pd.DataFrame, title: str, first: str, second: str, language: Language = ENGLISH
) -> Figure:
    """Draw a cross table as a heat map: colour and per cent by row, and the accounts.

    Parameters
    ----------
    table : DataFrame of shape (n_first, n_second)
        As :func:`~tiktok_segments.segments.crossing.cross_segments` returns it.
    title : str
        Above the figure.
    first, second : str
        What the rows and the columns are.
    language : Language
        Of the words.

    Returns
    -------
    Figure
        One panel.
    """
    counts = table.to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    longest = max(map(len, table.index.astype(str)))
    left = 0.085 * longest + 0.9
    figure, axes = panel(
        title + "\n" + language.say("colour and per cent: of the accounts in the row"),
        width=left + 1.45 * table.shape[1] + 0.8,
        left=left,
    )
    figure.subplots_adjust(bottom=0.2)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        words = f"{_rounded(shares[row, column])}\n{language.grouped(count)}" if count else "·"
        dark = shares[row, column] > 0.55
        axes.text(
            column, row, words, ha="center", va="center", color="white" if dark else INK, fontsize=9
        )
    axes.set_xticks(range(table.shape[1]), [_broken(str(name)) for name in table.columns])
    axes.set_yticks(range(table.shape[0]), [str(name) for name in table.index])
    axes.tick_params(length=0)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.set_xlabel(second, labelpad=8)
    axes.set_ylabel(first, labelpad=10)
    axes.spines[:].set_visible(False)
    return figure


def draw_flows(table: pd.DataFrame, title: str, first: str, second: str) -> Figure:
    """Draw where the accounts of each first segment are in the second, as bands.

    Parameters
    ----------
    table : DataFrame of shape (n_first, n_second)
        As :func:`~tiktok_segments.segments.crossing.cross_segments` returns it.
    title : str
        Above the figure.
    first, second : str
        What stands on the left and on the right.

    Returns
    -------
    Figure
        One panel; the height of a band is its share of all accounts.
    """
    shares = table.to_numpy() / table.to_numpy().sum()
    names = [list(map(str, table.index)), list(map(str, table.columns))]
    margins = [0.078 * max(map(len, side)) + 0.5 for side in names]
    figure, axes = panel(title, width=4.6 + sum(margins), left=margins[0], right=margins[1])
    axes.set_title(title, fontsize=10, loc="left", pad=20)
    figure.subplots_adjust(bottom=0.04, top=0.84)
    colours = segment_colours(len(table))
    tops = _tops(shares.sum(axis=1)), _tops(shares.sum(axis=0))
    _draw_side(axes, 0.0, tops[0], shares.sum(axis=1), names[0], colours)
    greys = ["#8A9099"] * table.shape[1]
    _draw_side(axes, 1 - BAR, tops[1], shares.sum(axis=0), names[1], greys)
    starts, ends = tops[0].copy(), tops[1].copy()
    for (row, column), share in np.ndenumerate(shares):
        if share > 0:
            band = _band(float(starts[row]), float(ends[column]), float(share), colours[row])
            axes.add_patch(band)
            starts[row] += share
            ends[column] += share
    for x, words in ((0.0, first), (1.0, second)):
        axes.text(x, -0.02, words, ha="left" if x == 0 else "right", va="bottom", color=INK)
    axes.set(xlim=(0, 1), ylim=(1 + GAP * max(table.shape), -0.03))
    axes.axis("off")
    return figure


def draw_movement(found: ExportComparison, language: Language = ENGLISH) -> dict[str, Figure]:
    """Draw drift, who moved and what the model alone moved, by the names of the files."""
    figures = draw_drift(found.drift, language)
    if found.accounts.empty:
        return figures
    figures["migration"] = draw_crossing(
        found.crossing,
        language.say("Who moved: the accounts that are in both files"),
        language.say("then"),
        language.say("now"),
        language,
    )
    if found.churn is not None:
        figures["model_churn"] = draw_crossing(
            found.churn,
            language.say("What the model alone moved: the same accounts, the same data"),
            say_model(found.old_model.label, language),
            say_model(found.new_model.label, language),
            language,
        )
    return figures


def _tops(shares: np.ndarray) -> np.ndarray:
    """Return where each segment of a side begins, from the top down."""
    return np.concatenate([[0.0], np.cumsum(shares + GAP)[:-1]])


def _draw_side(
    axes: Axes,
    x: float,
    tops: np.ndarray,
    shares: np.ndarray,
    names: list[str],
    colours: list[str],
) -> None:
    for top, share, name, colour in zip(tops, shares, names, colours, strict=True):
        axes.add_patch(Rectangle((x, top), BAR, share, color=colour, linewidth=0))
        left = x < 0.5
        axes.text(
            -0.015 if left else 1.015,
            top + share / 2,
            f"{name}\n{percent(share)}",
            ha="right" if left else "left",
            va="center",
            color=INK,
            fontsize=9,
        )


def _band(start: float, end: float, height: float, colour: str) -> PathPatch:
    """Return a band from the left side to the right, bent like an S."""
    x = (BAR, 0.5, 0.5, 1 - BAR)
    corners = [
        *zip(x, (start, start, end, end), strict=True),
        *zip(
            reversed(x), (end + height, end + height, start + height, start + height), strict=True
        ),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3]
    return PathPatch(Path(corners, codes), facecolor=colour, alpha=0.45, linewidth=0)


def _rounded(share: float) -> str:
    """Write a share in whole per cent; some are never none of them, and not all never all.

    Examples
    --------
    >>> [_rounded(share) for share in (0.003, 0.52, 287 / 288, 1)]
    ['< 1 %', '52 %', '> 99 %', '100 %']
    """
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %" if share >= 0.005 else "< 1 %"


def _broken(name: str) -> str:
    """Break a name into lines that fit a column."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) > 14:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
