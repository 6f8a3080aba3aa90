"""The trend of a report: a line for each segment, whatever became of it."""

from typing import Any

from examples import make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.page.trend import HEIGHT, MARGIN, OUTCOMES, WIDTH, build_trend
from tiktok_segments.weekly.outcome import EXIT_STATUS


def week(started: str, shares: dict[str, float], outcome: str = "kept") -> dict[str, Any]:
    segments = [
        {"segment": f"The {name}", "segment_id": name, "share": share, "followers_median": 1000.0}
        for name, share in shares.items()
    ]
    return {"started": started, "outcome": outcome, "reason": "<b>why</b>", "segments": segments}


def test_a_line_begins_where_its_segment_does_and_unused_weeks_are_listed() -> None:
    segmentation = make_segmentation()
    first, *others = [identity.segment_id for identity in segmentation.identities]
    weeks = [
        week("2026-05-04T06:00:00+00:00", {first: 0.5, "gone": 0.25}),
        week("2026-05-11T06:00:00+00:00", {}, "held"),
        week("2026-05-18T06:00:00+00:00", {first: 0.25, others[0]: 0.1}, "replaced"),
        week("2026-05-18T06:00:00+00:00", {first: 0.0, others[0]: 0.5}),
    ]
    trend = build_trend(weeks, segmentation)
    assert trend is not None
    assert [line["weeks"] for line in trend["lines"]] == [3, 2]
    top, middle, ground = MARGIN, HEIGHT / 2, HEIGHT - MARGIN
    assert trend["lines"][0]["path"].split() == [
        f"{MARGIN:.1f},{top:.1f}", f"{WIDTH - MARGIN:.1f},{middle:.1f}",
        f"{WIDTH - MARGIN:.1f},{ground:.1f}",
    ]  # fmt: skip
    page = render_report(segmentation, make_lineage(), weeks=weeks)
    assert page.count("<polyline") == 2
    assert "2026-05-11, held: &lt;b&gt;why&lt;/b&gt;" in page
    assert (
        "Segments that ended: The gone (last on 2026-05-04 with 25\u00a0% of the accounts)." in page
    )
    assert "The model was replaced on 2026-05-18." in page


def test_one_week_has_no_trend() -> None:
    segmentation = make_segmentation()
    weeks = [week("2026-05-04T06:00:00+00:00", {segmentation.identities[0].segment_id: 0.5})]
    assert build_trend(weeks, segmentation) is None
    assert "How the segments went" not in render_report(segmentation, make_lineage(), weeks=weeks)


def test_every_outcome_of_a_week_is_a_sentence_of_the_catalogues() -> None:
    assert set(OUTCOMES) == set(EXIT_STATUS)
