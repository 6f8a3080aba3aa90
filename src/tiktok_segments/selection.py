"""Choose the best run of a sweep, and say why in a sentence."""

from dataclasses import dataclass

import pandas as pd

SPACE = ["features", "scaler", "outliers"]
"""Runs that agree in these are of one space: only their metrics can be compared."""


@dataclass(frozen=True)
class Choice:
    """The best run of a sweep.

    Attributes
    ----------
    run_id : str
        The run.
    reason : str
        Why, in words.
    """

    run_id: str
    reason: str


def choose_run(runs: pd.DataFrame, smallest_share: float) -> Choice | None:
    """Choose the run with the highest silhouette of the sweep's first space.

    Runs whose smallest segment is too small come last; values of different spaces are never
    compared, so with several spaces the first one that was swept is taken.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        As :func:`~tiktok_segments.tracking.sweep_runs` returns them.
    smallest_share : float
        Share of the accounts that the smallest segment must hold.

    Returns
    -------
    Choice or None
        None where no run finished.

    Examples
    --------
    >>> runs = pd.DataFrame({
    ...     "run_id": ["a", "b", "c"], "status": "FINISHED", "features": "core",
    ...     "scaler": "standard", "outliers": "keep", "k": ["2", "3", "4"],
    ...     "silhouette": [0.9, 0.4, 0.5], "smallest_share": [0.001, 0.2, 0.1]})
    >>> choose_run(runs, smallest_share=0.05).run_id
    'c'
    """
    finished = runs[runs["status"] == "FINISHED"] if len(runs) else runs
    if finished.empty:
        return None
    spaces = [space for _, space in finished.groupby(SPACE, sort=False)]
    first = spaces[0]
    large = first[first["smallest_share"] >= smallest_share]
    best = (large if len(large) else first).sort_values("silhouette", kind="stable").iloc[-1]
    reason = (
        f"k = {best['k']} has the highest silhouette ({best['silhouette']:.3f}) of the "
        f"{len(first)} runs on {best['features']} features with the {best['scaler']} scaler"
    )
    if len(large):
        reason += f" whose smallest segment holds at least {smallest_share:.0%} of the accounts."
    else:
        reason += f"; in none of them does every segment hold {smallest_share:.0%} of the accounts."
    if len(spaces) > 1:
        others = "; ".join(
            f"{space.iloc[0]['features']} and {space.iloc[0]['scaler']}: k = "
            f"{space.sort_values('silhouette').iloc[-1]['k']}"
            for space in spaces[1:]
        )
        reason += (
            f" It is the first of {len(spaces)} spaces, which silhouette cannot compare; highest "
            f"in the others: {others}."
        )
    return Choice(run_id=str(best["run_id"]), reason=reason)
