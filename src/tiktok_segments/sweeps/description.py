"""A sweep in words: its name in the list of runs, and its description in Markdown."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments.accounts.privacy import without_paths
from tiktok_segments.defaults import next_command
from tiktok_segments.sweeps.jobs import swept_values
from tiktok_segments.tracking.run_names import NOTE_LENGTH
from tiktok_segments.training.params import settings_by_name
from tiktok_segments.validation.candidates import LEGEND, summarise_candidates
from tiktok_segments.validation.selection import Decision
from tiktok_segments.validation.structure_rule import VERDICTS
from tiktok_segments.wording import markdown_table, markdown_text

NOT_NAMED = frozenset({"k", "features", "scaler", "structure", "selection", "naming", "promotion"})
"""Settings that a sweep's name does not list: said otherwise, or of no weight for its runs."""

LONGEST_NAME = 250
"""Characters of a sweep's name."""

FEW = 3
"""Up to so many values of a setting are named, of more their number."""

SCORES = (
    "silhouette", "inertia", "calinski_harabasz", "davies_bouldin", "smallest_share", "gate_z",
    "valley", "stability_min_jaccard", "stability_ari", "split_half_ari",
)  # fmt: skip
"""Scores of the best run that its sweep has, too, as far as they are known."""


def name_sweep(config: DictConfig) -> str:
    """Name a sweep by what it varies.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Returns
    -------
    str
        Such as ``k 2 to 7, core, standard``.
    """
    fixed = {
        "k": str(config.k),
        "features": str(config.features.name),
        "scaler": str(config.scaler.name),
    }
    given = settings_by_name(without_paths(config.hydra.overrides.task, config.data))
    return name_settings(swept_values(config), fixed, given)


def name_settings(
    swept: Mapping[str, Sequence[str]], fixed: Mapping[str, str], given: Mapping[str, str]
) -> str:
    """Say in a few words what a sweep varies and what not.

    Parameters
    ----------
    swept : mapping of str to sequence of str
        Values of each setting that is varied.
    fixed : mapping of str to str
        ``k``, ``features`` and ``scaler`` where they are not.
    given : mapping of str to str
        Whatever else was given on the command line.

    Examples
    --------
    >>> fixed = {"k": "4", "features": "core", "scaler": "standard"}
    >>> name_settings({"k": ["2", "3", "4"]}, fixed, {"k": "2,3,4", "data.path": "'/x/may.csv'"})
    'k 2 to 4, core, standard, may.csv'
    >>> name_settings({"seed": ["1", "7"], "features": ["a", "b", "c", "d"]}, fixed, {})
    'k 4, 4 feature sets, standard, seed 1 and 7'
    """
    words = [f"k {_values(swept.get('k', [fixed['k']]), 'values')}"]
    words += [
        _values(swept.get(name, [fixed[name]]), plural)
        for name, plural in (("features", "feature sets"), ("scaler", "scalers"))
    ]
    others = {name: [value] for name, value in given.items()} | dict(swept)
    for name, values in others.items():
        if name.split(".")[0] in NOT_NAMED:
            continue
        if name == "data.path":
            words.append(_values([Path(value.strip("'\"")).name for value in values], "files"))
        elif name == "data":
            words.append(_values(values, "data sets"))
        else:
            words.append(f"{name} {_values(values, 'values')}")
    return ", ".join(words)[:LONGEST_NAME]


def _values(values: Sequence[str], plural: str) -> str:
    if len(values) > 2 and all(value.isdigit() for value in values):
        numbers = sorted(map(int, values))
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{numbers[0]} to {numbers[-1]}"
    return " and ".join(values) if len(values) <= FEW else f"{len(values)} {plural}"


def best_scores(decision: Decision) -> dict[str, float]:
    """Return the scores of a sweep's best run that are known, by the names of its metrics."""
    best = decision.candidates.loc[decision.candidates["chosen"]].iloc[0]
    known = best.reindex(list(SCORES)).dropna()
    return {str(name): float(value) for name, value in known.items()}


def describe_sweep(sweep_id: str, decision: Decision, page: str, data: Mapping[str, Any]) -> str:
    """Describe a sweep for who opens it: verdict, reason, candidates, what to do next.

    Parameters
    ----------
    sweep_id : str
        Its run.
    decision : Decision
        What was chosen of it.
    page : str
        Address of the best run's page.
    data : mapping
        ``path`` and ``pseudonyms`` of its accounts.

    Returns
    -------
    str
        Markdown; of many candidates the best one and those beside it, as far as there is room.
    """
    heading, text = VERDICTS[decision.verdict]
    lines = [
        f"### {heading}",
        text,
        "",
        f"**Best run: [k = {decision.k}, {markdown_text(decision.features)}, "
        f"{markdown_text(decision.scaler)}]({page})**",
        "",
        markdown_text(decision.reason),
        "",
    ]
    for other in decision.others:
        lines.append(f"- On other accounts: {markdown_text(other.in_words())}")
    following = {
        name: next_command(f"scripts/{name}.py", f"sweep={sweep_id}", data=data, kept=True)
        for name in ("profile_segments", "promote_model")
    }
    end = [
        *(["", markdown_text(LEGEND)] if "valley" in decision.candidates else []),
        "",
        "**Next**",
        "",
        f"- `{following['profile_segments']}` names the segments, and writes the report",
        f"- `{following['promote_model']}` registers the model, if it passes the gate",
    ]
    left = NOTE_LENGTH - len("\n".join([*lines, *end])) - 200
    return "\n".join([*lines, _candidates(decision.candidates, left), *end])[:NOTE_LENGTH]


def _candidates(candidates: pd.DataFrame, room: int) -> str:
    """Write the table of candidates, with as many around the best as there is room for."""
    table = summarise_candidates(candidates)
    best = int(candidates["chosen"].to_numpy().argmax())
    shown = [
        [f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row]
        for row in table.astype(object).to_numpy().tolist()
    ]
    shown[best][0] = f"★ {shown[best][0]}"
    head = [str(name).replace("_", " ") for name in table]
    first, last = 0, len(shown)
    while len(text := markdown_table(head, shown[first:last])) > room and last > 1:
        if best - first > last - 1 - best:
            first += 1
        else:
            last -= 1
    if last - first < len(shown):
        text += f"\n\n{last - first} of {len(shown)} candidates; candidates.csv has all."
    return text
