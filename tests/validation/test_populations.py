"""Runs on different accounts: told apart, and never ranked by a figure."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow import MlflowClient
from omegaconf import OmegaConf

from commands import Outcome
from tiktok_segments.sweeps.space_names import name_spaces, named_spaces
from tiktok_segments.sweeps.swept_settings import with_swept
from tiktok_segments.tracking import artifacts, history
from tiktok_segments.tracking.lineage import read_lineage
from tiktok_segments.tracking.provenance import space_tags
from tiktok_segments.validation.candidates import tabulate_space
from tiktok_segments.validation.selection import select

FIGURES = {
    "gate_z": 1.0, "gap": 0.5, "valley": 1.0, "stability_min_jaccard": 0.9, "stability_ari": 0.9,
    "split_half_ari": 0.9, "smallest_share": 0.1, "silhouette": 0.4, "inertia": 100.0,
    "log_space": True, "admissible": True, "inadmissible_reason": "",
}  # fmt: skip


def candidate(population: str, rows: int, k: int, **figures: Any) -> dict[str, Any]:
    return {
        "run_id": f"{population}-{k}", "features": "core", "scaler": "standard", "k": k,
        "population": population, "space": f"core.standard.{population}", "n_samples": rows,
        **FIGURES, **figures,
    }  # fmt: skip


@pytest.mark.parametrize("rule", ["structure", "silhouette", "elbow"])
def test_the_best_run_is_of_the_most_accounts_whatever_the_figures(rule: str) -> None:
    runs = [
        candidate("all", 1000, 3, inertia=900.0, silhouette=0.2, stability_min_jaccard=0.76),
        candidate("few", 400, 3, inertia=90.0, silhouette=0.9, stability_min_jaccard=0.99),
        candidate("few", 400, 4, inertia=80.0, silhouette=0.8, stability_min_jaccard=0.99),
    ]
    for order in permutations(runs):
        decision = select(pd.DataFrame(order), rule)
        assert decision.run_id == "all-3"
        (other,) = decision.others
        assert (other.population, other.n_accounts) == ("few", 400)
        assert "1,000 accounts (all), the most that were swept" in decision.reason


def test_an_inadmissible_run_is_never_chosen_while_there_is_an_admissible_one() -> None:
    fault = {"admissible": False, "inadmissible_reason": "likes is skewed"}
    runs = [candidate("keep", 1000, 4, **fault), candidate("iqr", 683, 4)]
    for rule in ("structure", "silhouette", "elbow"):
        for order in permutations(runs):
            decision = select(pd.DataFrame(order), rule)
            assert decision.run_id == "iqr-4"
            assert "the most on which a space is fit" in decision.reason


def test_tiny_segments_are_passed_over_within_the_accounts_of_the_best_run() -> None:
    table = pd.DataFrame([candidate("all", 1000, 3, smallest_share=0.01), candidate("few", 400, 3)])
    assert select(table, "silhouette", smallest_share=0.05).run_id == "all-3"


def settings(**parts: Any) -> dict[str, Any]:
    return {
        "data": {"path": None, "n_profiles": 300, "sample_seed": 0},
        "clean": {"name": "all", "min_followers": 0},
        "outliers": {"name": "keep", "columns": []},
        "features": {"name": "core", "columns": {"followers": "log_count"}},
        "scaler": {"name": "standard", "estimator": {}},
        "k": 3, "seed": 42, "n_init": 10, **parts,
    }  # fmt: skip


def test_accounts_and_features_as_composed_make_a_space_and_names_do_not_hide_it() -> None:
    population, space = space_tags(settings(), "d").values()
    assert [*space_tags(settings(k=5, seed=1, n_init=2), "d").values()] == [population, space]
    for changed in (
        space_tags(settings(clean={"name": "all", "min_followers": 9}), "d"),
        space_tags(settings(outliers={"name": "keep", "columns": ["likes"]}), "d"),
        space_tags(settings(), "other data"),
    ):
        assert population not in changed.values() and space not in changed.values()
    more = {"name": "core", "columns": {"followers": "log_count", "likes": "raw"}}
    assert population in space_tags(settings(features=more), "d").values()
    assert space not in space_tags(settings(features=more), "d").values()


def runs(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": "FINISHED", "features": "core", "scaler": "standard", "clean": "all",
            "outliers": "keep", "rows": "300", "k": "3", "seed": "42", "n_init": "10",
            "inertia": 5.0, "population_id": "p", "space_id": "s", "unfit": "", **columns,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"outliers": ["keep", "iqr"]}, ["core.standard.keep", "core.standard.iqr"]),
        (
            {"clean.min_followers": ["0", "1000"]},
            ["core.standard.min_followers_0", "core.standard.min_followers_1000"],
        ),
        (
            {"data.path": ["/one/a.csv", "/two/b c.csv"]},
            ["core.standard.a_csv", "core.standard.b_c_csv"],
        ),
        (  # two files of one name
            {"data.path": ["/one/a.csv", "/two/a.csv"], "population_id": ["p" * 64, "q" * 64]},
            ["core.standard.a_csv.pppppp", "core.standard.a_csv.qqqqqq"],
        ),
        (
            {"features.columns.likes": ["raw", "log_count"], "population_id": "p"},
            ["core.standard.likes_raw", "core.standard.likes_log_count"],
        ),
    ],
)
def test_spaces_have_names_that_can_be_part_of_a_metrics_name(
    columns: dict[str, Any], names: list[str]
) -> None:
    table = runs(
        **{"run_id": ["a", "b"], "population_id": ["p", "q"], "space_id": ["s", "t"], **columns}
    )
    found = name_spaces(table)
    assert found["space"].to_list() == names
    backwards = name_spaces(table.iloc[::-1])
    pd.testing.assert_frame_equal(found, backwards.iloc[::-1])


def test_one_population_and_one_set_of_features_keep_their_short_name() -> None:
    assert name_spaces(runs(run_id=["a", "b"]))["space"].to_list() == ["core.standard"] * 2


def test_seeds_and_restarts_of_one_k_are_one_candidate_with_their_spread() -> None:
    table = runs(run_id=["a", "b", "c"], seed=["1", "2", "3"], inertia=[102.0, 100.0, 100.0])
    for order in (table, table.iloc[::-1]):
        ((_, space),) = named_spaces(order)
        found = tabulate_space(space, {"followers": "log_count"}, None).iloc[0]
        assert (found["run_id"], found["tries"]) == ("b", 3)
        assert found["inertia_spread"] == pytest.approx(0.02)


def test_runs_taken_over_from_another_sweep_say_what_was_swept_in_this_one() -> None:
    config = OmegaConf.create(
        {
            "hydra": {
                "sweeper": {"params": None},
                "overrides": {"task": ["clean.min_followers=0,9", "+features.columns.likes=raw"]},
            }
        }
    )
    found = with_swept(pd.DataFrame({"run_id": ["a", "b"], "job": [1, 0]}), config)
    assert found["clean.min_followers"].to_list() == ["9", "0"]


def board_of(sweep_id: str) -> pd.DataFrame:
    board = artifacts.load_table(sweep_id, "leaderboard")
    assert board is not None
    return board


def test_the_best_of_all_published_accounts_is_the_best_beside_a_part_of_them(
    command: Callable[..., Outcome], published: Path
) -> None:
    outcome = command("train.py", "-m", "k=3,4,5", "clean=all,creators", f"data.path={published}")
    assert outcome.status == 0, outcome.err
    sweep = history.get_run(history.newest_sweep())
    best = history.get_run(sweep.data.tags["segmentation.best_run_id"])
    assert sweep.data.tags["segmentation.verdict"] == "continuum"
    said = ("features", "clean", "k", "rows")
    assert [best.data.params[name] for name in said] == ["core", "all", "4", "1000"]
    candidates = artifacts.load_table(sweep.info.run_id, "candidates")
    assert candidates is not None and len(candidates) == 6
    assert set(candidates["space"]) == {"core.standard.all", "core.standard.creators"}
    for space in set(candidates["space"]):
        curve = MlflowClient().get_metric_history(sweep.info.run_id, f"inertia.{space}")
        assert [point.step for point in curve] == [3, 4, 5]
    board = board_of(sweep.info.run_id)
    assert board["best"].sum() == 1 and board["best_on_its_accounts"].sum() == 2
    other = board[board["best_on_its_accounts"] & ~board["best"]].iloc[0]
    assert other["clean"] == "creators"
    beside = sweep.data.tags["segmentation.other_bests"]
    assert beside.startswith("722 accounts (creators): verdict none") and other["run_id"] in beside
    assert "Best on other accounts: 722 accounts (creators)" in " ".join(outcome.out.split())
    verdicts = {run: read_lineage(run).verdict for run in (best.info.run_id, other["run_id"])}
    assert [*verdicts.values()] == ["continuum", "none"]


def test_the_order_of_the_values_does_not_change_what_is_best(
    command: Callable[..., Outcome], published: Path
) -> None:
    found = []
    for swept in (
        ["k=3,4", "features=published,core", "outliers=keep,iqr"],
        ["outliers=iqr,keep", "features=core,published", "k=4,3"],
    ):
        command("train.py", "-m", *swept, f"data.path={published}", "figures=off")
        sweep = history.get_run(history.newest_sweep())
        best = history.get_run(sweep.data.tags["segmentation.best_run_id"])
        assert "segmentation.unfit" not in best.data.tags
        names = ("features", "scaler", "outliers", "k")
        found.append([sweep.data.tags["segmentation.verdict"], *map(best.data.params.get, names)])
    assert found == [["continuum", "core", "standard", "keep", "4"]] * 2


def test_every_swept_setting_is_a_param_and_a_column(command: Callable[..., Outcome]) -> None:
    outcome = command(
        "train.py", "-m", "k=3", "data.n_profiles=100,120", "clean.min_followers=0,10", "seed=1,2",
        "n_init=2,3", "+features.columns.likes=log_count,raw", "structure=off", "figures=off",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    sweep_id = history.newest_sweep()
    board = board_of(sweep_id)
    swept = ["data.n_profiles", "clean.min_followers", "seed", "n_init", "features.columns.likes"]
    for name in swept:
        assert board[name].nunique() == 2
    for run in history.child_runs(sweep_id):
        assert set(swept) <= set(run.data.params)
    candidates = artifacts.load_table(sweep_id, "candidates")
    assert candidates is not None
    assert candidates["tries"].to_list() == [4] * 8
    assert "inertia spread" in outcome.out
    assert candidates.loc[candidates["chosen"], "data.n_profiles"].to_list() == [120]
    assert candidates.loc[candidates["chosen"], "features.columns.likes"].to_list() == ["log_count"]
