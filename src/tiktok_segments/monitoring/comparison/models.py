"""Two models on the same accounts: where each of the first one's segments is in the second's."""

from dataclasses import dataclass

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.clustering.agreement import adjusted_rand
from tiktok_segments.monitoring.assign import SegmentPairs
from tiktok_segments.segments.crossing import describe_crossing
from tiktok_segments.terminal import progress_bar
from tiktok_segments.tracking.named_model import NamedModel


@dataclass(frozen=True)
class ModelComparison:
    """Where the accounts of each of the first model's segments are in the second's.

    Attributes
    ----------
    first, second : str
        What the models are called.
    dataset : Dataset
        The accounts that both assigned.
    table : DataFrame of shape (n_first, n_second)
        Accounts in each pair of segments.
    ari : float
        Adjusted Rand index: 1 for the same partition, 0 for agreement by chance.
    sentences : list of str
        Which segments split, merge and go on.
    """

    first: str
    second: str
    dataset: Dataset
    table: pd.DataFrame
    ari: float
    sentences: list[str]


def compare_models(first: NamedModel, second: NamedModel, dataset: Dataset) -> ModelComparison:
    """Compare two models on accounts that both can assign.

    Parameters
    ----------
    first, second : NamedModel
        The models.
    dataset : Dataset
        The accounts.

    Returns
    -------
    ModelComparison
        Cross table, agreement, and what becomes of each segment.

    Raises
    ------
    InputError
        If a column that one of them reads is not there.
    """
    for model in (first, second):
        model.require_columns(dataset.frame)
    pairs = SegmentPairs(first, second)
    total = dataset.n_accounts
    with progress_bar("accounts") as progress:
        dataset.accounts.go_through(pairs, lambda done: progress("comparing segments", done, total))
    table = pd.DataFrame(pairs.counts, index=first.names, columns=second.names)
    return ModelComparison(
        first.label,
        second.label,
        dataset,
        table,
        adjusted_rand(table.to_numpy(dtype=float)),
        describe_crossing(table),
    )
