"""What became of the rows of an export, kept with the run that read it, or once with a sweep.

The runs of a sweep that are fitted on the sweep's own accounts have it in common: their sweep keeps
it for them. Runs on other accounts, where data or outliers are swept, keep their own.
"""

import hashlib
import json
from functools import lru_cache

from tiktok_segments.accounts.dataset import KEPT, Dataset
from tiktok_segments.tracking import artifacts
from tiktok_segments.tracking.place import this_place


def keep_with_sweep(sweep_id: str, dataset: Dataset) -> str:
    """Log what became of the rows of a sweep's data to the sweep's run.

    Parameters
    ----------
    sweep_id : str
        The sweep's run.
    dataset : Dataset
        What the configuration of the whole sweep describes.

    Returns
    -------
    str
        Its digest, by which the sweep's jobs know that it is kept.
    """
    artifacts.log_contents(sweep_id, _describe(dataset))
    return _digest(dataset)


def files_of_run(dataset: Dataset) -> dict[str, str]:
    """Return what a run has to keep itself.

    Parameters
    ----------
    dataset : Dataset
        What it is fitted on.

    Returns
    -------
    dict of str to str
        Contents by name; nothing where the run's sweep keeps the same.
    """
    place = this_place()
    is_kept = place is not None and place.kept == _digest(dataset)
    return {} if is_kept else _describe(dataset)


@lru_cache(maxsize=KEPT)
def _describe(dataset: Dataset) -> dict[str, str]:
    return {
        "cleaning.csv": dataset.cleaning.to_csv(index=False),
        "rejected.csv": dataset.rejected.to_csv(index=False),
        "ingest.txt": "\n".join(dataset.notes),
    }


@lru_cache(maxsize=KEPT)
def _digest(dataset: Dataset) -> str:
    """Return one digest for the rows and what became of them."""
    content = json.dumps([dataset.sha256, _describe(dataset)])
    return hashlib.sha256(content.encode()).hexdigest()
