"""The trend of a report: each segment's share and followers over the weeks, as lines to draw."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from tiktok_segments.language import message
from tiktok_segments.segments.segmentation import Segmentation

WIDTH, HEIGHT, MARGIN = 240.0, 60.0, 5.0
"""Of a segment's drawing, in units of its own."""

OUTCOMES = (
    message("kept"),
    message("failed"),
    message("replaced"),
    message("refused"),
    message("held"),
)
"""What can become of a week's export: a page says whichever it was, so that all are marked here."""


def build_trend(
    weeks: Sequence[Mapping[str, Any]], segmentation: Segmentation
) -> dict[str, Any] | None:
    """Turn the weeks into a line for each segment of today.

    Parameters
    ----------
    weeks : sequence of mapping
        The oldest first: ``started`` (ISO 8601), ``outcome``, ``reason`` and ``segments``, each
        with ``segment``, ``segment_id``, ``share`` and ``followers_median``; no segments where a
        week's export was not used.
    segmentation : Segmentation
        Whose segments, by their ids.

    Returns
    -------
    dict or None
        ``first`` and ``last`` day, ``top``: the largest share, at the upper edge of every drawing,
        ``lines``, the segments that ``ended``, the days on which the model was ``replaced``, and
        the ``unused`` weeks; None where fewer than two weeks have segments.
    """
    used = [week for week in weeks if week["segments"]]
    if len(used) < 2:
        return None
    moments = [datetime.fromisoformat(week["started"]).timestamp() for week in used]
    known = [{row["segment_id"]: row for row in week["segments"]} for week in used]
    top = max(row["share"] for week in known for row in week.values())
    names = zip(segmentation.names, segmentation.identities, strict=True)
    lines = []
    for cluster, (name, identity) in enumerate(names):
        rows = [(moment, week[identity.segment_id])
                for moment, week in zip(moments, known, strict=True)
                if identity.segment_id in week]  # fmt: skip
        if not rows:
            continue
        places = [
            (_along(moment, moments[0], moments[-1]), _up(row["share"], top))
            for moment, row in rows
        ]
        lines.append(
            {
                "name": name.name,
                "cluster": cluster,
                "path": " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
                "end": places[-1],
                "weeks": len(rows),
                "share_then": rows[0][1]["share"],
                "share_now": rows[-1][1]["share"],
                "followers_then": rows[0][1]["followers_median"],
                "followers_now": rows[-1][1]["followers_median"],
            }
        )
    return {
        "first": used[0]["started"][:10],
        "last": used[-1]["started"][:10],
        "weeks": len(used),
        "top": top,
        "lines": lines,
        "ended": _ended(used, {identity.segment_id for identity in segmentation.identities}),
        "replaced": [week["started"][:10] for week in used[1:] if week["outcome"] == "replaced"],
        "unused": [week for week in weeks if not week["segments"]],
        "width": WIDTH,
        "height": HEIGHT,
        "ground": _up(0, top),
    }


def _ended(weeks: Sequence[Mapping[str, Any]], today: Set[str]) -> list[dict[str, Any]]:
    """Return the segments of earlier weeks that are none of today's, as they were last."""
    last = {
        row["segment_id"]: {"name": row["segment"], "share": row["share"], "day": week["started"]}
        for week in weeks
        for row in week["segments"]
    }
    return [row for segment_id, row in last.items() if segment_id not in today]


def _along(moment: float, first: float, last: float) -> float:
    """Return where a moment is drawn, from left to right."""
    return MARGIN + (WIDTH - 2 * MARGIN) * (moment - first) / max(last - first, 1)


def _up(share: float, top: float) -> float:
    """Return where a share is drawn, from the top downwards; 0 is at the bottom."""
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share / top
