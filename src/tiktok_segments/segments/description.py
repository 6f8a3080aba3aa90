"""Named segments in Markdown, as MLflow's pages show them of a run and of a model's version."""

from typing import Any

from tiktok_segments.segments.advice import NOTHING_AGAINST, advise, segment_facts
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.wording import markdown_table, markdown_text, percent, write_value

MEASURES = ("followers", "following", "videos", "engagement_rate")
"""Columns whose medians are shown, as far as the accounts have them."""

REASONS = 3
"""So many reasons for and against a segment at the most."""


def describe_segmentation(segmentation: Segmentation, heading: str, text: str, page: str) -> str:
    """Describe a profiled run for who opens it.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of the run.
    heading, text : str
        What the verdict means.
    page : str
        Address of its report.

    Returns
    -------
    str
        Markdown: verdict, table of the segments, and what each is fit for.
    """
    dataset = segmentation.dataset
    kind = "synthetic accounts" if dataset.synthetic else "accounts"
    return "\n".join(
        [
            f"### {len(segmentation.names)} segments of {dataset.n_accounts:,} {kind}",
            "",
            f"**{markdown_text(heading)}.** {markdown_text(text)}",
            "",
            tabulate_segments(segmentation),
            "",
            describe_fitness(segmentation),
            "",
            f"**[Open the report]({page})**",
        ]
    )


def tabulate_segments(segmentation: Segmentation) -> str:
    """Return the segments with their sizes and medians as a table in Markdown."""
    rows = segmentation.segments
    shown = [name for name in MEASURES if f"{name}_median" in rows]
    return markdown_table(
        ["segment", "accounts", "share", *(f"median {name.replace('_', ' ')}" for name in shown)],
        [
            [row["segment"], f"{row['accounts']:,}", percent(row["share"])]
            + [write_value(name, row[f"{name}_median"]) for name in shown]
            for row in rows.to_dict("records")
        ],
    )


def collect_facts(segmentation: Segmentation) -> dict[int, dict[str, float]]:
    """Collect what the advice speaks of, by cluster.

    Sizes are of all accounts, everything else is of those that are in memory.
    """
    facts = segment_facts(segmentation.dataset.frame, segmentation.labels, segmentation.accounts)
    facts["accounts"] = segmentation.segments["accounts"].to_numpy()[facts.index]
    found: Any = facts.to_dict("index")
    return dict(found)


def describe_fitness(segmentation: Segmentation) -> str:
    """Return when to use each segment, and when to avoid it, as a list in Markdown."""
    facts = collect_facts(segmentation)
    lines = []
    for cluster, name in enumerate(segmentation.names):
        use, avoid = (
            "; ".join(markdown_text(reason) for reason in reasons[:REASONS])
            for reasons in advise(facts[cluster])
        )
        against = (
            "nothing looked at speaks against it"
            if avoid == NOTHING_AGAINST
            else (f"avoid it when {avoid}")
        )
        lines.append(f"- **{markdown_text(name.name)}**: use it when {use}; {against}.")
    return "\n".join(lines)
