"""Descriptions of clusters by their members: one row per segment, one row per account."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tiktok_segments.schema import COLUMNS, NUMBERS
from tiktok_segments.segments.choice.benchmark import Compared, word_for_size
from tiktok_segments.segments.expected_engagement import engagement_vs_size
from tiktok_segments.segments.plausibility import mark_accounts
from tiktok_segments.segments.tiers import assign_tiers


def describe_segments(
    frame: pd.DataFrame, labels: np.ndarray, names: Sequence[str], ids: Sequence[str] | None = None
) -> pd.DataFrame:
    """Summarise the members of each segment in raw units.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account, from 0 to the number of names less one.
    names : sequence of str
        Name of each cluster.
    ids : sequence of str, optional
        Id for life of each cluster.

    Returns
    -------
    DataFrame of shape (n_segments, n_statistics)
        ``cluster``, ``segment``, ``segment_id`` where given, ``accounts``, ``share``, then
        ``_median`` and ``_mean`` of each measure that the frame has, and ``verified_share`` where
        verification is known. A cluster without members has zero accounts and no statistics.

    Examples
    --------
    >>> frame = pd.DataFrame({"followers": [10, 20, 900], "is_verified": [False, True, True]})
    >>> table = describe_segments(frame, np.array([0, 0, 1]), ["Small", "Large"])
    >>> table[["segment", "accounts", "followers_median", "verified_share"]].values.tolist()
    [['Small', 2, 15.0, 0.5], ['Large', 1, 900.0, 1.0]]
    """
    clusters = range(len(names))
    members = frame.groupby(labels)
    sizes = members.size().reindex(clusters, fill_value=0)
    table = {
        "cluster": list(clusters),
        "segment": list(names),
        **({"segment_id": list(ids)} if ids is not None else {}),
        "accounts": sizes.to_numpy(),
        "share": sizes.to_numpy() / len(frame),
    }
    for name in (name for name in NUMBERS if name in frame):
        table[f"{name}_median"] = members[name].median().reindex(clusters).to_numpy()
        table[f"{name}_mean"] = members[name].mean().reindex(clusters).to_numpy()
    if "is_verified" in frame:
        table["verified_share"] = members["is_verified"].mean().reindex(clusters).to_numpy()
    return pd.DataFrame(table)


def describe_placed(
    frame: pd.DataFrame,
    labels: np.ndarray,
    membership: pd.DataFrame,
    names: list[str],
    tiers: Mapping[str, float],
    compared: Compared | None = None,
) -> pd.DataFrame:
    """Say in words where accounts belong, and how they stand beside others of their size.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    membership : DataFrame of shape (n_accounts, 5)
        As :func:`~tiktok_segments.clustering.membership.measure_membership` returns it.
    names : list of str
        Name of each cluster.
    tiers : mapping of str to float
        Follower tiers: name to smallest number of followers, ascending.
    compared : Compared, optional
        What engagement is compared with, where the frame is a part of the data only.

    Returns
    -------
    DataFrame of shape (n_accounts, n_columns)
        As :func:`describe_accounts` returns it, with ``confidence``, ``stability``, ``ambiguous``,
        ``next_segment``, ``tier``, ``check`` and, where engagement is known, ``engagement_vs_size``
        and ``for_its_size``.
    """
    about = membership[["confidence", "stability", "ambiguous"]].copy()
    following = pd.Series(names, dtype="str").take(membership["next_cluster"].to_numpy())
    about["next_segment"] = following.set_axis(about.index)
    about["tier"] = assign_tiers(frame["followers"], tiers)
    if "engagement_rate" in frame:
        about["engagement_vs_size"] = engagement_vs_size(
            frame, compared.curve if compared else None
        )
        about["for_its_size"] = word_for_size(
            frame["engagement_rate"], about["tier"], compared.usual if compared else None
        )
    about["check"] = mark_accounts(frame)
    return describe_accounts(frame, labels, names, about)


def describe_accounts(
    frame: pd.DataFrame, labels: np.ndarray, names: Sequence[str], about: pd.DataFrame
) -> pd.DataFrame:
    """Say for each account where it belongs.

    Parameters
    ----------
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    labels : ndarray of shape (n_accounts,)
        Cluster of each account.
    names : sequence of str
        Name of each cluster.
    about : DataFrame of shape (n_accounts, n_added)
        More columns about each account, such as ``confidence``; its index is the frame's.

    Returns
    -------
    DataFrame of shape (n_accounts, n_columns + 2 + n_added)
        ``account_id``, ``cluster``, ``segment``, the columns added, then the canonical columns
        that the frame has, in the frame's order of rows.
    """
    placed = pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "cluster": labels,
            "segment": pd.Series(list(names), dtype="str").take(labels).array,
        }
    )
    rest = [name for name in COLUMNS if name in frame and name != "account_id"]
    return pd.concat([placed, about, _whole(frame[rest])], axis="columns")


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return counts and flags as such where some are missing, which NaN has made floats of."""
    dtypes = {"count": "Int64", "flag": "boolean"}
    gaps = {
        name: dtypes[COLUMNS[str(name)].kind]
        for name in frame.select_dtypes("float64")
        if COLUMNS[str(name)].kind in dtypes
    }
    return frame.astype(gaps) if gaps else frame
