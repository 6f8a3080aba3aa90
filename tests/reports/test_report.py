import base64
import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from examples import HOSTILE, make_accounts, make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.page.cards import build_cards, choose_examples
from tiktok_segments.validation.run_verdict import VERDICTS as RUN_VERDICTS
from tiktok_segments.validation.structure_rule import VERDICTS
from tiktok_segments.wording import percent, write_value


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    return file.getvalue()


def test_cards_agree_with_the_table_and_the_table_with_a_plain_group_by() -> None:
    segmentation = make_segmentation()
    members = segmentation.dataset.frame.groupby(segmentation.labels)
    cards = build_cards(segmentation, {})
    assert len(cards) == len(segmentation.segments)
    for card in cards:
        cluster = card["cluster"]
        row = segmentation.segments.iloc[cluster]
        own = members.get_group(cluster)
        assert (card["name"], card["accounts"]) == (row["segment"], len(own))
        assert row["accounts"] == len(own)
        shown = {measure["label"]: measure["median"] for measure in card["measures"]}
        for column, label in (("followers", "followers"), ("engagement_rate", "engagement")):
            assert row[f"{column}_median"] == own[column].median()
            assert row[f"{column}_mean"] == pytest.approx(own[column].mean(), rel=1e-12)
            assert shown[label] == write_value(column, own[column].median())
        assert card["share"] == percent(len(own) / len(segmentation.dataset.frame))


def test_cards_come_largest_first_with_their_examples() -> None:
    cards = build_cards(make_segmentation(), {0: 0.9})
    assert [card["accounts"] for card in cards] == sorted(
        (card["accounts"] for card in cards), reverse=True
    )
    for card in cards:
        assert len(card["typical"]) == 5
        assert len(card["border"]) == min(card["accounts"] - 5, 3)
        stable = card["stability"]
        assert stable.startswith("very stable" if card["cluster"] == 0 else "not examined")


def test_typical_accounts_are_nearest_and_border_cases_stay_least_often() -> None:
    membership = pd.DataFrame(
        {
            "distance": [5.0, 1, 2, 3, 4, 6, 7, 8, 0],
            "confidence": [0.1, 0.9, 0.8, 0.7, 0.6, 0.2, 0.05, 0.3, 1],
            "stability": [0.9, 1.0, 1.0, 1.0, 1.0, 0.6, 0.6, 0.2, 1.0],
        }
    )
    labels = pd.Series([0] * 8 + [1]).to_numpy()
    marked = np.zeros(9, dtype=bool)
    typical, border = choose_examples(membership, labels, marked, 0)
    assert typical.tolist() == [1, 2, 3, 4, 0]
    assert border.tolist() == [7, 6, 5]
    marked[[1, 2]] = True
    typical, _ = choose_examples(membership, labels, marked, 0)
    assert typical.tolist() == [3, 4, 0, 5, 6]


def test_a_run_without_an_examination_of_structure_says_so() -> None:
    text = render_report(make_segmentation(), make_lineage())
    assert VERDICTS["untested"][0] in text
    assert "belongs to no sweep" in text
    assert text.count("not examined in this run") >= 4  # the verdict, and each segment


def test_a_run_of_no_sweep_is_judged_by_its_own_segments_alone() -> None:
    for verdict, (heading, words) in RUN_VERDICTS.items():
        text = render_report(
            make_segmentation(), make_lineage(tags={"segmentation.verdict": verdict})
        )
        assert heading.format(k=3) in text and words in text
        assert not any(heading in text for heading, _ in VERDICTS.values())
        assert "Structure was not examined" not in text


def test_verdict_reason_stability_and_figures_are_shown_where_they_are() -> None:
    lineage = make_lineage(
        sweep_id="5" * 32,
        sweep_tags={
            "segmentation.verdict": "continuum",
            "segmentation.reason": "k = 3 <b>because</b>",
            "segmentation.best_run_id": "0" * 32,
        },
        metrics={"jaccard.0": 0.9, "jaccard.1": 0.76, "jaccard.2": 0.4, "certainty": 0.6},
        figures={"elbow": picture(), "structure": picture(), "silhouette": picture()},
        versions=("7",),
    )
    text = render_report(make_segmentation(), lineage)
    assert VERDICTS["continuum"][0] in text
    assert text.count("k = 3 &lt;b&gt;because&lt;/b&gt;") == 1
    assert "very stable: in redrawn data 90\u00a0% of it comes back" in text
    assert "not to be relied on: in redrawn data 40\u00a0%" in text
    assert text.count(base64.b64encode(picture()).decode()) == 3
    assert text.index("Structure: silhouettes") < text.index("Elbow: inertia")
    assert "gave the same answer in 12 of 20 tries. That is a close call" in text
    assert "version 7" in text
    assert "not examined" not in text


def test_another_run_of_a_sweep_is_not_given_the_best_ones_reason() -> None:
    tags = {"segmentation.reason": "k = 2 is best.", "segmentation.best_run_id": "9" * 32}
    lineage = make_lineage(sweep_id="5" * 32, sweep_tags=tags)
    text = render_report(make_segmentation(), lineage)
    assert text.count("k = 2 is best.") == 1
    assert f"That is about run {'9' * 32}" in text


def test_the_page_asks_for_nothing_and_hostile_texts_are_escaped() -> None:
    text = render_report(make_segmentation(), make_lineage())
    outside = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"<(?:link|iframe|object|embed|img)\b", outside)
    assert not re.search(r"\b(?:src|href)=[\"'](?!#|https://www\.tiktok\.com/@)", outside)
    for hostile in (HOSTILE[0], HOSTILE[1], HOSTILE[4], HOSTILE[5]):
        assert hostile not in outside


def test_synthetic_accounts_are_called_so_and_have_no_links() -> None:
    text = render_report(make_segmentation(synthetic=True), make_lineage())
    assert "These accounts are synthetic." in text
    assert 'href="https://www.tiktok.com' not in text


def test_data_without_engagement_has_a_report_without_a_map() -> None:
    missing = ["engagement_rate", "like_rate", "comment_rate", "is_verified", "url"]
    text = render_report(make_segmentation(make_accounts().drop(columns=missing)), make_lineage())
    assert 'id="map-drawing"' not in text
    assert 'id="engagement-from"' not in text
    assert 'id="verified"' not in text
    assert text.count('class="card ') == 3
