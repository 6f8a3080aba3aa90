import numpy as np
import pandas as pd
import pytest
import yaml

from examples import CONF, make_named_model
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.comparison.movement import (
    BY_ACCOUNT,
    BY_BOTH,
    BY_MODEL,
    STAYED,
    count_causes,
    count_movement,
    follow_accounts,
)
from tiktok_segments.monitoring.comparison.rising import Rising, list_rising, read_rising

OLD = pd.DataFrame(
    {"account_id": list("abcdef"), "followers": [1_000, 1_100, 1_200, 90_000, 100_000, 110_000]}
)
RISING = Rising(growth=0.25, followers=1000, n=10)


def test_accounts_in_both_are_followed_by_their_handle_in_any_order() -> None:
    model = make_named_model(OLD, k=2)
    new = pd.DataFrame({"account_id": ["z", "d", "a"], "followers": [5, 900, 95_000]})
    found = follow_accounts(OLD, new, model, model).set_index("account_id")
    assert sorted(found.index) == ["a", "d"]
    assert found.loc["a", ["segment_then", "segment_now"]].to_list() == ["Segment A", "Segment B"]
    assert found.loc["a", "growth"] == 94
    assert bool(found.loc["a", "rises"])
    assert not found.loc["d", "rises"]
    assert (found["cause"] == BY_ACCOUNT).all()


def test_the_models_moves_are_kept_apart_from_the_accounts() -> None:
    old_model = make_named_model(OLD, k=2)
    # Cut so much lower that 1,200 followers are among the large: a new segment of its own id.
    cut = pd.DataFrame({"followers": [1, 2, 3, 2_000, 2_100, 2_200]})
    new_model = make_named_model(cut, k=2)
    assert old_model.segments == new_model.segments
    new = OLD.assign(followers=[1_000, 5, 95_000, 90_000, 500, 2])
    found = follow_accounts(OLD, new, old_model, new_model).set_index("account_id")
    assert found["cause"].to_dict() == {
        "a": BY_MODEL,
        "b": STAYED,
        "c": BY_ACCOUNT,
        "d": STAYED,
        "e": BY_BOTH,
        "f": BY_ACCOUNT,
    }
    assert found.loc["e", "segment_now"] == "Segment A"
    assert found.loc["e", "segment_now_new_model"] == "Segment B"
    causes = count_causes(found).set_index("cause")["accounts"]
    assert causes.to_dict() == {STAYED: 2, BY_ACCOUNT: 2, BY_MODEL: 1, BY_BOTH: 1}


def test_who_came_went_and_moved_in_which_direction_adds_up() -> None:
    model = make_named_model(OLD, k=2)
    new = pd.DataFrame(
        {"account_id": list("zabde"), "followers": [5, 95_000, 99_000, 900, 100_000]}
    )
    found = follow_accounts(OLD, new, model, model)
    counts = count_movement(found, len(OLD), len(new)).set_index("movement")
    assert counts["accounts"].to_dict() == {
        "new": 1,  # z
        "gone": 2,  # c, f
        "in both": 4,
        "stayed in its segment": 1,  # e
        "moved up": 2,  # a, b
        "moved down": 1,  # d
        "moved by the model alone": 0,
    }
    assert counts.loc["new", "share"] == 1 / 5 and counts.loc["gone", "share"] == 2 / 6


def test_the_first_accounts_of_a_larger_segment_move_up() -> None:
    model, small = make_named_model(OLD, k=2), OLD.head(3)
    found = follow_accounts(small, small.assign(followers=[1_000, 1_100, 90_000]), model, model)
    counts = count_movement(found, 3, 3).set_index("movement")["accounts"]
    assert (counts["moved up"], counts["moved down"]) == (1, 0)
    assert list_rising(found, RISING)["account_id"].to_list() == ["c"]


def test_rising_accounts_moved_up_or_grew_enough_and_are_not_tiny() -> None:
    model = make_named_model(OLD, k=2)
    new = OLD.assign(followers=[95_000, 1_300, 1_500, 90_001, 130_000, 120_000])
    rising = list_rising(follow_accounts(OLD, new, model, model), RISING)
    assert rising[["account_id", "why"]].to_numpy().tolist() == [
        ["a", "moved up"],
        ["e", "grew"],
        ["c", "grew"],
    ]
    assert rising["growth"].to_list() == pytest.approx([94, 0.3, 0.25])
    few = list_rising(follow_accounts(OLD, new, model, model), Rising(0.25, 100_000, 10))
    assert few["account_id"].to_list() == ["e"]


def test_an_account_without_followers_before_has_no_growth_to_speak_of() -> None:
    model = make_named_model(OLD, k=2)
    old = OLD.assign(followers=[0, *OLD["followers"][1:]])
    new = OLD.assign(followers=[2_000, *OLD["followers"][1:]])
    assert list_rising(follow_accounts(old, new, model, model), RISING).empty


def test_how_sure_it_is_that_an_account_rises_is_said() -> None:
    small, large = np.arange(1_000, 1_060), np.arange(90_000, 90_060)
    followers = np.concatenate([small, large])
    old = pd.DataFrame({"account_id": [f"a{n}" for n in range(120)], "followers": followers})
    model = make_named_model(old, k=2)
    new = old.assign(followers=[*(small + 10), *large])
    border = int(np.exp(np.log1p(followers).reshape(2, -1).mean()))
    new.loc[[0, 1, 2], "followers"] = [1_600, border + 100, 50_000]  # of the smallest accounts
    rising = list_rising(follow_accounts(old, new, model, model), RISING).set_index("account_id")
    assert rising["how_sure"].to_dict() == {
        "a2": "clear of the border of its new segment; "
        "grew more than all 59 other accounts of its size",
        "a1": "close to the border of its new segment; "
        "grew more than 98 % of 59 accounts of its size",
        "a0": "grew more than 96 % of 59 accounts of its size",
    }
    few = follow_accounts(old.iloc[:20], new.iloc[:20], model, model)
    assert list_rising(few, RISING)["how_sure"].str.contains("too few accounts of its size").all()


@pytest.mark.parametrize(
    "change", [{"growth": "much"}, {"growth": -1}, {"followers": 0.5}, {"n": 0}, {"n": True}]
)
def test_settings_of_rising_are_checked(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"rising.{next(iter(change))} is"):
        read_rising({"growth": 0.25, "followers": 1000, "n": 50} | change)


def test_the_defaults_of_rising_are_those_of_the_configuration() -> None:
    config = yaml.safe_load((CONF / "compare_snapshots.yaml").read_text())
    assert Rising() == read_rising(config["rising"])
