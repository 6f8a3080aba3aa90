import numpy as np
import pandas as pd

from examples import make_named_model
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.monitoring.account_sums import AccountSums, sum_accounts
from tiktok_segments.registry.baseline import out_of_range

FOLLOWERS = pd.DataFrame({"followers": [1, 2, 3, 800, 900]})


def test_segments_bins_sums_and_accounts_out_of_range() -> None:
    model = make_named_model(FOLLOWERS, k=2)
    assert model.baseline["columns"]["followers"]["edges"] == [1.0, 2.0, 3.0, 800.0]
    later = pd.DataFrame({"followers": [1, 3, 900, 5000]})
    sums = sum_accounts(model, Accounts.of(later))
    assert sums.accounts == 4
    assert sums.segment_counts.tolist() == [2, 2]
    assert sums.bin_counts["followers"].tolist() == [1, 0, 1, 0, 2]
    assert sums.out_of_range == 1
    X = model.scale(later)[:, 0]
    np.testing.assert_allclose(sums.feature_sums[:, 0], [X[0] + X[1], X[2] + X[3]])


def test_batches_add_up_to_the_whole() -> None:
    model = make_named_model(FOLLOWERS, k=2)
    later = pd.DataFrame({"followers": [1, 3, 900, 5000, 2, 7]})
    positions, X = model.assign(later), model.scale(later)
    whole = sum_accounts(model, Accounts.of(later))
    parts = AccountSums.empty(model)
    for rows in (slice(0, 4), slice(4, 4), slice(4, 6)):
        columns = {"followers": later["followers"].to_numpy()[rows]}
        parts.add(columns, X[rows], positions[rows], out_of_range(model.baseline, columns))
    assert parts.accounts == whole.accounts == 6
    assert parts.out_of_range == whole.out_of_range == 1
    np.testing.assert_array_equal(parts.segment_counts, whole.segment_counts)
    np.testing.assert_array_equal(parts.bin_counts["followers"], whole.bin_counts["followers"])
    np.testing.assert_allclose(parts.feature_sums, whole.feature_sums)


def test_what_the_model_was_fitted_on_is_its_own_baseline() -> None:
    model = make_named_model(FOLLOWERS, k=2)
    sums = sum_accounts(model, Accounts.of(FOLLOWERS))
    assert sums.out_of_range == 0
    shares = sums.segment_counts / sums.accounts
    assert shares.tolist() == model.baseline["segment_shares"]
    means = sums.feature_sums / sums.segment_counts[:, None]
    np.testing.assert_allclose(means, model.baseline["segment_means"])
    np.testing.assert_allclose(means, model.centres)
