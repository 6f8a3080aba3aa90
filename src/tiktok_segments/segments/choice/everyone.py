"""Every account of a segmentation, part by part, where those in memory are only drawn of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from tiktok_segments.accounts.batches import UnsettledError
from tiktok_segments.accounts.cleaning import with_nan
from tiktok_segments.accounts.large.account_pass import AllRows
from tiktok_segments.accounts.large.prefetching import prefetched
from tiktok_segments.accounts.large.rows import within
from tiktok_segments.accounts.opening import open_accounts
from tiktok_segments.accounts.outcome import Cleaned
from tiktok_segments.accounts.settings import needed_columns
from tiktok_segments.segments.choice.benchmark import Compared
from tiktok_segments.segments.segmentation import Segmentation, place_accounts
from tiktok_segments.terminal import progress_bar

Taken = TypeVar("Taken")


def take_of_every_part(
    segmentation: Segmentation,
    step: str,
    take: Callable[[Segmentation], Taken],
    begin: Callable[[], None] | None = None,
) -> list[Taken]:
    """Take something of every part of the accounts.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments; where not all accounts are in memory, their export is read once more.
    step : str
        What is done, for the bar.
    take : callable
        Is given each part as a segmentation of its own, with the segments of the whole.
    begin : callable, optional
        Called before the first part; once more where the end of the export has disproved how it
        was read, and everything taken is void.

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
    with progress_bar("accounts") as progress:
        parts = _Parts(segmentation, stored)
        while True:
            taken, done = list[Taken](), 0
            if begin:
                begin()
            try:
                for part in parts.read():
                    taken.append(take(part))
                    done += len(part.labels)
                    progress(step, done, segmentation.dataset.n_accounts)
                return taken
            except UnsettledError:
                continue  # the export is read again, with what the whole of it told


class _Parts:
    """The accounts of an export on disk, as often as they are asked for."""

    def __init__(self, segmentation: Segmentation, stored: AllRows) -> None:
        config, self.bounds = segmentation.config, stored.bounds
        self.segmentation = segmentation
        self.compared = Compared.of(segmentation.dataset.frame, segmentation.tiers)
        self.names = [name.name for name in segmentation.names]
        self.accounts = open_accounts(
            config, folder=stored.place.folder, small=0, needed=needed_columns(config)
        )

    def read(self) -> Iterator[Segmentation]:
        for part in prefetched(map(self._place, self.accounts.batches())):
            if part is not None:
                yield part

    def _place(self, cleaned: Cleaned) -> Segmentation | None:
        """Return a part of the accounts in their segments; None where all are outliers."""
        whole = self.segmentation
        # All of a part may lack what those of another have: one set of columns for every part.
        frame = with_nan(cleaned.frame).reindex(columns=whole.dataset.frame.columns)
        frame = frame[within(frame, self.bounds)].reset_index(drop=True)
        if frame.empty:
            return None
        labels, membership, accounts = place_accounts(
            whole.pipeline, frame, whole.redrawn, self.names, whole.tiers, self.compared
        )
        return replace(
            whole,
            dataset=replace(whole.dataset, frame=frame),
            labels=labels,
            membership=membership,
            accounts=accounts,
        )


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
