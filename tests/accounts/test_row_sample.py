"""A sample of rows that depends on which accounts there are, and on nothing else."""

import numpy as np
import pandas as pd

from tiktok_segments.accounts.row_sample import account_keys, sample_rows

IDS = pd.DataFrame({"account_id": [f"account_{number}" for number in range(1_000)]})
KEYS = account_keys(IDS)


def test_up_to_the_limit_every_row_is_taken() -> None:
    labels = np.repeat([0, 1], [7, 3])
    assert sample_rows(labels, KEYS[:10], seed=0, max_rows=10).tolist() == list(range(10))


def test_above_the_limit_each_cluster_gives_its_share_and_two_at_least() -> None:
    labels = np.repeat([0, 1, 2, 3], [600, 390, 9, 1])
    rows = sample_rows(labels, KEYS, seed=0, max_rows=100)
    # 60, 39, round(0.9) raised to two, and the only one there is.
    assert np.bincount(labels[rows]).tolist() == [60, 39, 2, 1]
    assert (np.diff(rows) > 0).all()


def test_another_seed_draws_another_sample() -> None:
    labels = np.repeat([0, 1], 500)
    first = sample_rows(labels, KEYS, seed=1, max_rows=50).tolist()
    assert sample_rows(labels, KEYS, seed=1, max_rows=50).tolist() == first
    assert sample_rows(labels, KEYS, seed=2, max_rows=50).tolist() != first


def test_the_order_of_the_accounts_does_not_change_who_is_drawn() -> None:
    labels = np.repeat([0, 1], 500)
    order = np.random.default_rng(0).permutation(1_000)
    shuffled = IDS.iloc[order]
    drawn = IDS.iloc[sample_rows(labels, KEYS, seed=0, max_rows=50)]
    rows = sample_rows(labels[order], account_keys(shuffled), seed=0, max_rows=50)
    assert set(shuffled.iloc[rows]["account_id"]) == set(drawn["account_id"])


def test_the_draw_is_as_good_as_one_at_random() -> None:
    rows = sample_rows(np.zeros(1_000, dtype=int), KEYS, seed=0, max_rows=500)
    # Of 500 out of 1,000 ranks the mean is 499.5 with a standard error of 9.1.
    assert abs(rows.mean() - 499.5) < 4 * 9.1


def test_without_ids_accounts_are_told_by_their_values() -> None:
    frame = pd.DataFrame({"followers": [1, 2, 1], "videos": [5, 5, 5]})
    first, second, third = account_keys(frame)
    assert first == third != second
