"""An export beside those before it: what is doubtful, and what is learnt."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from commands import PROJECT
from tiktok_segments.errors import InputError
from tiktok_segments.tracking import artifacts
from tiktok_segments.weekly.intake import Intake, pack_handles
from tiktok_segments.weekly.judgement import (
    PastIntakes,
    count_turnover,
    judge_export,
    measure_change,
)
from tiktok_segments.weekly.limits import Limits, read_limits
from tiktok_segments.weekly.past_weeks import PastWeek, read_before
from tiktok_segments.weekly.recipe import champion_recipe

USUAL = Intake(
    source="a.csv",
    sha256="0" * 64,
    rows=1000,
    accounts=1000,
    rejected=0,
    columns=("account_id", "followers", "engagement_rate"),
    unmatched=("notes",),
    units={},
    medians={"followers": 20_000.0, "engagement_rate": 0.05},
    collected=("2026-05-01", "2026-05-04"),
    handles=np.arange(1000, dtype=np.uint64),
)
BEFORE = PastIntakes((USUAL,), (USUAL,))


def limits() -> Limits:
    config = OmegaConf.load(PROJECT / "conf" / "weekly" / "standard.yaml")
    return read_limits(config)


def checks(intake: Intake, before: PastIntakes = BEFORE) -> list[str]:
    return [doubt.check for doubt in judge_export(intake, before, limits())]


def test_the_store_is_asked_for_no_more_weeks_than_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def load_document(run_id: str, _: str) -> dict[str, object]:
        asked.append(run_id)
        return {"intake": USUAL.as_document(), "change": {"new": 0.1}}

    monkeypatch.setattr(artifacts, "load_document", load_document)
    monkeypatch.setattr(artifacts, "load_bytes", lambda *_: pack_handles(USUAL.handles))
    day = datetime(2026, 5, 4, tzinfo=UTC)
    weeks = [PastWeek(str(n), day, "kept", {}, {}, {}) for n in range(20)]
    before = read_before(weeks, "", None, replace(limits(), weeks=3))
    assert asked == ["0", "1", "2"] and before.usual["new"] == (0.1, 0.1, 0.1)


def test_an_export_like_the_last_is_not_doubtful_nor_is_the_first() -> None:
    assert checks(USUAL) == []
    assert checks(replace(USUAL, accounts=10), PastIntakes()) == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"accounts": 500, "handles": USUAL.handles[:500]}, ["accounts", "gone"]),
        ({"accounts": 2000}, ["accounts"]),
        ({"handles": USUAL.handles + 500}, ["new", "gone"]),
        ({"rejected": 200}, ["rejected"]),
        ({"columns": USUAL.columns[:2], "unmatched": ("notes", "er")}, ["columns"]),
        ({"medians": {"engagement_rate": 5.0}}, ["level"]),
        ({"medians": {"followers": 20.0}}, ["level"]),
        ({"medians": {"followers": 20_000.0, "engagement_rate": 0.0}}, ["level"]),
        ({"medians": {"followers": 60_000.0, "engagement_rate": 0.02}}, []),
        ({"collected": ("2026-04-20", "2026-04-27")}, ["collected"]),
        ({"collected": None, "columns": (*USUAL.columns, "region")}, []),
    ],
)
def test_what_is_unlike_the_week_before_is_doubtful(
    change: dict[str, object], check: list[str]
) -> None:
    assert checks(replace(USUAL, **change)) == check  # type: ignore[arg-type]


def test_a_doubt_says_what_was_found_and_what_to_do() -> None:
    lost = replace(USUAL, columns=USUAL.columns[:2], unmatched=("notes", "er"))
    (doubt,) = judge_export(lost, BEFORE, limits())
    assert doubt.sentence == (
        "engagement_rate came before and is not there. Not used: er. "
        "A new name is said by data.columns.engagement_rate=COLUMN."
    )


def test_accounts_are_new_gone_or_back() -> None:
    def of(*handles: int) -> Intake:
        return replace(USUAL, handles=np.array(handles, dtype=np.uint64))

    turnover = count_turnover(of(1, 2, 3, 9), [of(2, 3, 4), of(1, 2), of(5)])
    assert (turnover.new, turnover.gone, turnover.back) == (1, 1, 1)


@given(now=st.permutations(range(8)), weeks=st.lists(st.sets(st.integers(0, 9), min_size=1)))
def test_new_gone_and_back_add_up(now: list[int], weeks: list[set[int]]) -> None:
    present = set(now[:5])
    past = [replace(USUAL, handles=np.array(sorted(w), dtype=np.uint64)) for w in weeks or [{1}]]
    here = replace(USUAL, handles=np.array(sorted(present), dtype=np.uint64))
    turnover = count_turnover(here, past)
    last = set(past[0].handles.tolist())
    assert turnover.gone == len(last - present)
    assert turnover.new + turnover.back == len(present - last)
    assert turnover.new == len(present - set().union(*(p.handles.tolist() for p in past)))


def test_a_source_whose_accounts_always_change_is_learnt() -> None:
    other = replace(USUAL, handles=USUAL.handles + 600)
    learnt = PastIntakes((USUAL,), (USUAL,), {"new": (0.55, 0.6, 0.62, 0.58), "gone": (0.6,) * 4})
    assert checks(other) == ["new", "gone"]
    assert checks(other, learnt) == []
    quiet = PastIntakes((USUAL,), (USUAL,), {"new": (0.01, 0.02, 0.01, 0.01)})
    assert checks(replace(USUAL, handles=USUAL.handles + 200), quiet) == ["new"]


def test_what_is_measured_is_symmetric_in_more_and_fewer() -> None:
    half, twice = replace(USUAL, accounts=500), replace(USUAL, accounts=2000)
    assert measure_change(half, BEFORE)["accounts"] == measure_change(twice, BEFORE)["accounts"]


@pytest.mark.parametrize("wrong", [{"weeks": 0}, {"factor": "x"}, {"new": {"least": 2}}])
def test_limits_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    config = OmegaConf.load(PROJECT / "conf" / "weekly" / "standard.yaml")
    with pytest.raises(InputError, match=f"weekly.{next(iter(wrong))}"):
        read_limits(OmegaConf.merge(config, wrong))


@pytest.mark.parametrize("said", ["data.columns={followers: B}", "data.columns.followers=B"])
def test_what_is_said_of_a_group_of_settings_stands_as_what_is_said_of_one(said: str) -> None:
    own = {"data": {"columns": {"followers": "A"}}, "clean": {}}
    now = {"data": {"columns": {"followers": "B"}}, "clean": {}}
    recipe = champion_recipe(own, now, [said])
    assert recipe.settings["data"] == now["data"] and recipe.applied == {}
    assert recipe.said == {"data.columns.followers": ("A", "B")}
