import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    StandardScaler,
)
from threadpoolctl import threadpool_limits

from examples import SCALERS
from published import FIGURES, NAMES, OUTLIER_COLUMNS, needs_published, published_profiles
from tiktok_segments.accounts.filters import drop_outliers
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.features import TRUSTED_TYPES
from tiktok_segments.clustering.pipeline import (
    build_pipeline,
    cluster_order,
    fit_pipeline,
    naming_pipeline,
    order_clusters,
    raw_columns,
)
from tiktok_segments.errors import InputError

CORE = {
    "followers": "log_count",
    "following": "log_count",
    "videos": "log_count",
    "engagement_rate": "log_rate",
}
LETTERS = ["Echo", "Delta", "Charlie", "Bravo", "Alpha"]


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Keep k-means to one thread: on few rows, threads cost more than they give."""
    with threadpool_limits(1):
        yield


def core_pipeline(k: int = 5, seed: int = 0, n_init: int = 3) -> Pipeline:
    return build_pipeline(CORE, StandardScaler(), k=k, n_init=n_init, seed=seed)


def line_pipeline(k: int) -> Pipeline:
    """Return a pipeline that clusters followers as they are, so that results can be read off."""
    return build_pipeline({"followers": "raw"}, FunctionTransformer(), k=k, n_init=10, seed=0)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_planted_segments_are_found_again(seed: int) -> None:
    profiles, planted = make_profiles(1000, seed=seed)
    _, labels = fit_pipeline(core_pipeline(seed=seed, n_init=10), profiles)
    assert adjusted_rand_score(planted, labels) >= 0.9


def test_clusters_are_numbered_by_their_members_median_followers() -> None:
    profiles, _ = make_profiles(200, seed=0)
    _, labels = fit_pipeline(core_pipeline(), profiles)
    assert profiles["followers"].groupby(labels).median().is_monotonic_increasing


def test_clusters_keep_their_numbers_under_another_seed() -> None:
    profiles, _ = make_profiles(200, seed=0)
    _, labels = fit_pipeline(core_pipeline(seed=0), profiles)
    unordered = []
    for seed in (1, 2):
        pipeline = core_pipeline(seed=seed)
        assert fit_pipeline(pipeline, profiles)[1].tolist() == labels.tolist()
        unordered.append(KMeans(5, n_init=3, random_state=seed).fit_predict(_features(profiles)))
    # Plain k-means numbers them otherwise, or this test would show nothing.
    assert any(other.tolist() != labels.tolist() for other in unordered)


def _features(profiles: pd.DataFrame) -> np.ndarray:
    return np.asarray(core_pipeline()[:-1].fit_transform(profiles))


def test_without_followers_clusters_are_numbered_by_the_first_feature() -> None:
    frame = pd.DataFrame({"videos": [900, 5, 910, 6], "likes": [1, 2, 3, 4]})
    pipeline = build_pipeline({"videos": "raw"}, StandardScaler(), k=2, n_init=5, seed=0)
    assert fit_pipeline(pipeline, frame)[1].tolist() == [1, 0, 1, 0]


def test_followers_number_the_clusters_even_where_they_are_no_feature() -> None:
    frame = pd.DataFrame({"videos": [1, 2, 900, 901], "followers": [70, 80, 5, 6]})
    pipeline = build_pipeline({"videos": "raw"}, StandardScaler(), k=2, n_init=5, seed=0)
    assert fit_pipeline(pipeline, frame)[1].tolist() == [1, 1, 0, 0]


def test_equal_medians_are_ordered_by_size() -> None:
    kmeans = KMeans(2, n_init=1, random_state=0).fit(np.array([[0.0], [0.1], [0.2], [9.0]]))
    before = kmeans.labels_.tolist()
    ordered = order_clusters(kmeans, cluster_order(np.array([4, 5, 6, 5]), kmeans.labels_))
    assert ordered.labels_.tolist() == [1, 1, 1, 0]
    assert ordered.cluster_centers_[:, 0] == pytest.approx([9.0, 0.1])
    assert kmeans.labels_.tolist() == before


def test_centres_labels_and_predictions_agree_after_the_renumbering() -> None:
    profiles, _ = make_profiles(200, seed=0)
    pipeline = core_pipeline()
    X, labels = fit_pipeline(pipeline, profiles)
    assert X.shape == (200, 4)
    assert pipeline.predict(profiles).tolist() == labels.tolist()
    for cluster, centre in enumerate(pipeline[-1].cluster_centers_):
        assert X[labels == cluster].mean(axis=0) == pytest.approx(centre)


def test_the_features_returned_are_those_that_k_means_saw() -> None:
    frame = pd.DataFrame({"followers": [0, 10, 20, 30], "videos": [1, 2, 3, 4]})
    pipeline = build_pipeline({"followers": "raw"}, MinMaxScaler(), k=2, n_init=1, seed=0)
    X, _ = fit_pipeline(pipeline, frame)
    assert X[:, 0] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert raw_columns(pipeline) == ["followers"]


def test_the_raw_columns_come_in_the_order_of_the_feature_set() -> None:
    assert raw_columns(core_pipeline()) == ["followers", "following", "videos", "engagement_rate"]


def test_the_frame_given_is_not_changed() -> None:
    profiles, _ = make_profiles(50, seed=0)
    before = profiles.copy(deep=True)
    pipeline = core_pipeline()
    fit_pipeline(pipeline, profiles)
    naming_pipeline(pipeline, LETTERS).predict(profiles)
    assert_frame_equal(profiles, before)


def test_missing_columns_are_named_with_those_there_are() -> None:
    frame = pd.DataFrame({"followers": [1, 2, 3], "videos": [1, 2, 3]})
    with pytest.raises(InputError, match=r"needs following, engagement_rate,[\s\S]*followers, vid"):
        fit_pipeline(core_pipeline(k=2), frame)


@pytest.mark.parametrize("k", [4, 5])
def test_as_many_clusters_as_accounts_are_refused(k: int) -> None:
    with pytest.raises(InputError, match=f"k is {k}; with 4 accounts it must be from 2 to 3"):
        fit_pipeline(line_pipeline(k), pd.DataFrame({"followers": [1, 2, 3, 4]}))


def test_one_cluster_less_than_accounts_is_taken() -> None:
    _, labels = fit_pipeline(line_pipeline(3), pd.DataFrame({"followers": [1, 2, 30, 400]}))
    assert labels.tolist() == [0, 0, 1, 2]


def test_more_clusters_than_different_accounts_are_refused() -> None:
    with pytest.raises(InputError, match="k is 3; on these features there are only 2 different"):
        fit_pipeline(line_pipeline(3), pd.DataFrame({"followers": [1, 1, 1, 9, 9]}))


def test_as_many_clusters_as_different_accounts_are_taken() -> None:
    _, labels = fit_pipeline(line_pipeline(2), pd.DataFrame({"followers": [1, 1, 1, 9, 9]}))
    assert labels.tolist() == [0, 0, 0, 1, 1]


def test_an_empty_feature_set_is_refused() -> None:
    with pytest.raises(InputError, match="at least one column"):
        build_pipeline({}, StandardScaler(), k=2, n_init=1, seed=0)


def test_the_named_model_gives_the_sample_the_segments_of_k_means() -> None:
    profiles, _ = make_profiles(1000, seed=0)
    pipeline = core_pipeline()
    _, labels = fit_pipeline(pipeline, profiles)
    answers = naming_pipeline(pipeline, LETTERS).predict(profiles)
    # The names run against the alphabet, and the classes of the classifier with it.
    assert answers.tolist() == [LETTERS[label] for label in labels]


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(2, 6),
    names=st.permutations(["F", "A", "E", "B", "D", "C"]),
)
def test_the_named_model_gives_any_data_the_segments_of_k_means(
    seed: int, k: int, names: list[str]
) -> None:
    rng = np.random.default_rng(seed)
    frame, unseen = (
        pd.DataFrame({name: rng.lognormal(6, 3, size=40) for name in CORE}) for _ in range(2)
    )
    pipeline = core_pipeline(k=k, n_init=1)
    fit_pipeline(pipeline, frame)
    named = naming_pipeline(pipeline, names[:k])
    for rows in (frame, unseen):
        assert named.predict(rows).tolist() == [names[c] for c in pipeline.predict(rows)]


def test_an_account_halfway_between_two_centres_gets_the_segment_of_k_means() -> None:
    pipeline = line_pipeline(2)
    fit_pipeline(pipeline, pd.DataFrame({"followers": [0.0, 2.0, 10.0, 12.0]}))
    halfway = pd.DataFrame({"followers": [6.0]})
    for names in (["A", "B"], ["B", "A"]):
        answer = naming_pipeline(pipeline, names).predict(halfway)
        assert answer.tolist() == [names[pipeline.predict(halfway)[0]]]


def test_naming_leaves_the_clustering_pipeline_as_it_was() -> None:
    profiles, _ = make_profiles(60, seed=0)
    pipeline = core_pipeline()
    _, labels = fit_pipeline(pipeline, profiles)
    naming_pipeline(pipeline, LETTERS)
    assert list(pipeline.named_steps) == ["features", "scaler", "kmeans"]
    assert pipeline.predict(profiles).tolist() == labels.tolist()


@pytest.mark.parametrize(
    "scaler",
    SCALERS,
    ids=lambda scaler: type(scaler).__name__,
)
def test_both_models_survive_skops_with_every_scaler(scaler: StandardScaler) -> None:
    profiles, _ = make_profiles(200, seed=0)
    columns = CORE | {"comment_rate": "log_comment_rate", "is_verified": "raw"}
    pipeline = build_pipeline(columns, scaler, k=5, n_init=1, seed=0)
    fit_pipeline(pipeline, profiles)
    for model in (pipeline, naming_pipeline(pipeline, LETTERS)):
        data = skops.io.dumps(model)
        assert skops.io.get_untrusted_types(data=data) == TRUSTED_TYPES == ["numpy.clip"]
        loaded = skops.io.loads(data, trusted=["numpy.clip"])
        assert loaded.predict(profiles).tolist() == model.predict(profiles).tolist()


@pytest.mark.parametrize("dtype", ["int64", "Int64", "int32", "float64", "Float64"])
def test_counts_of_any_type_get_the_same_segment(dtype: str) -> None:
    profiles, _ = make_profiles(200, seed=0)
    pipeline = core_pipeline()
    _, labels = fit_pipeline(pipeline, profiles)
    counts = ["followers", "following", "videos"]
    rows = profiles.astype(dict.fromkeys(counts, dtype))
    assert pipeline.predict(rows).tolist() == labels.tolist()
    answers = naming_pipeline(pipeline, LETTERS).predict(rows)
    assert answers.tolist() == [LETTERS[label] for label in labels]


@pytest.mark.parametrize("dtype", ["bool", "boolean", "int64", "Int64", "float64"])
def test_flags_of_any_type_get_the_same_segment(dtype: str) -> None:
    profiles, _ = make_profiles(200, seed=0)
    columns = {"is_verified": "raw", "engagement_rate": "log_rate"}
    pipeline = build_pipeline(columns, StandardScaler(), k=3, n_init=5, seed=0)
    _, labels = fit_pipeline(pipeline, profiles)
    assert pipeline.predict(profiles.astype({"is_verified": dtype})).tolist() == labels.tolist()


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "Float64"])
def test_rates_that_happen_to_be_whole_numbers_get_the_same_segment(dtype: str) -> None:
    profiles, _ = make_profiles(200, seed=0)
    pipeline = core_pipeline()
    fit_pipeline(pipeline, profiles)
    rows = profiles.head(4).assign(engagement_rate=[0.0, 1.0, 2.0, 63.0])
    expected = pipeline.predict(rows).tolist()
    assert pipeline.predict(rows.astype({"engagement_rate": dtype})).tolist() == expected


@needs_published
def test_the_published_recipe_gives_the_published_figures() -> None:
    published = json.loads(FIGURES.read_text(encoding="utf-8"))
    frame = drop_outliers(published_profiles(), OUTLIER_COLUMNS, factor=1.5)
    pipeline = build_pipeline(dict.fromkeys(NAMES, "raw"), StandardScaler(), k=5, n_init=1, seed=42)
    X, labels = fit_pipeline(pipeline, frame)
    assert X.shape == (683, 8)
    assert sorted(np.bincount(labels), reverse=True) == [428, 170, 67, 16, 2]
    assert pipeline[-1].inertia_ == pytest.approx(published["inertia"], rel=1e-6)
    assert silhouette_score(X, labels) == pytest.approx(published["silhouette"], rel=1e-6)
    by_size = {segment["accounts"]: segment for segment in published["segments"]}
    means = frame.groupby(labels)[list(NAMES)].mean()
    for cluster, size in enumerate(np.bincount(labels)):
        for ours, theirs in NAMES.items():
            printed = by_size[size][theirs]
            # Means are printed to seven significant digits, and to six decimals at the most.
            tolerance = max(0.5e-6, abs(printed) * 0.5e-6)
            assert means.loc[cluster, ours] == pytest.approx(printed, abs=tolerance), (size, ours)
