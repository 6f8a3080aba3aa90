"""The best run of a sweep, by the rule that its configuration names."""

from dataclasses import replace

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import terminal
from tiktok_segments.sweeps.examination import collect_candidates
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.selection import Decision, select

UNEXAMINED_SMALLEST_SHARE = 0.05
"""What the silhouette asks of the smallest segment where it stands in for the structure rule."""


def decide(runs: pd.DataFrame, config: DictConfig, examined: bool) -> Decision:
    """Choose the best run of a sweep by the rule of its configuration.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        Runs of a sweep, at least one of them finished.
    config : DictConfig
        The configuration of the sweep; ``selection``, ``structure`` and, for runs that name
        no export, ``data.path`` are read.
    examined : bool
        Whether to take the time for the structure diagnostics.

    Returns
    -------
    Decision
        Under ``structure=off``, or where not examined, by silhouette, which the reason says.
    """
    structure = config.structure if examined else DictConfig({"name": "off"})
    with terminal.progress_bar("tasks") as progress:
        candidates = collect_candidates(
            runs,
            structure,
            config.data.path,
            lambda space, done, n: progress(f"Examining the structure of {space}", done, n),
        )
    rule = str(config.selection.name)
    if rule == "structure" and structure.name != "off":
        return select(
            candidates,
            thresholds=Thresholds(**config.selection.thresholds),
            partition_space=(
                str(config.selection.partition_space[0]),
                str(config.selection.partition_space[1]),
            ),
        )
    smallest = config.selection.get("smallest_share", UNEXAMINED_SMALLEST_SHARE)
    decision = select(
        candidates, "elbow" if rule == "elbow" else "silhouette", smallest_share=smallest
    )
    if rule == "structure":
        reason = f"{decision.reason} Structure was not examined, so the silhouette decided."
        decision = replace(decision, reason=reason)
    return decision
