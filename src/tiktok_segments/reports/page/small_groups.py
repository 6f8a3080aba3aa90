"""Accounts of small groups that are no segment: close together, and apart from those around."""

from typing import Any

import pandas as pd

from tiktok_segments.accounts.row_sample import draw_rows
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.validation.examination import read_structure
from tiktok_segments.validation.small_groups import extend_groups, left_over

GROUP = "group"

NAMED = 5
"""Accounts of a group that the page names; the table has all."""


def list_small_groups(segmentation: Segmentation, accounts: pd.DataFrame) -> pd.DataFrame:
    """List the accounts of small groups that stand out and that no segment is mostly made of.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments, with exact numbers.
    accounts : DataFrame of shape (n_accounts, n_columns)
        Its accounts as they are handed on.

    Returns
    -------
    DataFrame of shape (n_listed, n_columns + 1)
        ``group``, from 1, and the columns of ``accounts``: those with the most followers first in
        each group. Without rows where there is no such group, or none was searched for.
    """
    structure = segmentation.config["structure"]
    settings, drawn = read_structure(structure), segmentation.dataset.accounts.drawn
    rows = draw_rows(drawn.keys, settings.resampling_seed, settings.max_rows)
    # Runs of before there was this setting did not search, nor does structure=off.
    searched = settings.search(segmentation.X[rows]) if "proposals" in structure else []
    found = [group.rows for group in left_over(segmentation.labels[rows], searched)]
    groups = extend_groups(segmentation.X, rows, found)
    listed = accounts.iloc[[]].assign(**{GROUP: 0})
    if groups:
        listed = pd.concat(
            accounts.iloc[group]
            .sort_values("followers", ascending=False, kind="stable")
            .assign(**{GROUP: number})
            for number, group in enumerate(groups, start=1)
        )
    return listed[[GROUP, *accounts.columns]]


def sum_up(listed: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Sum up small groups for the page.

    Parameters
    ----------
    listed : DataFrame or None
        As :func:`list_small_groups` returns it.

    Returns
    -------
    list of dict
        Of each group ``accounts``, how many; ``segment``, which most of them are in; ``first``,
        the names of those with the most followers.

    Examples
    --------
    >>> sum_up(pd.DataFrame({"group": 1, "segment": ["A", "B", "A"], "account_id": list("xyz")}))
    [{'accounts': 3, 'segment': 'A', 'first': 'x, y, z'}]
    """
    if listed is None:
        return []
    return [
        {
            "accounts": len(group),
            "segment": group["segment"].mode()[0],
            "first": ", ".join(map(str, group["account_id"].head(NAMED))),
        }
        for _, group in listed.groupby(GROUP, sort=True)
    ]
