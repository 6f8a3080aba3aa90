"""A run in words: its description in Markdown, before its segments have names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.defaults import next_command
from tiktok_segments.training.task import Computed
from tiktok_segments.validation.run_verdict import VERDICTS
from tiktok_segments.wording import markdown_table, markdown_text, percent, write_value


@dataclass(frozen=True)
class Judged:
    """What judges a run.

    Attributes
    ----------
    verdict : str or None
        On the run by itself; None where it was not examined.
    in_sweep : bool
        Whether a sweep judges it.
    """

    verdict: str | None
    in_sweep: bool


def describe_run(
    run_id: str,
    settings: Mapping[str, Any],
    dataset: Dataset,
    computed: Computed,
    judged: Judged,
) -> str:
    """Describe a run for who opens it: its clusters, what they are fit for, what to do next.

    Parameters
    ----------
    run_id : str
        Its id.
    settings : mapping
        The plain content of its configuration.
    dataset : Dataset
        Its accounts.
    computed : Computed
        What came out.
    judged : Judged
        Who judges it, and the verdict.

    Returns
    -------
    str
        Markdown of some 1,000 characters.
    """
    kind = "synthetic accounts" if dataset.synthetic else "accounts"
    rows = sum(computed.counts)
    columns = list(computed.medians)
    table = markdown_table(
        ["cluster", "accounts", "share", *(column.replace("_", " ") for column in columns)],
        [
            [cluster, f"{size:,}", percent(size / rows)]
            + [write_value(column, computed.medians[column][cluster]) for column in columns]
            for cluster, size in enumerate(computed.counts)
        ],
    )
    following = next_command(
        "scripts/profile_segments.py", f"run={run_id}", data=settings["data"], kept=True
    )
    space = f"{settings['features']['name']}, {settings['scaler']['name']} scaler"
    return "\n".join(
        [
            f"**{settings['k']} clusters of {rows:,} {kind}** "
            f"({markdown_text(space)}), with the medians of their accounts"
            + _sampled(int(computed.metrics["silhouette_rows"]), rows),
            "",
            table,
            "",
            f"**Fit for:** {_fitness(settings, computed, judged)}",
            "",
            f"**Next:** `{following}` names the clusters, and writes the report.",
        ]
    )


def _sampled(sampled: int, rows: int) -> str:
    return "" if sampled >= rows else f" (of a random {sampled:,} of them)"


def _fitness(settings: Mapping[str, Any], computed: Computed, judged: Judged) -> str:
    if computed.unfit:
        return f"no decision. These columns do not suit k-means: {markdown_text(computed.unfit)}"
    if judged.verdict is not None:
        heading, text = VERDICTS[judged.verdict]
        return f"{heading.format(k=settings['k'])}. {text}"
    if judged.in_sweep:
        return (
            "a comparison with the other runs of its sweep, whose description says which one to "
            "take and whether there are groups at all."
        )
    return "sorting these accounts. Whether they are separate groups was not examined."
