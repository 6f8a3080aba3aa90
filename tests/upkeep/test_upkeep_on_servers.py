"""Status and pruning of a store that a server keeps: by its requests, and by its database."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from mlflow import MlflowClient

from commands import Outcome
from deployment import Team
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.holdings import Database
from tiktok_segments.tracking.holdings.removal import known_owners
from tiktok_segments.tracking.runs import record_run

pytestmark = pytest.mark.xdist_group("tracking server")

DIRECT = "postgresql+psycopg:///mlflow"


@pytest.fixture
def at_server(team: Team, root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have commands use an address, in an experiment of this test's own."""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", f"of {root.name}")
    for name, value in team.database.variables.items():
        monkeypatch.setenv(name, value)

    def use(address: str) -> None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        connection.connect()

    use(team.address)
    return use


def add(kind: str, *, fails: bool = False) -> str:
    """Log a run with a file and a model; return its id."""
    with suppress(ValueError), record_run("a run", kind) as run:
        run_id = run.open()
        run.files["comparison.json"] = "{}"
        client = MlflowClient()
        model = client.create_logged_model(
            connection.experiment_id(), name="model", source_run_id=run_id
        )
        client.log_model_artifact(model.model_id, __file__)
        if fails:
            raise ValueError("it failed")
    return run_id


def test_on_a_server_failed_runs_go_with_their_files_and_in_its_database_with_their_rows(
    command: Callable[..., Outcome],
    at_server: Callable[[str], None],
    team: Team,
    root: Path,
) -> None:
    failed, week, fine = add("train", fails=True), add("weekly", fails=True), add("compare")
    before = command("scripts/store.py", "status")
    assert before.status == 0, before.err
    assert before.out.count(f"of {root.name}") == 3 and team.address in before.out
    assert "The artifacts of" in before.out  # models without a model's files
    prune = ("scripts/store.py", "prune", "failed=true")
    dry = command(*prune)
    assert "Would be removed" in dry.out and DIRECT in dry.out
    assert "the history of the weeks" in dry.out
    assert list(team.artifacts.rglob(f"{failed}/artifacts/comparison.json"))
    done = command(*prune, "dry_run=false")
    assert done.status == 0, done.err
    assert "1 run and 1 model" in done.out
    assert not list(team.artifacts.rglob(f"{failed}/artifacts/*"))
    assert len(list(team.artifacts.rglob("models/*/artifacts/test_upkeep_on_servers.py"))) == 2
    assert "nothing to remove" in command(*prune).out

    by_hand = Database(DIRECT)
    assert known_owners(by_hand) >= {failed, week, fine}
    at_server(DIRECT)
    directly = command("scripts/store.py", "prune", "deleted=true", "dry_run=false")
    assert directly.status == 0, directly.err
    assert "prune by its address" in directly.out and "smaller" in directly.out
    kept = known_owners(by_hand)
    assert failed not in kept and kept >= {week, fine}
    with by_hand.reading() as rows:
        query = sa.text("SELECT COUNT(*) FROM tags WHERE run_uuid = :run")
        assert rows.execute(query, {"run": failed}).scalar_one() == 0
    stays = command("scripts/store.py", "prune", "older_than=0")
    assert "files that only the server hands out" in stays.out
    told = command("scripts/store.py", "status")
    assert told.status == 0 and "database" in told.out
    assert "they were not looked at" in told.out and "is missing" not in told.out
    refused = command("scripts/store.py", "backup")
    assert refused.status == 1 and "pg_dump" in refused.err
