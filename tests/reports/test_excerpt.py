import numpy as np
import pandas as pd

from tiktok_segments.reports.excerpt import choose_accounts


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
