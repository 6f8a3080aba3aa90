"""The accounts that the runs of a sweep have in common, whichever columns each of them needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tiktok_segments.accounts.dataset import KEPT, load_dataset
from tiktok_segments.accounts.settings import data_settings
from tiktok_segments.errors import InputError
from tiktok_segments.terminal import ReadingShown


def common_needs(jobs: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """Return the columns that no account of a sweep may lack, where its feature sets differ.

    An account that lacks what one of several feature sets reads would be in the runs of the others
    only, and runs on different accounts are never ranked.

    Parameters
    ----------
    jobs : sequence of mapping
        The configuration of each job as plain data; found to be sound.

    Returns
    -------
    list of str or None
        The columns of all feature sets, for ``clean.needs``; None where each run has the same
        accounts without it, or ``clean.needs`` is given.
    """
    needed = list(dict.fromkeys(name for job in jobs for name in job["features"]["columns"]))
    given = any(job["clean"].get("needs") is not None for job in jobs)
    if given or all(set(job["features"]["columns"]) == set(needed) for job in jobs):
        return None
    by_data = {data_settings(job): job for job in jobs}
    whole = (_is_whole(with_needs(job, needed)) for job in by_data.values())
    return None if len(by_data) <= KEPT and all(whole) else needed


def with_needs(job: Mapping[str, Any], needed: Sequence[str]) -> dict[str, Any]:
    """Return a configuration with the columns that no account may lack."""
    return {**job, "clean": {**job["clean"], "needs": list(needed)}}


def _is_whole(job: Mapping[str, Any]) -> bool:
    try:
        return load_dataset(job, ReadingShown()).is_whole
    except InputError:
        return True  # no run has accounts of it, and each says why
