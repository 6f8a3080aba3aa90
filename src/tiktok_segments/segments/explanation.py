"""Explanations of accounts: which values decide for one segment and against the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from tiktok_segments.clustering.pipeline import raw_columns
from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.wording import percent, whole_percent, write_value

_NO_WEIGHT = 0.005
"""Share of a decision below which a measure is said to speak for neither segment: "0 %"."""


@dataclass(frozen=True)
class Explanation:
    """Why one account is where it is.

    Attributes
    ----------
    account_id : str
        The account.
    segment, next_segment : str
        Its segment, and the one whose centre is next.
    sentences : list of str
        The reasons in words.
    table : DataFrame of shape (n_features, 5)
        ``measure``, ``account``, the median of its segment and of the next one, and ``speaks_for``:
        which of the two the value speaks for, and how much of the decision it makes.
    check : str
        Its signal, empty where there is none.
    """

    account_id: str
    segment: str
    next_segment: str
    sentences: list[str]
    table: pd.DataFrame
    check: str


def weigh_features(
    pipeline: Pipeline, frame: pd.DataFrame, own: np.ndarray, following: np.ndarray
) -> np.ndarray:
    """Weigh how each feature decides between an account's segment and the next one.

    k-means compares squared distances, and those are sums over the features: a feature adds
    (x - next)² - (x - own)² to what decides. That is divided by the sum of its sizes.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, ending in k-means.
    frame : DataFrame of shape (n_accounts, n_columns)
        Clean profiles.
    own, following : ndarray of shape (n_accounts,)
        Cluster of each account, and the next one.

    Returns
    -------
    ndarray of shape (n_accounts, n_features)
        Above zero where the feature speaks for the own segment, below zero for the next one; the
        sizes in a row add up to 1.
    """
    columns = raw_columns(pipeline)
    X = np.asarray(pipeline[:-1].transform(frame[columns]))
    centres = pipeline[-1].cluster_centers_
    return _shares((X - centres[following]) ** 2 - (X - centres[own]) ** 2)


def _shares(differences: np.ndarray) -> np.ndarray:
    """Divide each row by the sum of its sizes.

    Examples
    --------
    >>> _shares(np.array([[3.0, -1.0], [0.0, 0.0]])).tolist()
    [[0.75, -0.25], [0.0, 0.0]]
    """
    total = np.abs(differences).sum(axis=1, keepdims=True)
    return np.asarray(
        np.divide(differences, total, out=np.zeros_like(differences), where=total > 0)
    )


def explain_account(segmentation: Segmentation, account: str) -> Explanation:
    """Explain why an account is in its segment.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    account : str
        Handle, with or without @, in any case; or the address of the profile.

    Returns
    -------
    Explanation
        Its values against those of its segment and of the next one.

    Raises
    ------
    InputError
        If the run has no such account.
    """
    handles = segmentation.accounts["account_id"]
    source = f"run {segmentation.run_id} ({segmentation.dataset.source})"
    place = find_account(handles, account, source, segmentation.dataset.n_accounts)
    row = segmentation.accounts.iloc[place]
    frame = segmentation.dataset.frame.iloc[[place]]
    both = [segmentation.labels[place], segmentation.membership["next_cluster"].iloc[place]]
    columns = raw_columns(segmentation.pipeline)
    [weights] = weigh_features(segmentation.pipeline, frame, *np.array(both)[:, None])
    names = (row["segment"], row["next_segment"])
    middles = [[_middle(segmentation.segments, int(one), name) for name in columns] for one in both]
    table = pd.DataFrame(
        {
            "measure": [plain_name(name) for name in columns],
            "account": [_write(name, frame[name].iloc[0]) for name in columns],
            "segment_median": middles[0],
            "next_median": middles[1],
            "speaks_for": [_say_weight(weight, names) for weight in weights],
        }
    )
    repeats, accounts = len(segmentation.redrawn), segmentation.redrawn_accounts
    redraws = f"{repeats} repeats on half of {accounts:,} accounts"
    order = np.abs(weights).argsort(kind="stable")[::-1]
    table = table.iloc[order].reset_index(drop=True)
    return Explanation(
        account_id=row["account_id"],
        segment=names[0],
        next_segment=names[1],
        sentences=_sentences(row, table, weights[order], redraws),
        table=table,
        check=row["check"],
    )


def _say_weight(weight: float, names: tuple[str, str]) -> str:
    """Say for which segment a measure speaks, and how much.

    Examples
    --------
    >>> [_say_weight(weight, ("Stars", "Others")) for weight in (0.62, -0.38, 1e-16)]
    ['Stars (62 %)', 'Others (38 %)', 'neither']
    """
    if abs(weight) < _NO_WEIGHT:
        return "neither"
    return f"{names[0] if weight > 0 else names[1]} ({whole_percent(abs(weight))})"


def find_account(accounts: pd.Series, wanted: str, source: str, total: int | None = None) -> int:
    """Return the place of an account, by its handle in any common spelling.

    Parameters
    ----------
    accounts : Series of str
        Handles.
    wanted : str
        With or without @, in any case; or the address of the profile.
    source : str
        Whose accounts they are, for the error.
    total : int, optional
        How many were looked at, for the error, where these are some of them.

    Returns
    -------
    int
        The first place of it.

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> find_account(pd.Series(["maya", "Leo"]), "https://www.tiktok.com/@leo?lang=en", "a run")
    1
    """
    handle = read_handle(wanted)
    exact = np.flatnonzero(accounts == handle)
    found = exact if len(exact) else np.flatnonzero(accounts.str.lower() == handle.lower())
    if len(found):
        return int(found[0])
    like = accounts[accounts.str.contains(handle, case=False, regex=False)].head(3)
    hint = f"Did you mean {', '.join(like)}?" if handle and len(like) else ""
    raise InputError(
        f"There is no account {wanted[:80]!r} among the {total or len(accounts):,} of {source}; it "
        f"may have been dropped by cleaning or as an outlier.\n{hint}".rstrip()
    )


def read_handle(wanted: str) -> str:
    """Return the handle in what people write of an account.

    Examples
    --------
    >>> read_handle("https://www.TikTok.com/@leo?lang=en"), read_handle(" @Maya ")
    ('leo', 'Maya')
    """
    handle = wanted.strip()
    _, *path = re.split("tiktok.com/", handle, maxsplit=1, flags=re.IGNORECASE)
    if path:
        handle = re.split("[?#/]", path[0], maxsplit=1)[0]
    return handle.lstrip("@")


def _sentences(row: pd.Series, table: pd.DataFrame, weights: np.ndarray, redraws: str) -> list[str]:
    """Say where an account is, what decides, and what speaks against it; strongest first."""
    sentences = [
        f"@{row['account_id']} is in {row['segment']}; the next segment is {row['next_segment']}.",
        f"Confidence {row['confidence']:.2f}: its own centre is {percent(row['confidence'])} "
        "nearer than the next one.",
    ]
    stays = f"It stayed in its segment in {percent(row['stability'])} of {redraws}"
    sentences.append(f"{stays}{': a border case' if row['ambiguous'] else ''}.")
    sentences.append(f"What decides: {_listed(table, weights >= _NO_WEIGHT, weights)}.")
    if against := _listed(table, weights <= -_NO_WEIGHT, weights):
        sentences.append(f"What speaks for {row['next_segment']}: {against}.")
    return sentences


def _listed(table: pd.DataFrame, chosen: Sequence[bool] | np.ndarray, weights: np.ndarray) -> str:
    parts = [
        f"{row.measure} {row.account} (its segment {row.segment_median}, the next "
        f"{row.next_median}; {whole_percent(abs(weight))} of the decision)"
        for row, weight, keep in zip(table.itertuples(), weights, np.asarray(chosen), strict=True)
        if keep
    ]
    return ", then ".join(parts[:3])


def _write(name: str, value: float | bool) -> str:
    if COLUMNS[name].kind == "flag":
        return "yes" if value else "no"
    return write_value(name, value)


def _middle(segments: pd.DataFrame, cluster: int, name: str) -> str:
    """Return a cluster's median of a measure, or its verified share, in real units."""
    if COLUMNS[name].kind == "flag":
        return f"{percent(segments['verified_share'].iloc[cluster])} verified"
    return write_value(name, segments[f"{name}_median"].iloc[cluster])
