"""Accounts made of the rows of their videos."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_segments.containers.records import rejections
from tiktok_segments.schema import COLUMNS
from tiktok_segments.wording import counted

VIDEO_COUNTS = ("video_likes", "video_comments", "video_shares", "video_views")
"""What is counted of a video."""


def merge_videos(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Make one row per account from one row per video.

    Means are over an account's videos that give the number. The number of rows is not the number
    of videos that an account has published, so ``videos`` is only there if the file has it.

    Parameters
    ----------
    frame : DataFrame
        One row per video: account_id, followers, the video's own counts, and line.

    Returns
    -------
    accounts : DataFrame
        One row per account in order of first appearance: profile values of its newest row (by
        time of collection, else the last) that has them, ``average_*`` measures, the first
        ``line``, and ``source_rows``.
    rejected : DataFrame
        Repeated videos: line, account, rule, value.
    derived : list of str
        The formulas, in words.

    Examples
    --------
    >>> videos = pd.DataFrame({"account_id": ["a", "a"], "followers": [10.0, 10.0],
    ...                        "video_likes": [1.0, 3.0], "line": [2, 3]})
    >>> merge_videos(videos)[0][["account_id", "followers", "average_likes", "source_rows"]]
      account_id  followers  average_likes  source_rows
    0          a       10.0            2.0            2
    """
    newest = frame
    if "collected_at" in frame:
        newest = frame.sort_values("collected_at", kind="stable", na_position="first")
    newest, rejected = _drop_repeated(newest)
    newest, of_accounts = _leave_out_accounts(newest)
    frame = newest.sort_index()
    profile = [name for name in frame if name in COLUMNS and name != "account_id"]
    grouped = newest.groupby("account_id", sort=False)
    accounts = grouped[profile].last() if profile else grouped[["line"]].last()[[]]
    by_account = frame.groupby("account_id", sort=False)
    accounts = accounts.reindex(by_account.size().index)
    accounts["line"] = by_account["line"].first()
    accounts["source_rows"] = by_account.size()
    derived = []
    if of_accounts:
        derived.append(
            f"the likes of {counted(of_accounts, 'row')} without a video are "
            "the account's, and no video's"
        )
    for name in VIDEO_COUNTS:
        if name in frame:
            average = name.replace("video_", "average_")
            accounts[average] = by_account[name].mean()
            derived.append(f"{average} = mean of {name} over the account's videos in the file")
    if {"video_likes", "video_comments", "video_views"} <= set(frame.columns):
        accounts["engagement_by_views"] = _by_views(frame)
        derived.append("engagement_by_views = sum of (likes + comments) / sum of views of videos")
    return accounts.reset_index(), rejected, derived


def _leave_out_accounts(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Empty the counts of rows that are the account itself among those of its videos.

    They have no video's number or address and nothing counted but likes, as many at least as the
    account's videos have together.
    """
    keys = [name for name in ("video_id", "video_url") if name in frame]
    others = [name for name in VIDEO_COUNTS if name in frame and name != "video_likes"]
    if not keys or not others or "video_likes" not in frame:
        return frame, 0
    named, likes = frame[keys].notna().any(axis=1), frame["video_likes"]
    together = likes.where(named).groupby(frame["account_id"]).transform("sum", min_count=1)
    of_accounts = ~named & frame[others].isna().all(axis=1) & (likes >= together)
    return frame.assign(video_likes=likes.mask(of_accounts)), int(of_accounts.sum())


def _drop_repeated(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    key = "video_id" if "video_id" in frame else "video_url"
    if key not in frame:
        return frame, rejections([], [], "")
    repeated = frame.duplicated(["account_id", key], keep="last") & frame[key].notna()
    bad = frame[repeated]
    rejected = rejections(bad.line, bad[key].astype(str), "repeated video", bad.account_id)
    return frame[~repeated], rejected


def _by_views(frame: pd.DataFrame) -> pd.Series:
    needed = ["video_likes", "video_comments", "video_views"]
    complete = frame.dropna(subset=needed)
    sums = complete.groupby("account_id", sort=False)[needed].sum()
    rate = (sums.video_likes + sums.video_comments) / sums.video_views
    return rate.where(np.isfinite(rate))
