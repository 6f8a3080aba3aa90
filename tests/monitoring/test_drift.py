from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf

from examples import CONF, make_named_model
from published import needs_published, published_profiles
from tiktok_segments.accounts.row_sample import Accounts
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums, sum_accounts
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.drift_log import segments_table
from tiktok_segments.monitoring.drift_words import say_reasons, say_verdict
from tiktok_segments.monitoring.thresholds import DriftThresholds, read_thresholds
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.tracking.named_model import NamedModel


def thresholds(**changes: Any) -> DriftThresholds:
    config = OmegaConf.load(CONF / "drift" / "standard.yaml")
    return read_thresholds(OmegaConf.merge(config, changes))


def test_the_defaults_are_those_of_the_configuration() -> None:
    assert DriftThresholds() == thresholds()


def drift_of(model: NamedModel, later: pd.DataFrame, **changes: Any) -> Drift:
    sums = sum_accounts(model, Accounts.of(later))
    return measure_drift(model, sums, thresholds(**changes))


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return make_profiles(1000, seed=0)[0]


@pytest.fixture(scope="module")
def model(sample: pd.DataFrame) -> NamedModel:
    return make_named_model(sample, k=5)


def test_the_accounts_of_the_model_themselves_have_not_drifted(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    drift = drift_of(model, sample)
    assert drift.verdict == "keep"
    assert say_reasons(drift) == [
        "No segment's share or average, no measure and no range has changed enough to matter."
    ]
    assert max(change.size for change in drift.changes) == pytest.approx(0, abs=1e-9)


def test_shares_shifted_by_20_points_want_retraining_and_name_the_segment(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    positions = model.assign(sample)
    large, small = np.argsort(np.bincount(positions))[[-1, 0]]
    gone = np.flatnonzero(positions == large)[:200]
    more = np.resize(np.flatnonzero(positions == small), 200)
    shifted = pd.concat([sample.drop(index=gone), sample.loc[more]], ignore_index=True)
    drift = drift_of(model, shifted)
    assert drift.verdict == "retrain"
    row = drift.segments().set_index("segment").loc[model.names[large]]
    assert row["points"] == pytest.approx(-20)
    assert row["level"] == "retrain"
    said = [reason for reason in say_reasons(drift) if f"“{model.names[large]}”" in reason]
    assert "20 points fewer than the" in said[0]
    assert "(retrain from 10 points)" in said[0]


@pytest.mark.parametrize("feature", ["followers", "following", "videos", "engagement_rate"])
def test_a_feature_scaled_by_3_wants_retraining_and_is_named(
    model: NamedModel, sample: pd.DataFrame, feature: str
) -> None:
    drift = drift_of(model, sample.assign(**{feature: 3 * sample[feature]}))
    assert drift.verdict == "retrain"
    indices = {change.subject: change for change in drift.of("psi")}
    assert indices[feature].level == "retrain"
    assert [name for name, change in indices.items() if change.size > 0] == [feature]
    said = f"The measure “{plain_name(feature)}” is mostly higher than before"
    assert any(reason.startswith(said) for reason in say_reasons(drift))


@pytest.mark.parametrize("n_accounts", [100, 300, 1000])
def test_fresh_draws_from_the_same_population_cry_wolf_nearly_never(
    model: NamedModel, n_accounts: int
) -> None:
    verdicts = [
        drift_of(model, make_profiles(n_accounts, seed=seed)[0]).verdict for seed in range(1, 61)
    ]
    assert verdicts.count("keep") >= 58


@needs_published
def test_held_back_published_accounts_cry_wolf_nearly_never() -> None:
    profiles = published_profiles()
    verdicts = []
    for seed in range(40):
        shuffled = profiles.sample(frac=1, random_state=seed).reset_index(drop=True)
        model = make_named_model(shuffled[:800], k=4)
        verdicts.append(drift_of(model, shuffled[800:]).verdict)
    assert verdicts.count("keep") >= 38


def test_a_change_that_is_chance_among_few_accounts_is_none_among_many(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    positions = model.assign(sample)
    gone = np.flatnonzero(positions == np.bincount(positions).argmax())[:60]
    later = pd.concat([sample.drop(index=gone), sample[positions == 0].head(60)])
    many = drift_of(model, later)
    assert many.verdict == "watch"
    assert "6 points more than the" in say_reasons(many)[0]
    few = drift_of(model, later.sample(100, random_state=0))
    assert few.verdict == "keep"
    assert "could hide a change of a share of up to" in say_reasons(few)[-1]
    assert say_verdict(few).startswith("No change can be told from chance among so few")
    assert say_verdict(drift_of(model, sample)) == "The accounts are as before: keep the model"


def test_chance_is_that_of_the_fewer_accounts_of_the_two(sample: pd.DataFrame) -> None:
    few = make_named_model(sample.head(40), k=3)
    said = " ".join(say_reasons(drift_of(few, sample)))
    assert "within what chance makes of 40 accounts" in said


def test_a_centre_that_moves_within_its_segment_is_seen() -> None:
    old = pd.DataFrame({"followers": [10, 10, 12, 12, 1000, 1000] * 50})
    model = make_named_model(old, k=2)
    later = old.replace({10: 30, 12: 36})
    drift = drift_of(model, later)
    assert [change.size for change in drift.of("share")] == [0, 0]
    # All on logarithms: from their mean to ln 3 higher, of the way to the other centre.
    small = (np.log1p(10) + np.log1p(12)) / 2
    way = ((np.log1p(30) + np.log1p(36)) / 2 - small) / (np.log1p(1000) - small)
    assert drift.of("centre")[0].size == pytest.approx(way)
    assert any("average has moved by" in reason for reason in say_reasons(drift))


def test_one_account_says_nothing_about_how_accounts_like_it_differ() -> None:
    old = pd.DataFrame({"followers": [*range(100, 200), *range(3000, 3100), 90_000]})
    model = make_named_model(old, k=3)
    later = old.replace({90_000: 60_000})
    drift = drift_of(model, later)
    moved = drift.of("centre")[-1]
    assert moved.values["scaled_units"] > 0 and moved.noise > 0
    assert moved.noise > 5 * max(change.noise for change in drift.of("centre")[:-1])
    # A hundred like it are another matter.
    many = pd.concat([old, old.tail(1).loc[[200] * 99]], ignore_index=True)
    moved = drift_of(make_named_model(many, k=3), many.replace({90_000: 30_000})).of("centre")[-1]
    assert moved.level == "retrain"


def test_an_empty_segment_has_no_centre_that_could_have_moved() -> None:
    old = pd.DataFrame({"followers": [10, 12, 1000] * 100})
    drift = drift_of(make_named_model(old, k=2), old[old["followers"] < 100])
    assert [change.subject for change in drift.of("centre")] == ["Segment A"]
    assert np.isnan(drift.segments()["centre_shift"].iloc[1])
    assert drift.verdict == "retrain"


def test_accounts_beyond_what_the_model_saw_are_counted(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    later = sample.copy()
    later.loc[:79, "followers"] = 10**9
    drift = drift_of(model, later)
    (beyond,) = drift.of("out_of_range")
    assert (beyond.size, beyond.level) == (0.08, "watch")
    said = "8 % of the accounts (80) are smaller or larger in some measure than any that the model"
    assert f"{said} was fitted on (watch from 5 %)." in say_reasons(drift)


def test_drift_is_written_as_a_table_and_a_document(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    drift = drift_of(model, sample)
    assert len(drift.as_table()) == 5 + 5 + 4 + 1
    document = drift.as_document()
    assert document["verdict"] == "keep"
    assert document["changes"][0]["values"]["then"] == model.baseline["segment_shares"][0]


def test_where_no_segment_has_accounts_of_both_sets_no_average_moved(
    model: NamedModel, sample: pd.DataFrame
) -> None:
    drift = drift_of(model, sample)
    apart = replace(drift, changes=tuple(c for c in drift.changes if c.measure != "centre"))
    assert segments_table(apart)["average moved"].tolist() == ["-"] * 5


def test_no_account_at_all_has_no_verdict(model: NamedModel) -> None:
    with pytest.raises(InputError, match="no account"):
        measure_drift(model, AccountSums.empty(model), thresholds())


@pytest.mark.parametrize(
    "changes",
    [
        {"share": {"watch": 0.3}},
        {"psi": {"retrain": "often"}},
        {"centre": {"watch": 0}},
        {"false_alarm": 1},
    ],
)
def test_thresholds_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"drift.{next(iter(changes))} is"):
        thresholds(**changes)
