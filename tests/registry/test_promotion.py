"""Promotion, rollback and names through the commands, on the sample."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import mlflow
import openpyxl
import pandas as pd
import pytest
from mlflow import MlflowClient

from commands import Outcome
from logged_runs import newest_run
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.defaults import DEFAULT_NAME
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection

NAME = DEFAULT_NAME
SMALL = "data.n_profiles=300"


def folder_of_model(run_id: str) -> Path:
    """Where the store itself keeps a run's model."""
    (output,) = MlflowClient().get_run(run_id).outputs.model_outputs
    location = MlflowClient().get_logged_model(output.model_id).artifact_location
    return Path(location.removeprefix("file://"))


def decision_of(run_id: str) -> dict:
    return json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/promotion.json"))


@pytest.fixture
def champion(champion_root: Path) -> str:
    """The run of a champion on the sample: k = 5 on 300 accounts."""
    connection.connect()
    return newest_run()


def test_a_run_without_diagnostics_is_examined_by_the_gate(
    command: Callable[..., Outcome],
) -> None:
    command("train.py", "-m", "figures=off", "k=5", SMALL, "structure=off")
    outcome = command("scripts/promote_model.py")
    assert outcome.status == 0, outcome.err
    version = versions.champion()
    assert version is not None and version.tags["verdict"] == "separated"
    metrics = MlflowClient().get_run(version.run_id).data.metrics
    assert all(metrics[f"jaccard.{cluster}"] >= 0.75 for cluster in range(5))
    document = decision_of(version.run_id)
    assert (document["outcome"], document["version"]) == ("promoted", "1")
    assert {row["name"] for row in document["conditions"]} >= {"model", "verdict", "stability"}
    assert "| stability | passed |" in version.description


def test_a_refusal_names_what_failed_and_leaves_the_registry_alone(
    command: Callable[..., Outcome], champion: str
) -> None:
    before = [(v.version, v.aliases, v.description) for v in versions.versions()]
    command("train.py", "figures=off", "k=9", "data.n_profiles=50")
    refused = newest_run()
    outcome = command("scripts/promote_model.py", f"run={refused}")
    assert outcome.status == 1
    assert re.search(r"Refused: .*stability.*, accounts.*unchanged", outcome.out, re.DOTALL)
    assert [(v.version, v.aliases, v.description) for v in versions.versions()] == before
    document = decision_of(refused)
    assert document["outcome"] == "refused" and document["against_version"] == "1"
    told = {row["name"]: row["value"] for row in document["conditions"]}
    assert told["accounts"] == "50, version 1 300"
    kept = command("scripts/promote_model.py", f"run={refused}", "challenger=true")
    assert kept.status == 1 and "alias challenger" in kept.out
    assert MlflowClient().get_model_version_by_alias(NAME, "challenger").run_id == refused
    now = versions.champion()
    assert now is not None and now.run_id == champion


def test_force_wants_a_reason_and_keeps_it(command: Callable[..., Outcome], champion: str) -> None:
    command("train.py", "figures=off", "k=9", SMALL)
    run = f"run={newest_run()}"
    assert "reason" in command("scripts/promote_model.py", run, "force=true").err
    outcome = command(
        "scripts/promote_model.py", run, "force=true", "reason=agreed (Tuesday's call)"
    )
    assert outcome.status == 0 and "by force" in outcome.out
    version = versions.champion()
    assert version is not None and "agreed (Tuesday's call)" in version.description
    assert decision_of(version.run_id)["reason"] == "agreed (Tuesday's call)"
    back = command("scripts/promote_model.py", "version=1")
    assert back.status == 0 and "version 1 is now the champion (it was version 2)" in back.out
    now = versions.champion()
    assert now is not None and now.run_id == champion
    listed = command("scripts/models.py").out
    assert re.search(r"^1\s+champion", listed, re.MULTILINE)


def test_a_retrained_model_keeps_names_ids_and_the_analysts_own_name(
    command: Callable[..., Outcome], champion: str
) -> None:
    _, old = versions.load_champion()
    own = "Ana's & Ben's <core>, (v1)"
    renamed = command("scripts/models.py", f"rename={old.names[2].upper()}", f"to={own}")
    assert renamed.status == 0, renamed.err
    command("train.py", "figures=off", "k=5", "seed=7", SMALL)
    outcome = command("scripts/promote_model.py", f"run={newest_run()}")
    assert outcome.status == 0, outcome.out
    version, new = versions.load_champion()
    expected = {s.segment_id: s.name for s in old.segments} | {old.segments[2].segment_id: own}
    assert {s.segment_id: s.name for s in new.segments} == expected
    assert {s.origin for s in new.segments} == {"inherited"}
    assert all(s.claims is not None for s in old.segments)
    assert [s.name for s in new.segments if s.claims is None] == [own]
    profiles, _ = make_profiles(300, seed=0)
    answers = mlflow.pyfunc.load_model(f"models:/{NAME}@champion").predict(profiles)
    assert own in set(answers)
    profiled = command("scripts/profile_segments.py", f"run={version.run_id}")
    assert own in profiled.out
    fresh = command("scripts/promote_model.py", f"run={version.run_id}", "naming=fresh")
    assert fresh.status == 0
    assert versions.load_champion()[1].names == old.names


