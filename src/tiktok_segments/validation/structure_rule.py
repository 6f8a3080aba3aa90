"""The structure rule over a sweep: separated segments, else the partition of a continuum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tiktok_segments.language import message
from tiktok_segments.validation.candidates import what_was_seen
from tiktok_segments.validation.conditions import (
    Candidate,
    Condition,
    Thresholds,
    figure_of,
    max_gate_z,
    partition_conditions,
    passes,
    passes_gate,
    separated_k,
    structure_conditions,
)
from tiktok_segments.validation.results import INIT, RANDOM, REDRAWS
from tiktok_segments.validation.spaces import (
    Choice,
    Space,
    Spaces,
    as_candidates,
    in_order,
    space_of,
)
from tiktok_segments.wording import beside, percent, whole_percent

VERDICTS: Mapping[str, tuple[str, str]] = {
    "separated": (
        message("The data holds separate groups"),
        message(
            "Between the groups there are fewer accounts than inside them, and the segments follow "
            "these gaps."
        ),
    ),
    "continuum": (
        message("The data is one continuous cloud, cut into regions"),
        message(
            "Accounts of every kind in between exist, so the borders are drawn and not found. With "
            "this number of segments most accounts stay in theirs on other random samples: use "
            "them as a map, and look at border cases one by one."
        ),
    ),
    "none": (
        message("No segments of this data could be relied on"),
        message(
            "There are no separate groups, and no cut of the cloud comes back when the accounts "
            "are redrawn. Take what follows as a description of these accounts only."
        ),
    ),
    "untested": (
        message("Whether the data holds separate groups was not examined in this run"),
        message(
            "k-means cuts any data into as many parts as it is told to. Without that check the "
            "segments are a way to sort these accounts, and no proof that such groups exist."
        ),
    ),
}
"""What each verdict on a sweep means for a reader: a heading and a text."""

STARTED = (
    " A small group among them stands out of what the same search finds in data without groups; "
    "k-means was started there, since from random starts it passes over so few accounts."
)
"""What the reason says where k-means started at small groups."""


def choose_by_structure(
    spaces: Spaces, thresholds: Thresholds, partition_space: tuple[str, str]
) -> Choice:
    """Take the space and k with separated segments, or else the best partition of a continuum.

    Parameters
    ----------
    spaces : mapping of Space to sequence of candidate
        Of one population: candidates with `admissible`, `log_space`, `n_samples` and the
        figures of `KDiagnostics`.
    thresholds : Thresholds
        The rule's bounds.
    partition_space : tuple of (features, scaler)
        Where a continuum is partitioned, if it was swept and is admissible.

    Returns
    -------
    Choice
        Among several spaces with separated segments the one with the largest gap, each against its
        own structureless null (Tibshirani, Walther & Hastie 2001, JRSS-B 63:411).
    """
    admissible = {space: runs for space, runs in spaces.items() if runs[0]["admissible"]}
    separated = [
        (figure_of(run, "gap", missing=float("-inf")), space, run)
        for space, runs in admissible.items()
        for run in runs
        if run["k"] == separated_k(runs, thresholds)
    ]
    if separated:
        _, space, best = max(separated, key=lambda entry: entry[0])
        why = _why_separated(best, space, len(separated), thresholds)
        return Choice("separated", best, why + what_was_seen(best, thresholds))
    space, place = _partition_space(spaces, partition_space)
    runs, conditions = spaces[space], partition_conditions(thresholds)
    reproducible = [run for run in runs if passes(run, conditions)]
    if reproducible and space in admissible:
        why = _why_continuum(reproducible[-1], runs, place, thresholds)
        return Choice("continuum", reproducible[-1], why + what_was_seen(runs[0], thresholds))
    nearest = min(runs, key=lambda run: sum(c.shortfall(run) for c in conditions))
    why = (
        _why_none(nearest, place, conditions) if space in admissible else _why_unfit(nearest, space)
    )
    return Choice("none", nearest, why + what_was_seen(nearest, thresholds))


def with_conditions(
    candidates: pd.DataFrame, spaces: Spaces, thresholds: Thresholds
) -> pd.DataFrame:
    """Add one column of words for each condition to the table of runs.

    Parameters
    ----------
    candidates : DataFrame
        The table that `spaces` was made of.
    spaces : mapping of Space to sequence of candidate
        Its rows by space, for the gate, which is a whole space's.
    thresholds : Thresholds
        The rule's bounds.

    Returns
    -------
    DataFrame
        With `structure_gate`, `structure_valley`, ... and `partition_k`, ... added, without the
        figures of redraws.
    """
    gate = Condition("gate", "clearer than data without groups", _space_z, thresholds.gate_z)
    columns = {"structure": [gate, *structure_conditions(thresholds)]}
    columns["partition"] = partition_conditions(thresholds)
    rows = [
        run | {"space_z": max_gate_z(spaces[space_of(run)])} for run in as_candidates(candidates)
    ]
    words = {
        f"{kind}_{condition.name}": [condition.in_words(row) for row in rows]
        for kind, conditions in columns.items()
        for condition in conditions
    }
    return candidates.drop(columns=REDRAWS, errors="ignore").assign(**words)


def _space_z(candidate: Candidate) -> float:
    return float(candidate["space_z"])


def _partition_space(spaces: Spaces, wanted: tuple[str, str]) -> tuple[Space, str]:
    """Where to partition, and its name, with a remark if it is not the space asked for."""
    taken = in_order(spaces, wanted)[0]
    first = spaces[taken][0]
    if (taken.features, taken.scaler) == wanted and first["admissible"]:
        return taken, str(taken)
    kind = "first admissible log space" if first["log_space"] else "first admissible space"
    swept = any((space.features, space.scaler) == wanted for space in spaces)
    lack = "is not admissible" if swept else "was not swept"
    return taken, f"{taken}, the {kind} because {wanted[0]} ({wanted[1]} scaler) {lack},"


def _why_separated(best: Candidate, space: Space, n_separated: int, t: Thresholds) -> str:
    elsewhere = (
        f"; of {n_separated} spaces with separated segments this one is the furthest from data "
        "without groups"
        if n_separated > 1
        else ""
    )
    return (
        f"The accounts fall into {best['k']} separated segments on {space}: between every "
        f"two of them the accounts thin out (to {whole_percent(best['valley'])} of the density "
        f"beside it; {whole_percent(t.valley)} would do). Every segment comes back when the "
        f"accounts are drawn anew (smallest overlap {best['stability_min_jaccard']:.2f}; "
        f"{t.jaccard:.2f} is needed), and "
        f"the smallest holds {percent(best['smallest_share'])} of the accounts{elsewhere}."
        + (STARTED if best.get(INIT, RANDOM) != RANDOM else "")
    )


def _why_continuum(best: Candidate, runs: Sequence[Candidate], place: str, t: Thresholds) -> str:
    z = max_gate_z(runs)
    clearest = min(figure_of(run, "valley", missing=1.0) for run in runs)
    if not passes_gate(runs, t):
        shown = beside(z, t.gate_z, 1)
        doubt = f"no k is clearer than on data without groups (z = {shown}; {t.gate_z:g} is needed)"
    elif clearest > t.valley:
        doubt = (
            "at every k two segments touch without a gap (between them the accounts stay "
            f"{whole_percent(clearest)} as dense as on their sides; a gap means at most "
            f"{whole_percent(t.valley)})"
        )
    else:
        doubt = "no k has both gaps between all segments and segments that come back"
    return (
        f"The accounts are one continuous cloud: on {place} {doubt}. The {best['k']} "
        f"segments cut it into parts that come back when the accounts are drawn anew (smallest "
        f"overlap {best['stability_min_jaccard']:.2f}; {t.partition_jaccard:.2f} is needed) or "
        f"halved (agreement {best['split_half_ari']:.2f}; {t.partition_split_half:.2f} is needed); "
        "they are a reproducible cut, not natural groups."
    )


def _why_none(nearest: Candidate, place: str, conditions: Sequence[Condition]) -> str:
    missed = [
        f"{c.meaning}: {c.in_words(nearest).removeprefix('missed: ')}"
        for c in conditions
        if not c.passed(nearest)
    ]
    return (
        "No number of segments is separated, nor does any come back reliably on other samples of "
        f"the same accounts. Nearest is k = {nearest['k']} on {place.rstrip(',')}: "
        f"{'; '.join(missed)}."
    )


def _why_unfit(nearest: Candidate, space: Space) -> str:
    return (
        "Nothing that was swept suits k-means, so that none of its segments can be trusted, "
        f"whatever their figures. Nearest is k = {nearest['k']} on {space}, where "
        f"{nearest['inadmissible_reason']}. Sweep other features=..."
    )
