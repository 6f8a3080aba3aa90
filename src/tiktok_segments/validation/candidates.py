"""Candidates of a selection rule: what is known of each run, and what it could have shown."""

from collections.abc import Mapping
from math import isnan

import pandas as pd

from tiktok_segments.accounts import row_sample
from tiktok_segments.clustering.features import is_log
from tiktok_segments.language import message
from tiktok_segments.validation.conditions import Candidate, Thresholds, figure_of
from tiktok_segments.validation.results import (
    INIT,
    LOGGED,
    RANDOM,
    RARE,
    RARE_START,
    REDRAWS,
    ROWS_USED,
    SMALL,
    SpaceDiagnostics,
)
from tiktok_segments.wording import percent

SPARSE_SHARE = 0.05
"""Of all rows: those that a uniform sample covers least, which are searched for rare groups."""

LEAST_RATIO = 4
"""They are searched where all rows are at least so many times those of the uniform sample."""

LEAST_SEEN = 10
"""Rows, among those searched, of the smallest group that is looked for."""

LEGEND = message(
    "space: the measures and the scaler that brings them to one scale; k: the number of segments; "
    "silhouette: how clearly accounts lie in their own segment, 1 at best; inertia: how spread out "
    "the segments are; smallest share: the smallest segment's share of the accounts; "
    "z: how far the silhouette lies above data without groups, in standard deviations; "
    "valley: density between the closest two segments, as a share of the sides'; "
    "jaccard: overlap of the least stable segment with itself on resampled accounts; "
    "ARI, halves: agreement on resampled accounts, and of two halves. "
    "separated, reproducible: whether it passes as separate groups, as a cut that comes back; "
    "behind no stands what it misses (gate: z is too low; stability: jaccard; share: a segment is "
    "too small; k: too many segments; split_half: halves)."
)
"""What the columns of the table of candidates mean."""


def tabulate_space(
    space: pd.DataFrame, columns: Mapping[str, str], found: SpaceDiagnostics | None
) -> pd.DataFrame:
    """Return a row for each k of a space, with what a selection rule asks of it.

    Parameters
    ----------
    space : DataFrame of shape (n_k, n_columns)
        Runs indexed by k, as :func:`~tiktok_segments.sweeps.space_names.named_spaces` returns them.
    columns : mapping of str to str
        Canonical column of each feature, and its transform.
    found : SpaceDiagnostics or None
        Of the k that were examined; None where none was.

    Returns
    -------
    DataFrame of shape (n_k, n_columns)
        The runs' columns, ``k``, ``admissible``, ``inadmissible_reason``, ``log_space``,
        ``n_samples`` and, where examined, ``structure_rows``, ``redraws`` and the figures of
        :class:`~tiktok_segments.validation.results.KDiagnostics`.
    """
    table = space.reset_index().rename(columns={"unfit": "inadmissible_reason"})
    table["n_samples"] = table["rows"].astype(int)
    table["admissible"] = table["inadmissible_reason"] == ""
    table["log_space"] = all(map(is_log, columns.values()))
    if found is not None:
        figures = {
            k: {name: getattr(figures, name) for name in (*LOGGED, *RARE, *SMALL)}
            | {ROWS_USED: figures.larger_sample or found.rows_used, REDRAWS: figures.redraws}
            for k, figures in found.by_k.items()
        }
        # A run that was examined in another sweep has figures already; they are found anew.
        table = table.drop(columns=[*LOGGED, *RARE, *SMALL, ROWS_USED], errors="ignore")
        table = table.join(pd.DataFrame.from_dict(figures, orient="index"), on="k")
    return table


