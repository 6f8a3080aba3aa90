"""Small groups: found where they are, and nowhere else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from tiktok_segments.tracking import connection
from tiktok_segments.validation.examination import StructureSettings
from tiktok_segments.validation.separation import examine
from tiktok_segments.validation.small_groups import SmallGroup, choose_start, propose_groups
from tiktok_segments.validation.small_groups.density_tree import find_dense_groups

QUICK = {"n_resamples": 10, "n_splits": 4, "n_init": 4}

SAMPLED = StructureSettings(**QUICK, max_rows=1000)


def beside_a_cloud(n_group: int, distance: float, n_features: int = 4) -> np.ndarray:
    """600 rows of one cloud, then a small group so many standard deviations away."""
    rng = np.random.default_rng(7)
    group = 0.6 * rng.normal(size=(n_group, n_features)) + distance / np.sqrt(n_features)
    return np.concatenate([rng.normal(size=(600, n_features)), group])


def propose(X: np.ndarray) -> list[SmallGroup]:
    return propose_groups(X, n_draws=20, max_rows=5000, random_state=0)


@pytest.mark.parametrize("n_group", [6, 9])
def test_a_small_group_beside_a_single_cloud_is_found_with_proposals_only(n_group: int) -> None:
    X = beside_a_cloud(n_group, distance=6.5)
    found = examine(X, [2, 3], settings=StructureSettings(**QUICK))
    assert (found.verdict, found.k) == ("separated", 2)
    assert np.bincount(found.labels).tolist() == [600, n_group]
    assert found.table["init"].tolist()[0] == "proposed"
    without = examine(X, [2, 3], settings=StructureSettings(proposals=False, **QUICK))
    assert without.k == 1
    assert set(without.table["init"]) == {"k-means++"}


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    X = beside_a_cloud(12, distance=8)
    (group,) = propose(X)
    assert group.rows.tolist() == list(range(600, 612))
    (turned,) = propose(X[::-1, ::-1])
    assert sorted(len(X) - 1 - turned.rows) == group.rows.tolist()
    assert turned.z == pytest.approx(group.z)


@pytest.mark.parametrize(
    "kind", ["normal", "uniform", "t4", "lognormal", "counts", "near the cloud"]
)
def test_nothing_is_proposed_where_there_is_no_group(kind: str) -> None:
    rng = np.random.default_rng(3)
    counts = np.log1p(rng.poisson(4, size=(1000, 2)))  # one in 55 is 0, and away from 1
    X = {
        "normal": rng.normal(size=(400, 3)),
        "uniform": rng.uniform(size=(400, 3)),
        "t4": rng.standard_t(4, size=(400, 3)),
        "lognormal": rng.lognormal(size=(400, 3)),
        "counts": np.column_stack([rng.normal(size=(1000, 2)), counts]),
        "near the cloud": beside_a_cloud(12, distance=2),
    }[kind]
    assert propose(X) == []


def test_groups_are_found_where_distances_say_nothing() -> None:
    """In twelve dimensions 800 rows are as far from each other as from 16 that are apart in one."""
    rng = np.random.default_rng(0)
    spreads = np.linspace(0.3, 2, 12)
    X = spreads * rng.normal(size=(832, 12))
    X[800:816, 0] += 8 * spreads[0]
    X[816:, 1] += 8 * spreads[1]
    turned = X @ np.linalg.qr(rng.normal(size=(12, 12)))[0]
    groups = sorted(propose(turned), key=lambda group: group.rows[0])
    assert [group.rows.tolist() for group in groups] == [
        list(range(800, 816)),
        list(range(816, 832)),
    ]
    assert not any(set(range(800, 832)) & set(g.rows) for g in find_dense_groups(turned))


def test_accounts_with_the_same_values_are_no_group() -> None:
    rng = np.random.default_rng(3)
    X = np.concatenate([rng.normal(size=(300, 3)), np.full((12, 3), 1.5)])
    assert propose(X) == []


def test_groups_in_a_group_are_taken_where_they_stand_out_more() -> None:
    rng = np.random.default_rng(0)
    pair = [rng.normal(size=(8, 2)) * 0.3 + [20, 8 * side] for side in (0, 1)]
    groups = find_dense_groups(np.concatenate([rng.normal(size=(400, 2)), *pair]))
    assert [group.rows.tolist() for group in groups[:2]] in (
        [list(range(400, 408)), list(range(408, 416))],
        [list(range(408, 416)), list(range(400, 408))],
    )


def test_fewer_than_a_hundred_rows_have_no_small_groups() -> None:
    assert find_dense_groups(beside_a_cloud(9, distance=9)[-99:]) == []


def test_k_means_starts_at_random_where_that_leads_to_separated_clusters() -> None:
    """Two large groups and a small one: at k = 2 the large ones stay apart."""
    rng = np.random.default_rng(1)
    X = np.concatenate([beside_a_cloud(12, distance=8), rng.normal(size=(300, 4)) - 6])
    groups = [SmallGroup(np.arange(600, 612), z=9.0)]
    labels = np.repeat([0, 1], [612, 300])
    assert choose_start(X, labels, 2, groups, random_state=0) is None
    assert choose_start(X, labels + np.arange(912) % 2, 3, groups, random_state=0) is not None


def near_a_large_group(times: int = 1) -> np.ndarray:
    """Two large groups, and 24 rows so near the second that k-means takes them for its own."""
    rng = np.random.default_rng(3)
    first = rng.normal([4.0, 2.2, 1.6, -1.6], [0.28, 0.28, 0.28, 0.14], size=(500 * times, 4))
    second = rng.normal([5.6, 2.3, 2.6, -1.2], [0.28, 0.28, 0.28, 0.14], size=(400 * times, 4))
    near = rng.normal([6.9, 1.7, 2.4, -1.5], [0.12, 0.12, 0.12, 0.06], size=(24 * times, 4))
    return np.concatenate([first, second, near])


def scaled(X: np.ndarray) -> np.ndarray:
    return (X - X.mean(axis=0)) / X.std(axis=0)


def test_a_group_that_k_means_does_not_hold_is_told() -> None:
    X = scaled(near_a_large_group())
    found = examine(X, [2, 3], settings=StructureSettings(**QUICK))
    assert (found.verdict, found.k) == ("separated", 2)
    (group,) = found.small_groups
    assert len(group) > 20 and set(group) <= set(range(900, 924))
    assert found.diagnostics is not None
    figures = found.diagnostics.by_k[2]
    assert (figures.small_groups, figures.small_accounts) == (1, len(group))
    without = examine(X, [2, 3], settings=StructureSettings(proposals=False, **QUICK))
    assert without.small_groups == [] and without.diagnostics is not None
    assert np.isnan(without.diagnostics.by_k[2].small_groups)


def test_of_more_rows_than_are_searched_all_of_a_group_are_told() -> None:
    (group,) = examine(scaled(near_a_large_group(4)), [2], settings=SAMPLED).small_groups
    assert len(group) > 85 and set(group) <= set(range(3600, 3696))


def test_of_more_rows_than_are_searched_k_means_starts_at_all_of_a_group() -> None:
    far = np.random.default_rng(2).normal(size=(2400, 4))
    X = np.concatenate([beside_a_cloud(48, distance=8), far])
    found = examine(X, [2], settings=SAMPLED)
    assert found.table["init"].tolist() == ["proposed"]
    assert np.flatnonzero(found.labels == 1).tolist() == list(range(600, 648))


def test_a_group_that_is_a_cluster_is_not_told_beside_it() -> None:
    found = examine(beside_a_cloud(12, 6.5), [2], settings=StructureSettings(**QUICK))
    assert found.k == 2 and found.small_groups == []


def test_accounts_of_a_told_group_are_listed_until_there_is_none(
    command: Callable[..., Outcome], root: Path
) -> None:
    values = 10 ** near_a_large_group()
    frame = pd.DataFrame(values, columns=["followers", "following", "videos", "engagement_rate"])
    frame[["followers", "following", "videos"]] = frame.iloc[:, :3].round().astype(int)
    frame.insert(0, "account_id", [f"account{i}" for i in range(len(frame))])
    for name, some in (("with.csv", frame), ("without.csv", frame[:900])):
        some.to_csv(root / name, index=False)
    trained = command(
        "train.py", "-m", "k=2", "figures=off", "report=de", f"data.path={root / 'with.csv'}"
    )
    assert "A small group of 2" in " ".join(trained.out.split()), trained.out + trained.err
    table = root / "outputs" / "segments" / "small_groups.csv"
    listed = pd.read_csv(table)
    assert len(listed) > 20 and set(listed["account_id"]) <= set(frame["account_id"][900:])
    assert listed["followers"].is_monotonic_decreasing and set(listed["group"]) == {1}
    page = (table.parent / "report.html").read_text(encoding="utf-8")
    assert f"Eine kleine Gruppe steht für sich: {len(listed)} Accounts" in page
    assert ", ".join(listed["account_id"][:5]) in page
    trained = command(
        "train.py", "-m", "k=2", "figures=off", "report=true", f"data.path={root / 'without.csv'}"
    )
    assert "small group" not in trained.out and not table.exists()
    page = (table.parent / "report.html").read_text(encoding="utf-8")
    assert "small group stands apart" not in page


def test_in_a_sample_of_the_accounts_the_others_of_a_told_group_are_listed_too(
    command: Callable[..., Outcome], root: Path
) -> None:
    values = 10 ** near_a_large_group(2)
    frame = pd.DataFrame(values, columns=["followers", "following", "videos", "engagement_rate"])
    frame[["followers", "following", "videos"]] = frame.iloc[:, :3].round().astype(int)
    frame.insert(0, "account_id", [f"account{i}" for i in range(len(frame))])
    frame.to_csv(root / "large.csv", index=False)
    trained = command(
        "train.py", "-m", "k=2", "figures=off", "report=true", "structure.max_rows=1200",
        f"data.path={root / 'large.csv'}",
    )  # fmt: skip
    said = " ".join(trained.out.split())
    assert "examined accounts lies close together" in said, trained.out + trained.err
    assert "lists them with all that are like them" in said
    listed = pd.read_csv(root / "outputs" / "segments" / "small_groups.csv")
    assert len(listed) > 42 and set(listed["account_id"]) <= set(frame["account_id"][1800:])


def write_export(path: Path) -> None:
    """600 accounts of one cloud, and twelve that are far larger."""
    logs = beside_a_cloud(12, distance=9) * [1.2, 0.8, 0.8, 0.6] + [9, 5, 4, -3]
    frame = pd.DataFrame(np.exp(logs), columns=["followers", "following", "videos", "er"])
    frame = frame.rename(columns={"er": "engagement_rate"})
    frame[["followers", "following", "videos"]] = frame.iloc[:, :3].round().astype(int)
    frame.insert(0, "account_id", [f"account{i}" for i in range(len(frame))])
    frame.to_csv(path, index=False)


def test_a_sweep_starts_there_says_so_and_its_run_is_replayed(
    command: Callable[..., Outcome], root: Path
) -> None:
    write_export(root / "export.csv")
    swept = ("train.py", "-m", "k=2,3", "features=core", f"data.path={root / 'export.csv'}")
    outcome = command(*swept, "figures=off")
    assert outcome.status == 0, outcome.err
    assert "Verdict: separated" in outcome.out
    assert "k-means was started there" in " ".join(outcome.out.split())
    runs = MlflowClient().search_runs([connection.experiment_id()])
    by_k = {run.data.params["k"]: run for run in runs if "k" in run.data.params}
    assert by_k["2"].data.params["init"] == "proposed"
    assert by_k["2"].data.metrics["smallest_share"] == pytest.approx(12 / 612)
    assert by_k["2"].data.metrics["certainty"] >= 0.9
    assert "of 20 redraws of half of the accounts" in " ".join(outcome.out.split())
    replayed = command("scripts/replay.py", f"run={by_k['2'].info.run_id}")
    assert "Identical: data, labels and every metric" in replayed.out, replayed.out
    promoted = command("scripts/promote_model.py")
    assert promoted.status == 0, promoted.out + promoted.err


def test_a_switch_that_is_none_is_refused(command: Callable[..., Outcome]) -> None:
    outcome = command("train.py", "k=3", "structure.proposals=maybe")
    assert outcome.status == 1
    assert "structure.proposals is maybe; valid are on and off." in outcome.err
