"""The same accounts in two exports: who moved, who rises, and what the model alone moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.errors import InputError
from tiktok_segments.tracking.named_model import NamedModel

STAYED = "stayed"
BY_ACCOUNT = "moved: the account changed"
BY_MODEL = "moved: the model changed"
BY_BOTH = "moved: the account and the model changed"
CAUSES = (STAYED, BY_ACCOUNT, BY_MODEL, BY_BOTH)
"""Why an account is in another segment, or is not."""


@dataclass(frozen=True)
class Rising:
    """Who counts as rising; the defaults are those of ``conf/compare_snapshots.yaml``.

    Parameters
    ----------
    growth : float
        Least growth of followers of an account that stayed in its segment: 0.25 is a quarter.
    followers : int
        Least number of followers now.
    n : int
        How many accounts to list, at the most.
    """

    growth: float = 0.25
    followers: int = 1000
    n: int = 50


def read_rising(config: Mapping[str, Any]) -> Rising:
    """Read who counts as rising off the configuration.

    Raises
    ------
    InputError
        If a setting is not a number in its range.

    Examples
    --------
    >>> read_rising({"growth": 0.25, "followers": 1000, "n": 50})
    Rising(growth=0.25, followers=1000, n=50)
    """
    for name, smallest in (("growth", 0), ("followers", 0), ("n", 1)):
        value = config[name]
        whole = isinstance(value, int) or (name == "growth" and isinstance(value, float))
        if isinstance(value, bool) or not whole or value < smallest:
            raise InputError(f"rising.{name} is {value}; give a number from {smallest} up.")
    return Rising(float(config["growth"]), config["followers"], config["n"])


def follow_accounts(
    old: pd.DataFrame, new: pd.DataFrame, old_model: NamedModel, new_model: NamedModel
) -> pd.DataFrame:
    """Put the accounts that are in both exports side by side.

    With other data and another model at once nobody could tell what moved an account. So the old
    model assigns the new data as well: a difference to the old data is then the account's own, and
    a difference to the new model's answer on the same data is the model's. Two segments are the
    same where their ids are, which a retrained model takes over.

    Parameters
    ----------
    old, new : DataFrame of shape (n_accounts, n_columns)
        Clean profiles; accounts are told by ``account_id``.
    old_model, new_model : NamedModel
        Which assigned them; they may be the same.

    Returns
    -------
    DataFrame of shape (n_both, 9)
        ``account_id``; ``segment_then`` and ``segment_now`` (the old model on the old and on the
        new data); ``segment_now_new_model``; ``followers_then``, ``followers_now`` and ``growth``
        (0.25 is a quarter; not a number from 0 followers); ``cause``, one of :data:`CAUSES`;
        ``rises``, whether the median followers of its new segment are larger, both taken from the
        old data by the old model.
    """
    places_then, places_now = old_model.assign(old), old_model.assign(new)
    medians = old["followers"].groupby(places_then).median().reindex(range(len(old_model.segments)))
    then = pd.DataFrame(
        {
            "account_id": old["account_id"],
            "place_then": places_then,
            "followers_then": old["followers"],
        }
    )
    now = pd.DataFrame(
        {
            "account_id": new["account_id"],
            "place_now": places_now,
            "place_new_model": new_model.assign(new),
            "followers_now": new["followers"],
        }
    )
    both = then.merge(now, on="account_id", validate="one_to_one")
    first, second = both["place_then"].to_numpy(), both["place_now"].to_numpy()
    third = both["place_new_model"].to_numpy()
    old_ids = np.array([segment.segment_id for segment in old_model.segments])
    new_ids = np.array([segment.segment_id for segment in new_model.segments])
    by_account, by_model = first != second, old_ids[second] != new_ids[third]
    followers = both["followers_then"].where(both["followers_then"] > 0)
    size = medians.to_numpy()
    return pd.DataFrame(
        {
            "account_id": both["account_id"],
            "segment_then": np.array(old_model.names, dtype=object)[first],
            "segment_now": np.array(old_model.names, dtype=object)[second],
            "segment_now_new_model": np.array(new_model.names, dtype=object)[third],
            "followers_then": both["followers_then"],
            "followers_now": both["followers_now"],
            "growth": both["followers_now"] / followers - 1,
            "cause": np.array(CAUSES, dtype=object)[by_account + 2 * by_model],
            "rises": size[second] > size[first],
        }
    )


def count_causes(accounts: pd.DataFrame) -> pd.DataFrame:
    """Count the accounts by what moved them.

    Parameters
    ----------
    accounts : DataFrame of shape (n_both, 9)
        As :func:`follow_accounts` returns it.

    Returns
    -------
    DataFrame of shape (4, 3)
        ``cause``, ``accounts`` and ``share`` of those in both exports.
    """
    counts = accounts["cause"].value_counts().reindex(CAUSES, fill_value=0)
    return pd.DataFrame(
        {
            "cause": list(CAUSES),
            "accounts": counts.to_numpy(),
            "share": counts.to_numpy() / max(len(accounts), 1),
        }
    )


def count_movement(accounts: pd.DataFrame, n_old: int, n_new: int) -> pd.DataFrame:
    """Count who came, who went, and who moved in which direction, by the same model on both data.

    Parameters
    ----------
    accounts : DataFrame of shape (n_both, 9)
        As :func:`follow_accounts` returns it.
    n_old, n_new : int
        Accounts of each export.

    Returns
    -------
    DataFrame of shape (7, 4)
        ``movement``, ``accounts``, ``share`` and ``share_of``: whose share it is. ``moved up`` is
        to a segment of more followers, by the medians of the old data; ``moved by the model
        alone`` counts those whom only the retrained model puts elsewhere.

    Examples
    --------
    >>> both = pd.DataFrame({"segment_then": ["Small", "Small"], "segment_now": ["Small", "Large"],
    ...                      "rises": [False, True], "cause": [STAYED, BY_ACCOUNT]})
    >>> count_movement(both, n_old=4, n_new=3)["accounts"].to_list()
    [1, 2, 2, 1, 1, 0, 0]
    """
    moved = accounts["segment_then"] != accounts["segment_now"]
    both, old, new = len(accounts), "those before", "those now"
    rows = [
        ("new", n_new - both, n_new, new),
        ("gone", n_old - both, n_old, old),
        ("in both", both, n_new, new),
        ("stayed in its segment", int((~moved).sum()), both, "those in both"),
        ("moved up", int((moved & accounts["rises"]).sum()), both, "those in both"),
        ("moved down", int((moved & ~accounts["rises"]).sum()), both, "those in both"),
        ("moved by the model alone", int((accounts["cause"] == BY_MODEL).sum()), both,
         "those in both"),
    ]  # fmt: skip
    return pd.DataFrame(
        [(name, count, count / max(whole, 1), of) for name, count, whole, of in rows],
        columns=["movement", "accounts", "share", "share_of"],
    )


def list_rising(accounts: pd.DataFrame, rising: Rising) -> pd.DataFrame:
    """List the accounts on their way up, by the same model on both data.

    First those that have more followers than before and moved to a segment of larger accounts;
    then those that stayed in their segment and grew by at least ``rising.growth``. Both in the
    order of their growth, the fastest first.

    Parameters
    ----------
    accounts : DataFrame of shape (n_both, 9)
        As :func:`follow_accounts` returns it.
    rising : Rising
        Who counts.

    Returns
    -------
    DataFrame of shape (n_listed, 7)
        ``account_id``, ``why`` (``moved up`` or ``grew``), both segments, ``followers_then``,
        ``followers_now`` and ``growth``.
    """
    large = accounts["followers_now"] >= rising.followers
    up = accounts["rises"] & (accounts["followers_now"] > accounts["followers_then"])
    stayed = accounts["segment_then"] == accounts["segment_now"]
    grew = stayed & (accounts["growth"] >= rising.growth)
    listed = accounts.assign(why=np.where(up, "moved up", "grew"))[large & (up | grew)]
    listed = listed.sort_values(["why", "growth", "account_id"], ascending=[False, False, True])
    columns = ["account_id", "why", "segment_then", "segment_now"]
    columns += ["followers_then", "followers_now", "growth"]
    return listed[columns].head(rising.n).reset_index(drop=True)
