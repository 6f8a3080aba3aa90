"""Candidates of a selection rule: a table of what is known of each run."""

from collections.abc import Mapping

import pandas as pd

from tiktok_segments.clustering.features import is_log
from tiktok_segments.validation.results import LOGGED, REDRAWS, ROWS_USED, SpaceDiagnostics
from tiktok_segments.wording import percent


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
            k: {name: getattr(figures, name) for name in LOGGED}
            | {ROWS_USED: found.rows_used, REDRAWS: figures.redraws}
            for k, figures in found.by_k.items()
        }
        # A run that was examined in another sweep has figures already; they are found anew.
        table = table.drop(columns=[*LOGGED, ROWS_USED], errors="ignore")
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
