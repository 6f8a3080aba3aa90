"""A clustering that starts from a sample and passes over all accounts, beside scikit-learn's."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from sklearn.base import TransformerMixin
from sklearn.cluster import KMeans
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.large.account_pass import AccountPass
from tiktok_segments.accounts.outcome import KEY
from tiktok_segments.accounts.row_sample import Accounts, account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.engines import fit, scale_accounts
from tiktok_segments.clustering.fitted import digest_labels, sum_clusters
from tiktok_segments.errors import InputError

COLUMNS = {"followers": "log_count", "videos": "log_count", "engagement_rate": "log_rate"}
PROFILES = make_profiles(3000, seed=5)[0]


@pytest.fixture(autouse=True)
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_sample, "FIT_ROWS", 500)
    monkeypatch.setattr(row_sample, "BLOCK_ROWS", 700)


def accounts_of(frame: pd.DataFrame = PROFILES) -> Accounts:
    return Accounts.of(frame)


def test_the_accounts_drawn_do_not_depend_on_the_order_of_the_rows() -> None:
    drawn = accounts_of().drawn
    shuffled = accounts_of(PROFILES.sample(frac=1, random_state=1)).drawn
    assert len(drawn.frame) == 500
    assert drawn.keys.tolist() == shuffled.keys.tolist()
    pd.testing.assert_frame_equal(drawn.frame, shuffled.frame)


def test_up_to_as_many_accounts_as_a_clustering_starts_from_all_are_drawn() -> None:
    accounts = accounts_of(PROFILES.head(500))
    assert accounts.drawn is accounts


@pytest.mark.parametrize("scaler", [StandardScaler, MinMaxScaler])
def test_scalers_of_moments_learn_from_all_accounts(scaler: Callable[[], TransformerMixin]) -> None:
    accounts = accounts_of()
    features = scale_accounts(COLUMNS, scaler(), accounts).steps[0][1].transform(accounts.frame)
    learned = scale_accounts(COLUMNS, scaler(), accounts).steps[1][1]
    expected = scaler().fit_transform(features)
    np.testing.assert_allclose(learned.transform(features), expected, rtol=1e-9, atol=1e-12)


def test_scalers_of_quantiles_learn_from_the_sample() -> None:
    accounts = accounts_of()
    steps = scale_accounts(COLUMNS, RobustScaler(), accounts).steps
    drawn = steps[0][1].transform(accounts.drawn.frame)
    np.testing.assert_allclose(steps[1][1].center_, np.median(drawn, axis=0))


def test_centres_are_those_of_scikit_learn_from_the_same_start() -> None:
    accounts = accounts_of()
    space = scale_accounts(COLUMNS, StandardScaler(), accounts)
    fitted = fit(space, accounts, k=5, n_init=3, seed=0)
    X = fitted.pipeline[:-1].transform(accounts.frame)
    start = KMeans(5, n_init=3, random_state=0).fit(space.X)
    start = KMeans(5, init=start.cluster_centers_, n_init=1, tol=1e-8).fit(space.X)
    steps = len(fitted.inertias)
    by_all = KMeans(5, init=start.cluster_centers_, n_init=1, max_iter=steps, tol=0).fit(X)
    ours, theirs = fitted.pipeline[-1].cluster_centers_, by_all.cluster_centers_
    nearest = np.linalg.norm(ours[:, None] - theirs, axis=2).argmin(axis=1)
    np.testing.assert_allclose(ours, theirs[nearest], rtol=1e-6)
    assert list(fitted.inertias) == sorted(fitted.inertias, reverse=True)
    assert fitted.start_rows == 500


def test_no_start_stays_in_an_optimum_that_is_far_from_the_best() -> None:
    rng = np.random.default_rng(0)
    points = 8 * rng.normal(size=(16, 2))[rng.integers(0, 16, 3000)] + rng.normal(size=(3000, 2))
    names = ["followers", "videos"]
    accounts = accounts_of(pd.DataFrame(10 ** (points / 8 + 5), columns=names))
    space = scale_accounts(dict.fromkeys(names, "log_count"), StandardScaler(), accounts)
    at_random = [KMeans(16, n_init=1, random_state=n).fit(space.X).inertia_ for n in range(5)]
    assert max(at_random) > 1.05 * min(at_random)
    fitted = [fit(space, accounts, k=16, n_init=1, seed=seed) for seed in range(5)]
    found = [one.clusters.scatter.sum() for one in fitted]
    assert max(found) < 1.005 * min(found)


def test_sums_labels_and_their_digest_are_those_of_all_accounts() -> None:
    accounts = accounts_of()
    space = scale_accounts(COLUMNS, StandardScaler(), accounts)
    fitted = fit(space, accounts, k=5, n_init=1, seed=0)
    X = fitted.pipeline[:-1].transform(accounts.frame)
    labels = fitted.pipeline.predict(accounts.frame)
    assert fitted.labels is not None and fitted.labels.tolist() == labels.tolist()
    assert fitted.labels_sha256 == digest_labels(labels)
    expected = sum_clusters(X, labels)
    for name in ("counts", "sums", "scatter", "distances"):
        np.testing.assert_allclose(
            getattr(fitted.clusters, name), getattr(expected, name), rtol=1e-9
        )
    medians = fitted.sample.frame.groupby(fitted.sample.labels)["followers"].median()
    assert medians.is_monotonic_increasing


@pytest.mark.parametrize("size", [61, 2999])
def test_another_order_and_another_size_of_blocks_give_the_same_centres(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def centres(accounts: Accounts) -> np.ndarray:
        space = scale_accounts(COLUMNS, StandardScaler(), accounts)
        fitted = fit(space, accounts, k=4, n_init=2, seed=3)
        return np.asarray(fitted.pipeline[-1].cluster_centers_)

    first = centres(accounts_of())
    monkeypatch.setattr(row_sample, "BLOCK_ROWS", size)
    again = centres(accounts_of(PROFILES.sample(frac=1, random_state=2)))
    np.testing.assert_allclose(first, again, rtol=1e-9)


def test_progress_tells_of_all_accounts() -> None:
    told: list[tuple[str, int, int]] = []
    accounts = accounts_of()
    space = scale_accounts(COLUMNS, StandardScaler(), accounts, lambda *step: told.append(step))
    fit(space, accounts, k=3, n_init=1, seed=0, progress=lambda *step: told.append(step))
    assert {step for step, _, _ in told} == {
        "means and spreads", "starting from 500 accounts", "moving the centres", "adding up",
    }  # fmt: skip
    assert max(done for _, done, _ in told) == 3000 and {total for *_, total in told} == {3000}


@dataclass(frozen=True)
class InParts:
    """All accounts in several places, each with a copy of a pass."""

    frame: pd.DataFrame
    parts: int
    has_order: bool = False

    @property
    def rows(self) -> int:
        return len(self.frame)

    def blocks(self, columns: Sequence[str], size: int) -> Iterator[pd.DataFrame]:
        yield self.frame[list(columns)]

    def go_through(self, through: AccountPass, size: int, tell: Callable[[int], None]) -> None:
        nothing = deepcopy(through)
        nobody = np.empty(0, dtype=int)  # as in a partition whose rows were all rejected
        for rows in (nobody, *np.array_split(np.arange(self.rows), self.parts), nobody):
            own = deepcopy(nothing)
            for start in range(0, len(rows), 300):
                part = self.frame.iloc[rows[start : start + 300]][list(through.columns)]
                own.add(own.prepare(part))
            through.join(own.found())


@pytest.mark.parametrize("scaler", [StandardScaler, MinMaxScaler])
def test_accounts_in_many_places_give_the_clusters_of_all_in_one(
    scaler: Callable[[], TransformerMixin],
) -> None:
    keyed = PROFILES.assign(**{KEY: account_keys(PROFILES)})
    shuffled = keyed.sample(frac=1, random_state=1)
    whole = accounts_of()
    found = []
    for rows in (InParts(keyed, 1), InParts(keyed, 60), InParts(shuffled, 7)):
        drawn = whole.drawn
        accounts = Accounts(drawn.frame, False, drawn.keys, rows)
        space = scale_accounts(COLUMNS, scaler(), accounts)
        found.append(fit(space, accounts, k=4, n_init=1, seed=0))
    space = scale_accounts(COLUMNS, scaler(), whole)
    expected = fit(space, whole, k=4, n_init=1, seed=0)
    for fitted in found:
        assert fitted.labels is None and fitted.labels_sha256 == found[0].labels_sha256
        assert fitted.clusters.counts.tolist() == expected.clusters.counts.tolist()
        for name in ("sums", "scatter", "distances"):
            ours, theirs = getattr(fitted.clusters, name), getattr(expected.clusters, name)
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)
        for step, other in zip(fitted.pipeline, expected.pipeline, strict=True):
            ours, theirs = ({n: type(v) for n, v in vars(one).items()} for one in (step, other))
            assert ours == theirs
    assert found[0].labels_sha256 != fit(space, whole, k=5, n_init=1, seed=0).labels_sha256


def test_a_scaler_whose_parts_cannot_be_joined_is_refused_with_those_that_can() -> None:
    class Own(StandardScaler):  # type: ignore[misc]
        pass

    drawn = accounts_of().drawn
    accounts = Accounts(drawn.frame, False, drawn.keys, InParts(PROFILES, 2))
    with pytest.raises(InputError, match="what Own learns of parts"):
        scale_accounts(COLUMNS, Own(), accounts)
