"""Segments in the terminal."""

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.wording import percent, short_number

_MEDIANS = {
    "followers": ("followers", short_number),
    "following": ("follows", short_number),
    "videos": ("videos", short_number),
    "engagement_rate": ("engagement", percent),
}
"""Short heads, so that a terminal of 80 letters holds the table."""


def print_segments(segments: pd.DataFrame, title: str) -> None:
    """Print segments as people read them: sizes, medians in real units.

    Parameters
    ----------
    segments : DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe.describe_segments` returns it.
    title : str
        Above the table.
    """
    shown = pd.DataFrame(
        {
            "segment": segments["segment"],
            "accounts": segments["accounts"].map("{:,}".format),
            "share": segments["share"].map(percent),
        }
    )
    medians = {}
    for name, (head, write) in _MEDIANS.items():
        if f"{name}_median" in segments:
            medians[head] = segments[f"{name}_median"].map(write)
    shown = shown.assign(**medians)
    if "verified_share" in segments:
        shown["verified"] = segments["verified_share"].map(percent)
    terminal.print_table(shown, title)
    words = f"{', '.join(medians)}: the median account's."
    terminal.console().print(words, markup=False, style="dim")
