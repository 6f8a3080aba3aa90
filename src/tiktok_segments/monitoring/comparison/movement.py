"""The same accounts in two exports: who moved, and what the model alone moved."""

import numpy as np
import pandas as pd

from tiktok_segments.language import message
from tiktok_segments.monitoring.assign import assign_accounts
from tiktok_segments.tracking.named_model import NamedModel

STAYED = message("stayed")
BY_ACCOUNT = message("moved: the account changed")
BY_MODEL = message("moved: the model changed")
BY_BOTH = message("moved: the account and the model changed")
CAUSES = (STAYED, BY_ACCOUNT, BY_MODEL, BY_BOTH)
"""Why an account is in another segment, or is not."""


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
    DataFrame of shape (n_both, 10)
        ``account_id``; ``segment_then`` and ``segment_now`` (the old model on the old and on the
        new data) and ``confidence``, how clearly it belongs to the latter, from 0 (halfway between
        two segments) to 1; ``segment_now_new_model``; ``followers_then``, ``followers_now`` and
        ``growth`` (0.25 is a quarter; not a number from 0 followers); ``cause``, one of
        :data:`CAUSES`; ``rises``, whether the median followers of its new segment are larger, both
        by the old model, taken from the old data (of a segment that had nobody then: the new).
    """
    places_then, assigned = old_model.assign(old), assign_accounts(old_model, new)
    size_then = old["followers"].groupby(places_then).median()
    size_now = new["followers"].groupby(assigned.positions).median()
    medians = size_then.combine_first(size_now).reindex(range(len(old_model.segments)))
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
            "place_now": assigned.positions,
            "confidence": assigned.confidence,
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
            "confidence": both["confidence"],
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
    accounts : DataFrame of shape (n_both, 10)
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
    accounts : DataFrame of shape (n_both, 10)
        As :func:`follow_accounts` returns it.
    n_old, n_new : int
        Accounts of each export.

    Returns
    -------
    DataFrame of shape (7, 4)
        ``movement``, ``accounts``, ``share`` and ``share_of``: whose share it is. ``moved up`` is
        to a segment whose accounts have more followers, as ``rises`` says, ``moved down`` to any
        other; ``moved by the model alone`` counts those whom only the retrained model puts
        elsewhere.

    Examples
    --------
    >>> both = pd.DataFrame({"segment_then": ["Small", "Small"], "segment_now": ["Small", "Large"],
    ...                      "rises": [False, True], "cause": [STAYED, BY_ACCOUNT]})
    >>> count_movement(both, n_old=4, n_new=3)["accounts"].to_list()
    [1, 2, 2, 1, 1, 0, 0]
    """
    moved = accounts["segment_then"] != accounts["segment_now"]
    both, old, new = len(accounts), message("those before"), message("those now")
    shared = message("those in both")
    rows = [
        (message("new"), n_new - both, n_new, new),
        (message("gone"), n_old - both, n_old, old),
        (message("in both"), both, n_new, new),
        (message("stayed in its segment"), int((~moved).sum()), both, shared),
        (message("moved up"), int((moved & accounts["rises"]).sum()), both, shared),
        (message("moved down"), int((moved & ~accounts["rises"]).sum()), both, shared),
        (message("moved by the model alone"), int((accounts["cause"] == BY_MODEL).sum()), both,
         shared),
    ]  # fmt: skip
    return pd.DataFrame(
        [(name, count, count / max(whole, 1), of) for name, count, whole, of in rows],
        columns=["movement", "accounts", "share", "share_of"],
    )
