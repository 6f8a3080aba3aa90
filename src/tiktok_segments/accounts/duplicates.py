"""Several rows for one account: which one stays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_segments.schema import COLUMNS


def find_duplicates(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Mark every row of an account but one.

    The newest by ``collected_at`` stays; without times, or among equal ones, the last.

    Parameters
    ----------
    frame : DataFrame
        Canonical columns and ``line``.

    Returns
    -------
    rule : ndarray of str, shape (n_rows,)
        ``identical duplicate``, ``older duplicate``, or empty for the row that stays.
    value : ndarray of str, shape (n_rows,)
        The line of the row that stays, and the columns that disagree with it.

    Examples
    --------
    >>> frame = pd.DataFrame({"account_id": ["a", "a"], "followers": [1, 2], "line": [2, 3]})
    >>> [part.tolist() for part in find_duplicates(frame)]
    [['older duplicate', ''], ['line 3 is kept; it differs in followers', '']]
    """
    rule = np.full(len(frame), "", dtype=object)
    value = np.full(len(frame), "", dtype=object)
    repeated = frame["account_id"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return rule, value
    names = [name for name in frame if name in COLUMNS]
    group = frame[repeated].reset_index(drop=True)
    order = (
        group.sort_values("collected_at", kind="stable", na_position="first")
        if ("collected_at" in group)
        else group
    )
    stays = order.drop_duplicates("account_id", keep="last")
    winner = pd.Series(stays.index, index=stays["account_id"]).loc[group["account_id"]].to_numpy()
    kept = group.loc[winner].reset_index(drop=True)
    differs = pd.DataFrame(
        {n: (group[n] != kept[n]) & ~(group[n].isna() & kept[n].isna()) for n in names}
    )
    disagrees = differs.any(axis=1).to_numpy()
    loses = winner != np.arange(len(group))
    where = np.flatnonzero(repeated)
    text = "line " + kept["line"].astype(str) + " is kept"
    listed = differs.astype(int).dot(
        pd.Series([f", {n}" for n in names], index=names, dtype=object)
    )
    detail = text + "; it differs in " + listed.astype(str).str.removeprefix(", ")
    rule[where[loses]] = np.where(disagrees, "older duplicate", "identical duplicate")[loses]
    value[where[loses]] = np.where(disagrees, detail, text)[loses]
    return rule, value
