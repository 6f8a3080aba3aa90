"""Every account of a segmentation, part by part, where those in memory are only drawn of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from tiktok_segments.accounts.dataset import load_every_account
from tiktok_segments.accounts.large.account_pass import AllRows
from tiktok_segments.accounts.large.prefetching import prefetched
from tiktok_segments.accounts.row_sample import BLOCK_ROWS
from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice.benchmark import Compared
from tiktok_segments.segments.describe import describe_placed
from tiktok_segments.segments.segmentation import Segmentation, place_accounts
from tiktok_segments.terminal import progress_bar

Taken = TypeVar("Taken")


def take_of_every_part(
    segmentation: Segmentation, step: str, take: Callable[[Segmentation], Taken]
) -> list[Taken]:
    """Take something of every part of the accounts.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments; where not all accounts are in memory, and the texts of the others are not
        kept anywhere, their export is read once more.
    step : str
        What is done, for the bar.
    take : callable
        Is given each part as a segmentation of its own, with the segments of the whole.

    Returns
    -------
    list
        What was taken, in the accounts' order; all accounts in memory are one part.

    Raises
    ------
    InputError
        If the export cannot be read any more.
    """
    stored = segmentation.dataset.stored
    if stored is None:
        return [take(segmentation)]
    taken, done = list[Taken](), 0
    tiers, names = segmentation.tiers, [name.name for name in segmentation.names]
    compared = Compared.of(segmentation.dataset.frame, tiers)
    placed = _placed(segmentation, _with_texts(segmentation.config, stored))
    with progress_bar("accounts") as progress:
        # Placing and describing cost about the same: a thread places one part meanwhile.
        for frame, labels, membership in prefetched(placed):
            part = replace(
                segmentation,
                dataset=replace(segmentation.dataset, frame=frame),
                labels=labels,
                membership=membership,
                accounts=describe_placed(frame, labels, membership, names, tiers, compared),
            )
            taken.append(take(part))
            done += len(labels)
            progress(step, done, segmentation.dataset.n_accounts)
    return taken


def _with_texts(config: Mapping[str, Any], stored: AllRows) -> AllRows:
    """Return the same accounts with their texts: those of a lake from its files on this machine."""
    if stored.has_texts:
        return stored
    if config["data"]["path"] is None:
        raise InputError("Which accounts? Give an export: data.path=FILE")
    streamed = {**config, "engine": {"name": "stream"}}
    everyone = load_every_account(streamed, texts=True).stored
    if everyone is None:
        raise InputError(f"{config['data']['path']} has changed: it has fewer accounts now.")
    return everyone.narrowed(stored.bounds, stored.rows)


def _placed(
    whole: Segmentation, stored: AllRows
) -> Iterator[tuple[pd.DataFrame, np.ndarray, pd.DataFrame]]:
    """Give the accounts on disk, part by part, with their clusters."""
    for frame in stored.blocks(list(map(str, whole.dataset.frame)), BLOCK_ROWS):
        frame = frame.reset_index(drop=True)
        yield frame, *place_accounts(whole.pipeline, frame, whole.redrawn)


def narrow(segmentation: Segmentation, chosen: np.ndarray) -> Segmentation:
    """Return a segmentation with some of its accounts; its segments are those of all.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments.
    chosen : ndarray of bool of shape (n_accounts,)
        Which accounts.

    Returns
    -------
    Segmentation
        Of as many accounts as were chosen.
    """
    rows = np.flatnonzero(chosen)
    dataset = replace(segmentation.dataset, frame=segmentation.dataset.frame.iloc[rows])
    return replace(
        segmentation,
        dataset=dataset,
        labels=segmentation.labels[rows],
        membership=segmentation.membership.iloc[rows],
        accounts=segmentation.accounts.iloc[rows],
    )


def find_part(
    segmentation: Segmentation, step: str, is_meant: Callable[[Segmentation], np.ndarray]
) -> Segmentation:
    """Find an account among all of them.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments.
    step : str
        What is done, for the bar.
    is_meant : callable
        Says of each account of a part whether it is the one.

    Returns
    -------
    Segmentation
        Of this account only; the same as given where it is not found, or all are in memory.
    """
    if not segmentation.dataset.stored or is_meant(segmentation).any():
        return segmentation
    parts = take_of_every_part(segmentation, step, lambda part: narrow(part, is_meant(part)))
    return next((part for part in parts if len(part.labels)), segmentation)
