"""An account that is forgotten on a server: by its requests, and by its database itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from mlflow import MlflowClient

from commands import Outcome
from deployment import Team
from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.holdings import Database, RemoteFile, Server, replace_file
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.upkeep.forgetting import finish_pending, forget, journal, look
from tiktok_segments.upkeep.forgetting.words import Name
from traces import traces

pytestmark = pytest.mark.xdist_group("tracking server")

MAYA = Name("maya_b2")
TABLE = pd.DataFrame({"account_id": ["leo", "maya_b2"], "followers": [1, 765_432]})
DIRECT = "postgresql+psycopg:///mlflow"


@pytest.fixture
def server(team: Team, root: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose runs, models and experiments name the account wherever they can."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", team.address)
    for name, value in team.database.variables.items():
        monkeypatch.setenv(name, value)
    connection.connect()
    client = MlflowClient()
    for number in (1, 2):
        with record_run(f"run {number} of @maya_b2", "train") as run:
            run.files["segments/accounts.csv"] = TABLE.to_csv(index=False)
            run.files["drift.json"] = json.dumps({"movers": [{"account_id": "@Maya_b2"}]})
            run.tags["mine"] = "of maya_b2"
            run.params["asked_by"] = "maya_b2"
        model = client.create_logged_model(
            connection.experiment_id(), tags={"by": "maya_b2"}, source_run_id=run.open()
        )
    client.delete_run(run.open())
    client.set_experiment_tag(connection.experiment_id(), "by", "maya_b2")
    if not client.search_registered_models("name = 'hers'"):
        client.create_registered_model("hers")
    client.update_registered_model("hers", "with @maya_b2")
    client.set_registered_model_tag("hers", "by", "maya_b2")
    source = f"models:/{model.model_id}"
    version = client.create_model_version("hers", source, run.open(), model_id=model.model_id)
    client.update_model_version("hers", version.version, "for maya_b2")
    client.set_model_version_tag("hers", version.version, "by", "maya_b2")
    return Server(team.address)


def kept_bytes(team: Team, root: Path) -> list[tuple[str, str]]:
    """Return where the account is in the project, the artifacts and the database's own files."""
    with psycopg.connect(dbname="mlflow", autocommit=True) as store:
        store.execute("CHECKPOINT")
    folders = [root, team.artifacts, team.database.files / "base"]
    return traces(folders, ["maya_b2", "765432"])


def test_nothing_of_an_account_is_left_on_a_server_and_what_is_out_of_reach_is_told(
    command: Callable[..., Outcome],
    server: Server,
    team: Team,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = root / "outputs" / "report.html"
    page.parent.mkdir()
    page.write_text("<p>by @maya_b2</p>")
    with psycopg.connect(dbname="mlflow", autocommit=True) as store:
        store.execute("ANALYZE")  # as the server does by itself: statistics have common values
    before = kept_bytes(team, root)
    looked = look(server, root, [MAYA])
    assert kept_bytes(team, root) == before
    assert len(looked.files) == 5 and len(looked.cells) == 10
    assert {cell.table for cell in looked.fixed} == {"params", "runs", "tags"}
    asked = ("scripts/privacy.py", "forget", "account=@maya_b2")
    over_http = command(*asked)
    assert over_http.status == 0, over_http.err
    assert "5 files written anew" in over_http.out and "params.value: 2" in over_http.out
    assert DIRECT in over_http.out
    assert traces([root, team.artifacts], ["maya_b2", "765432"]) == []
    left = look(server, root, [MAYA])
    assert (left.files, left.cells, left.fixed) == ((), (), looked.fixed)

    monkeypatch.setenv("MLFLOW_TRACKING_URI", DIRECT)
    by_hand = command(*asked)
    assert by_hand.status == 0, by_hand.err
    assert "params.value: 2" in by_hand.out and "pg_wal" in by_hand.out
    assert "mlflow-artifacts:" in by_hand.out  # which the server hands out, and has none of hers
    assert kept_bytes(team, root) == []
    monkeypatch.setenv("MLFLOW_TRACKING_URI", team.address)
    connection.connect()
    (run, *_) = MlflowClient().search_runs(
        [connection.experiment_id()], "tags.mine = 'of forgotten'"
    )
    assert run.data.params["asked_by"] == "forgotten"


def test_a_forgetting_that_was_cut_off_is_finished_on_its_own_server(
    server: Server, team: Team, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[RemoteFile] = []

    def break_off(file: RemoteFile, content: Path) -> None:
        if sent:
            raise StoreError("The MLflow tracking server does not answer any more.")
        sent.append(file)
        replace_file(file, content)

    with monkeypatch.context() as broken:
        broken.setattr(journal, "replace_file", break_off)
        with pytest.raises(InputError, match="not forgotten yet"):
            forget(server, root, [MAYA])
    with pytest.raises(InputError, match=team.address):
        finish_pending(Database(DIRECT), root)
    assert finish_pending(server, root)
    assert not finish_pending(server, root)
    assert traces([root, team.artifacts], ["maya_b2", "765432"]) == []
    assert look(server, root, [MAYA]).cells == ()
    forget(Database(DIRECT), root, [MAYA])
    assert kept_bytes(team, root) == []


def test_a_server_that_is_gone_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql+psycopg://me:secret@127.0.0.1:9/mlflow")
    gone = Database("postgresql+psycopg://me:secret@127.0.0.1:9/mlflow")
    with pytest.raises(InputError, match=r"me:\*\*\*@127.0.0.1:9/mlflow cannot be read"):
        look(gone, root, [MAYA])
