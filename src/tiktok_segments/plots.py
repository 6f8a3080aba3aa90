"""Figures: colours and a panel to draw on, and a figure as a file, as bytes and as an address."""

import base64
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from tiktok_segments.files import write_whole

PALETTE = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
"""Paul Tol's bright scheme, which colour-blind readers can tell apart (SRON/EPS/TN/09-002)."""

LONG_PALETTE = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933",
    "#DDCC77", "#CC6677", "#882255", "#AA4499", "#BBBBBB",
)  # fmt: skip
"""His muted scheme, for eight to ten segments; beyond ten no scheme can be told apart safely."""

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


def as_png(figure: Figure) -> bytes:
    """Return a figure as the bytes of a PNG file, packed fast rather than small."""
    buffer = BytesIO()
    # Letters stand where the font wants them, instead of being moved to whole pixels, which is a
    # sixth of the time of a figure.
    with rc_context({"text.hinting": "none"}):
        figure.savefig(buffer, format="png", dpi=figure.dpi, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def as_data_uri(png: bytes) -> str:
    """Return a PNG file's bytes as an address that a page can hold instead of a file.

    Examples
    --------
    >>> as_data_uri(b"PNG")
    'data:image/png;base64,UE5H'
    """
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def write_figure(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG; the file appears whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written there.
    """
    return write_whole(path, as_png(figure))
