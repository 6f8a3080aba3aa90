"""Whether a row is an account, a video, or one of a group's accounts, told by its columns."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.texts import is_text

_VIDEO_ADDRESS = r"(?i)/video/\d+|/photo/\d+"
_SHORT_ADDRESS = rf"{_VIDEO_ADDRESS}|\b(?:vm|vt)\.tiktok\.com/|tiktok\.com/t/"
_MOST = 0.5
_ENOUGH, _TIMES = 8, 5
_MEASURES = ("video_views", "video_likes", "video_comments", "video_shares")


def links_to_videos(addresses: pa.ChunkedArray, *, short: bool = False) -> bool:
    """Say whether most of the addresses there are lead to a video.

    Parameters
    ----------
    addresses : pyarrow.ChunkedArray
        Of any type.
    short : bool
        Whether short links, which lead to profiles as well, count for links to videos.

    Returns
    -------
    bool
        False where there are none.

    Examples
    --------
    >>> links_to_videos(pa.chunked_array([["https://www.tiktok.com/@ana/video/75", None]]))
    True
    """
    given = addresses.drop_null()
    if not len(given) or not is_text(given.type):
        return False
    leads = pc.match_substring_regex(given, _SHORT_ADDRESS if short else _VIDEO_ADDRESS)
    return bool(pc.mean(leads.cast(pa.int8())).as_py() > _MOST)


def varies_within_accounts(accounts: pd.Series, values: pd.Series) -> float:
    """Return the share of the accounts with several rows whose values differ from row to row.

    Parameters
    ----------
    accounts : Series of str, shape (n_rows,)
        Whose row it is.
    values : Series, shape (n_rows,)
        What is there.

    Returns
    -------
    float
        From 0 to 1; NaN where no account has several rows.

    Examples
    --------
    >>> accounts = pd.Series(["a", "a", "b", "b", "c"])
    >>> varies_within_accounts(accounts, pd.Series([1, 2, 5, 5, 7]))
    0.5
    """
    repeated = accounts.duplicated(keep=False) & accounts.notna()
    distinct = values[repeated].groupby(accounts[repeated]).nunique(dropna=True)
    return float((distinct > 1).mean()) if len(distinct) else float("nan")


def rows_are_videos(accounts: pd.Series, account: pd.DataFrame, video: pd.DataFrame) -> bool:
    """Say whether accounts come again with other videos, and not at other times.

    The account's own numbers stay from row to row, and what can be a video's varies, and is not
    likes alone; of an account that is collected week after week, the followers change, too.

    Parameters
    ----------
    accounts : Series of str, shape (n_rows,)
        Whose row it is.
    account : DataFrame of shape (n_rows, n_columns)
        Followers, and what else is the account's if a row is an account.
    video : DataFrame of shape (n_rows, n_measures)
        ``video_views`` and other measures, if a row is a video.

    Returns
    -------
    bool
        False where no account comes again.
    """
    again = accounts.duplicated(keep=False).mean() > _MOST
    if not again or "followers" not in account or not set(_MEASURES) - {"video_likes"} & set(video):
        return False
    stays = varies_within_accounts(accounts, account["followers"]) < 0.1
    varying = [name for name in _MEASURES if name in video]
    moves = [varies_within_accounts(accounts, video[name]) > _MOST for name in varying]
    return stays and all(moves)


def measures_of_videos(
    accounts: pd.Series, values: Mapping[str, pd.Series], names: tuple[str, ...]
) -> list[str]:
    """Return the columns of accounts that differ between the rows of one account.

    Parameters
    ----------
    accounts : Series of str, shape (n_rows,)
        Whose row it is.
    values : mapping of str to Series
        Columns of numbers.
    names : tuple of str
        Which of them to look at.

    Returns
    -------
    list of str
        Those that are measures of the video in the row, not of the account.

    Examples
    --------
    >>> accounts = pd.Series(["a", "a"])
    >>> measures_of_videos(accounts, {"engagement_rate": pd.Series([0.1, 0.3])},
    ...                    ("engagement_rate",))
    ['engagement_rate']
    """
    return [
        name
        for name in names
        if name in values and varies_within_accounts(accounts, values[name]) > 0.1
    ]


def accounts_are_groups(accounts: pd.Series, followers: pd.Series) -> bool:
    """Say whether what is called an account has rows of accounts of many sizes, as a client has.

    Of one account that comes again, in another week or with another video, the followers are about
    as many.

    Parameters
    ----------
    accounts : Series of str, shape (n_rows,)
        Whose row it is.
    followers : Series of float, shape (n_rows,)
        Of the row.

    Returns
    -------
    bool
        False where there are few rows, or hardly any account comes again.

    Examples
    --------
    >>> clients, weeks = pd.Series(["nike", "puma"] * 4), pd.Series(list("abcd") * 2)
    >>> followers = pd.Series([1e3, 2e4, 9e4, 1e3, 1e3, 2e4, 9e4, 1e3])
    >>> accounts_are_groups(clients, followers), accounts_are_groups(weeks, followers)
    (True, False)
    """
    if len(accounts) < _ENOUGH or accounts.nunique() > _MOST * accounts.notna().sum():
        return False
    known = accounts.duplicated(keep=False) & (followers > 0)
    sizes = followers[known].groupby(accounts[known])
    return bool((sizes.max() / sizes.min()).median() > _TIMES)
