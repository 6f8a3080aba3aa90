"""The whole way from profiles to the champion, on a team's server with PostgreSQL behind it."""

import os
from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import requests
from mlflow import MlflowClient

from commands import PROJECT, Outcome
from deployment import TEAM_HOST
from forked_commands import ForkedCommand
from hostile import is_own_answered, leaks
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection, history
from tiktok_segments.tracking.runs import record_run

pytestmark = pytest.mark.xdist_group("tracking server")  # started once, not once per worker


@pytest.fixture
def on_server(
    forked: Callable[..., Outcome],
    tracking_server: str,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., str]:
    """Run a script against the server; it succeeds, prints nothing of MLflow's, leaves no file."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_server)
    (temporary := root / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    def run(script: str, *arguments: str) -> str:
        outcome = forked(script, *arguments)
        assert outcome.status == 0, outcome.err
        assert "View run" not in outcome.out
        assert list(temporary.iterdir()) == []
        return outcome.out

    return run


def test_the_server_answers_no_hostile_request(
    tracking_server: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking_server)
    connection.connect()
    with record_run("a run", kind="train") as logged:
        run, experiment = logged.open(), connection.experiment_id()
    assert is_own_answered(tracking_server, run, experiment)
    assert leaks(tracking_server, run, experiment) == []


def test_what_works_on_the_built_in_store_works_on_a_server(
    on_server: Callable[..., str], command: Callable[..., Outcome], root: Path
) -> None:
    on_server("train.py", "-m", "k=4,5", "data.n_profiles=300")
    connection.connect()
    best = history.best_run_id()
    assert len(history.sweep_runs(history.newest_sweep())) == 2
    assert MlflowClient().get_run(best).info.artifact_uri.startswith("mlflow-artifacts:/")

    assert "Report" in on_server("scripts/profile_segments.py")
    listed = {Path(file.path).name for file in MlflowClient().list_artifacts(best, "segments")}
    assert listed == {"segments.csv", "accounts.csv", "segments.json", "report.html"}

    assert "is now the champion" in on_server("scripts/promote_model.py")
    assert "nothing was changed" in command("scripts/promote_model.py").out
    first, model = versions.load_champion()
    assert first.run_id == best
    names = model.names
    mine = f"Rick & Morty's fans of version {first.version}"
    listing = on_server("scripts/models.py", f"rename={names[0]}", f"to={mine}")
    assert listing.count("champion") == 1
    renamed, model = versions.load_champion()
    assert (renamed.version != first.version, model.names) == (True, [mine, *names[1:]])
    profiles, _ = make_profiles(300, seed=0)
    champion = mlflow.pyfunc.load_model("models:/tiktok-influencer-segments@champion")
    assert set(champion.predict(profiles)) == set(model.names)

    profiles.to_csv(root / "new.csv", index=False)
    on_server("scripts/assign_segments.py", f"data.path={root / 'new.csv'}", "output=assigned.csv")
    assigned = pd.read_csv(root / "elsewhere" / "assigned.csv")
    assert assigned["segment"].tolist() == champion.predict(profiles).tolist()

    back = command("scripts/promote_model.py", f"version={first.version}")
    assert back.status == 0, back.err
    assert versions.load_champion()[1].names == names
    assert not (root / "mlruns").exists()


def test_the_server_answers_to_its_own_names_only(tracking_server: str) -> None:
    address = f"{tracking_server}/api/2.0/mlflow/experiments/search"

    def status(**headers: str) -> int:
        question = {"max_results": 1}
        return requests.post(address, json=question, headers=headers, timeout=30).status_code

    assert status(Host="mlflow:5000") == 200  # how the champion's container calls it
    assert status(Host=TEAM_HOST, Origin=f"https://{TEAM_HOST}") == 200
    assert status(Host="elsewhere.example.org") == 403
    assert status(Origin="https://elsewhere.example.org") == 403


RACE = """
import runpy, sys, time
from pathlib import Path
from tiktok_segments.registry import versions

script, folder, number, step = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
take = getattr(versions, step)

def wait_for(*names):
    deadline = time.monotonic() + 120
    while not all((folder / name).exists() for name in names) and time.monotonic() < deadline:
        time.sleep(0.001)

def take_with_the_other(*arguments):
    (folder / number).touch()
    wait_for("0", "1")
    if step == "make_champion" and number == "1":
        wait_for("moved")
    done = take(*arguments)
    if step == "make_champion":
        (folder / "moved").touch()
    return done

setattr(versions, step, take_with_the_other)
sys.argv = [script, *sys.argv[5:]]
runpy.run_path(script, run_name="__main__")
"""
"""A script whose promotion, judged and ready, waits for the other one's before it takes a step."""


@pytest.mark.parametrize(
    ("store", "step", "registered"),
    [("built-in", "promotion_lock", 1), ("server", "make_champion", 2)],
)
def test_of_two_promoting_processes_one_wins_and_the_other_says_so(
    store: str,
    step: str,
    registered: int,
    command: Callable[..., Outcome],
    root: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if store == "server":
        monkeypatch.setenv("MLFLOW_TRACKING_URI", request.getfixturevalue("tracking_server"))
    connection.connect()
    before = versions.champion()
    known = len(versions.versions())
    runs = [trained_run(command, seed) for seed in (1, 2)]
    (meeting := root / "meeting").mkdir()
    (race := root / "race.py").write_text(RACE)
    script = str(PROJECT / "scripts" / "promote_model.py")
    started = [
        ForkedCommand(
            [str(race), script, str(meeting), str(number), step, f"run={run}"],
            root, os.environ, meeting / f"out{number}", meeting / f"err{number}",
        )
        for number, run in enumerate(runs)
    ]  # fmt: skip
    ended = [process.wait(timeout=180) for process in started]
    said = [[(meeting / f"{kind}{n}").read_text() for n in (0, 1)] for kind in ("out", "err")]
    assert sorted(ended) == [0, 1], said
    winner = ended.index(0)
    assert "is now the champion" in said[0][winner]
    assert "Another promotion" in said[1][1 - winner]
    left = "nothing was changed" if registered == 1 else "is not the champion"
    assert left in said[1][1 - winner]
    champion = versions.champion()
    assert champion is not None
    assert champion.run_id == runs[winner]
    assert champion.version != (before and before.version)
    assert len(versions.versions()) == known + registered
    # The loser can try again, and is judged against the winner.
    again = command("scripts/promote_model.py", f"run={runs[1 - winner]}")
    assert again.status == 0, again.err


def trained_run(command: Callable[..., Outcome], seed: int) -> str:
    outcome = command("train.py", "k=5", "data.n_profiles=300", f"seed={seed}")
    assert outcome.status == 0, outcome.err
    (run,) = MlflowClient().search_runs([connection.experiment_id()], max_results=1)
    return str(run.info.run_id)