def summarise_candidates(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return what the terminal shows of the candidates: figures, and which conditions they miss.

    Parameters
    ----------
    candidates : DataFrame of shape (n_candidates, n_columns)
        As a :class:`~tiktok_segments.validation.selection.Decision` holds them.

    Returns
    -------
    DataFrame of shape (n_candidates, n_shown)
        ``separated`` and ``reproducible`` say yes or name the conditions missed.
    """
    shown = candidates[["space", "k", "silhouette", "inertia", "smallest_share"]].copy()
    names = {
        "gate_z": "z", "valley": "valley", "stability_min_jaccard": "jaccard",
        "stability_ari": "ARI", "split_half_ari": "halves",
    }  # fmt: skip
    for column, name in names.items():
        if column in candidates:
            shown[name] = candidates[column].map("{:.2f}".format)
    if (candidates.get("tries", pd.Series(1)) > 1).any():
        shown["runs"] = candidates["tries"]
        shown["inertia spread"] = candidates["inertia_spread"].map(percent)
    for kind, title in (("structure_", "separated"), ("partition_", "reproducible")):
        words = candidates.filter(regex=f"^{kind}").drop(columns=ROWS_USED, errors="ignore")
        if len(words.columns):
            missed = words.apply(lambda column: column.str.startswith("missed"))
            shown[title] = [
                ", ".join(name.removeprefix(kind) for name in words.columns[row]) or "yes"
                for row in missed.to_numpy()
            ]
            shown[title] = shown[title].map(lambda text: text if text == "yes" else f"no: {text}")
            shown.loc[~candidates["admissible"], title] = "not fit"
    return shown


def stratum_size(n_samples: int, max_rows: int) -> int:
    """Return how many rows are those that a uniform sample covers least."""
    return max(int(SPARSE_SHARE * n_samples), max_rows)


def smallest_share(n_samples: int, max_rows: int) -> float:
    """Return the smallest share of a rare group that is looked for.

    Examples
    --------
    >>> smallest_share(250_000, 5000)
    0.0001
    """
    return LEAST_SEEN * stratum_size(n_samples, max_rows) / max_rows / n_samples


def what_was_seen(candidate: Candidate, t: Thresholds) -> str:
    """Say which small groups are no segment, and how small a group could have been seen.

    Parameters
    ----------
    candidate : mapping
        With `n_samples`, and the figures of its diagnostics.
    t : Thresholds
        The rule's bounds.

    Returns
    -------
    str
        Sentences behind a space, or nothing.
    """
    n_samples = int(candidate["n_samples"])
    examined = figure_of(candidate, ROWS_USED, missing=n_samples)
    told = _what_is_small(candidate, is_sample=examined < n_samples)
    if examined >= n_samples:
        return told
    share = max(t.least_share(candidate.get(INIT, RANDOM)), t.smallest_size / examined)
    return (
        told
        + (
            f" This was examined on {examined:,.0f} of the {n_samples:,} accounts, drawn evenly: a "
            f"group of fewer than {percent(share)} of the accounts is not told apart there."
        )
        + _what_is_rare(candidate, examined)
    )


def _what_is_small(candidate: Candidate, *, is_sample: bool) -> str:
    """Say which small groups are no segment of their own."""
    number, accounts = (figure_of(candidate, name, missing=0.0) for name in SMALL)
    if not number:
        return ""
    groups = "A small group" if number == 1 else f"{number:.0f} small groups"
    lie, it, its = ("lies", "it", "its") if number == 1 else ("lie", "them", "their")
    of_sample, alike = ("examined ", " with all that are like them") if is_sample else ("", "")
    in_all = "" if number == 1 else "in all "
    return (
        f" {groups} of {accounts:.0f} {of_sample}accounts {in_all}{lie} close together and apart "
        f"from those around {it}: k-means gives so few accounts no segment of {its} own, and "
        f"profile_segments.py lists them{alike}."
    )


def _what_is_rare(candidate: Candidate, examined: float) -> str:
    """Say what was found where the accounts examined have few like them."""
    number, share = (figure_of(candidate, name, missing=float("nan")) for name in RARE)
    if isnan(number):
        return ""
    n_drawn = min(int(candidate["n_samples"]), row_sample.FIT_ROWS)
    searched = f" Of {n_drawn:,} accounts those with few like them there were searched, too: "
    groups = "1 group lies" if number == 1 else f"{number:.0f} groups lie"
    found = f"{searched}{groups} apart, with {percent(share)} of the accounts"
    if candidate.get(INIT) == RARE_START:
        return f"{found}."
    least = percent(smallest_share(n_drawn, int(examined)))
    if not number:
        return f"{searched}no group of {least} or more that lies apart stands out."
    return (
        f"{found} (of {least} or more it would show); no segment was made of that: a larger k, or "
        "clean without these accounts, shows what they are."
    )