def test_renaming_refuses_what_is_not_there_and_what_is_taken(
    command: Callable[..., Outcome], champion: str
) -> None:
    names = versions.load_champion()[1].names
    assert names[0] in command("scripts/models.py", "rename=Nobody", "to=X").err
    for taken in (names[0], f" {names[1].lower()} ".replace(" ", "\n")):
        assert "taken" in command("scripts/models.py", f"rename={names[0]}", f"to={taken}").err
    assert "Give both" in command("scripts/models.py", f"rename={names[0]}").err
    assert len(versions.versions()) == 1


def test_synthetic_never_replaces_real_not_even_by_force(
    command: Callable[..., Outcome], root: Path
) -> None:
    make_profiles(300, seed=0)[0].to_csv(root / "real.csv", index=False)
    command("train.py", "figures=off", "k=5", f"data.path={root / 'real.csv'}")
    assert command("scripts/promote_model.py", f"run={newest_run()}").status == 0
    command("train.py", "figures=off", "k=5", SMALL)
    run = f"run={newest_run()}"
    profiled = command("scripts/profile_segments.py", run).out
    assert "replace version 1, which is of real ones" in profiled
    assert "name kept from version" not in profiled
    outcome = command("scripts/promote_model.py", run, "force=true", "reason=no")
    assert outcome.status == 1 and "Refused: real data" in outcome.out
    assert len(versions.versions()) == 1


def test_of_two_promotions_at_once_one_wins_and_the_other_says_so(champion: str) -> None:
    seen = versions.champion()
    both, outcomes = Barrier(2), []

    def move(text: str) -> None:
        both.wait()
        try:
            with versions.promotion_lock(seen):
                model = versions.load_version(seen)
                version = versions.register(model_address, model, {}, text)
                versions.make_champion(version, seen)
            outcomes.append("won")
        except InputError as error:
            outcomes.append(str(error))

    model_address = MlflowClient().get_model_version(NAME, "1").source
    threads = [Thread(target=move, args=[text]) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome == "won" for outcome in outcomes) == [False, True], outcomes
    (other,) = [outcome for outcome in outcomes if outcome != "won"]
    assert "Another promotion" in other and "nothing was changed" in other
    assert len(versions.versions()) == 2
    assert {model.name for model in MlflowClient().search_registered_models()} == {NAME}


def test_where_no_lock_reaches_a_promotion_that_came_first_is_seen_before_the_alias_is_moved(
    champion: str,
) -> None:
    seen = versions.champion()
    assert seen is not None
    model, address = versions.load_version(seen), seen.source
    ours, other = (versions.register(address, model, {}, text) for text in ("ours", "other"))
    with versions.promotion_lock(seen):
        versions.set_alias("champion", other)  # as from another machine
        with pytest.raises(InputError, match="version 3 is the champion now; version 2 was"):
            versions.make_champion(ours, seen)
    now = versions.champion()
    assert now is not None and now.version == other.version
    with pytest.raises(InputError, match="nothing was changed"), versions.promotion_lock(seen):
        pytest.fail("entered")


def test_a_run_whose_model_was_exchanged_is_not_promoted(
    command: Callable[..., Outcome], champion: str
) -> None:
    command("train.py", "figures=off", "k=5", "seed=1", "data.n_profiles=200")
    other = folder_of_model(newest_run())
    command("train.py", "figures=off", "k=5", "seed=2", SMALL)
    ours = folder_of_model(newest_run())
    shutil.copy(other / "model.skops", ours / "model.skops")
    outcome = command("scripts/promote_model.py", f"run={newest_run()}")
    assert outcome.status == 1 and "Refused: model" in outcome.out


def test_a_model_fitted_without_outliers_does_not_take_them_for_drift(
    command: Callable[..., Outcome], root: Path
) -> None:
    make_profiles(300, seed=0)[0].to_csv(root / "all.csv", index=False)
    command("train.py", "figures=off", "k=4", "outliers=iqr", f"data.path={root / 'all.csv'}")
    promoted = command(
        "scripts/promote_model.py", f"run={newest_run()}", "force=true", "reason=test"
    )
    assert promoted.status == 0, promoted.err
    arguments = [f"data.path={root / 'all.csv'}", f"output={root / 'assigned.xlsx'}"]
    outcome = command("scripts/assign_segments.py", *arguments)
    assert "verdict keep" in outcome.out, outcome
    assert pd.read_excel(root / "assigned.xlsx")["out_of_range"].any()
    sheet = openpyxl.load_workbook(root / "assigned.xlsx").worksheets[0]
    forms = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert forms["engagement_rate"].number_format == "0.00%"
    assert (sheet.freeze_panes, sheet.auto_filter.ref.partition(":")[0]) == ("A2", "A1")


def test_centres_a_little_off_their_means_are_no_reason_to_refuse(
    command: Callable[..., Outcome], root: Path
) -> None:
    """K-means stops when its centres hardly move, at times before they are their members' means."""
    refused = []
    for seed in range(4):
        make_profiles(700, seed=seed)[0].to_csv(root / "some.csv", index=False)
        command(
            "train.py",
            "figures=off",
            "k=7",
            "n_init=1",
            f"data.path={root / 'some.csv'}",
            "structure=off",
        )
        outcome = command("scripts/promote_model.py", f"run={newest_run()}")
        refused.append("model      failed" in outcome.out or "Refused: model" in outcome.out)
    assert not any(refused)
