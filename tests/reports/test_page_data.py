import json

import numpy as np
import pandas as pd

from examples import HOSTILE, make_accounts, make_segmentation
from tiktok_segments.reports.page.data import (
    LONGEST_TEXT,
    build_page_data,
    choose_accounts,
    script_json,
)

TIERS = ["Starter", "Nano", "Micro", "Mid-Tier", "Macro", "Mega"]


def test_no_text_can_end_the_script_element() -> None:
    text = script_json(HOSTILE)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == HOSTILE


def test_the_page_has_every_account_once_with_its_numbers() -> None:
    segmentation = make_segmentation()
    data = build_page_data(segmentation, TIERS)
    accounts = data["accounts"]
    assert accounts["followers"] == segmentation.dataset.frame["followers"].to_list()
    assert accounts["segment"] == segmentation.labels.tolist()
    assert [TIERS[place] for place in accounts["tier"]] == segmentation.accounts["tier"].to_list()
    assert data["points"] is None
    assert max(map(len, accounts["biography"])) == LONGEST_TEXT


def test_the_map_of_an_excerpt_is_a_random_sample_and_no_excerpt() -> None:
    frame = make_accounts(6_000)
    data = build_page_data(make_segmentation(frame), TIERS)
    assert data["total"] == 6_000
    assert len(data["accounts"]["segment"]) <= 5_000
    assert len(data["points"]["segment"]) == 3_000
    assert len(set(data["points"]["account_id"])) == 3_000


def test_each_segment_gives_its_most_typical_and_its_most_engaged() -> None:
    accounts = pd.DataFrame(
        {"cluster": [0, 0, 0, 0, 1, 1, 1, 1], "engagement_vs_size": [9, 1, 8, 1, 1, 7, 1, 1]}
    )
    distance = np.array([3.0, 1.0, 9.0, 2.0, 4.0, 5.0, 1.0, 9.0])
    assert choose_accounts(accounts, distance, limit=4).tolist() == [0, 1, 5, 6]


def test_nothing_is_left_out_at_the_limit() -> None:
    accounts = pd.DataFrame({"cluster": [0, 1, 1], "followers": [1, 2, 3]})
    assert choose_accounts(accounts, np.zeros(3), limit=3).tolist() == [0, 1, 2]


def test_without_engagement_the_largest_stand_for_it() -> None:
    accounts = pd.DataFrame({"cluster": [0, 0, 0], "followers": [1, 3, 2]})
    assert choose_accounts(accounts, np.array([0.1, 0.2, 0.3]), limit=2).tolist() == [0, 1]
