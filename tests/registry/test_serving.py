"""The champion over HTTP, as `make serve` starts it."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import requests

from commands import PROJECT, Outcome
from servers import free_port, running
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection


def test_the_server_answers_as_the_champion_and_names_a_missing_column(
    champion_root: Path,
) -> None:
    connection.connect()
    _, model = versions.load_champion()
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{address}/ping", timeout=1).ok
        except requests.RequestException:
            return False

    command = [sys.executable, PROJECT / "scripts/serve_model.py", f"port={port}"]
    with running(command, answers, champion_root / "server.log"):
        assert str(port) in (champion_root / "server.log").read_text()
        profiles, _ = make_profiles(200, seed=8)
        frame = profiles[model.columns]
        expected = model.pipeline.predict(frame).tolist()
        for rows in (
            {"dataframe_records": frame.to_dict("records")},
            {"dataframe_split": frame.to_dict("split")},
        ):
            answer = requests.post(f"{address}/invocations", json=rows, timeout=30)
            assert answer.status_code == 200, answer.text
            assert answer.json()["predictions"] == expected
        for name in ("10.evil.com", f"192.168.evil.com:{port}", "evil.localhost"):
            answer = requests.post(
                f"{address}/invocations", json=rows, headers={"Host": name}, timeout=30
            )
            assert answer.status_code == 400, name
            assert answer.text == "Invalid host header"
        lacking = {"dataframe_records": frame.drop(columns="videos").to_dict("records")}
        answer = requests.post(f"{address}/invocations", json=lacking, timeout=30)
        assert answer.status_code == 400
        assert "missing columns videos" in answer.json()["message"]


def test_a_champion_that_was_tampered_with_is_not_served(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    connection.connect()
    version = versions.champion()
    model_id = version.source.removeprefix("models:/")
    model = champion_root / f"mlruns/models/{model_id}/artifacts/MLmodel"
    model.write_text(model.read_text() + "\n# changed\n")
    outcome = command("scripts/serve_model.py", f"port={free_port()}")
    assert outcome.status == 1
    assert "not what was promoted" in outcome.err


def test_what_cannot_be_served_is_told_in_plain_words(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    for port in ("0", "many", "65536", "true"):
        outcome = command("scripts/serve_model.py", f"port={port}")
        assert (outcome.status, "1 to 65535" in outcome.err) == (1, True)
    connection.connect()
    run = versions.champion().run_id
    address = f"model=runs:/{run}/named_model"
    outcome = command("scripts/serve_model.py", address)
    assert (outcome.status, "Promote it first" in outcome.err) == (1, True)


def test_names_that_are_none_are_told_in_a_line(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    for names in ("[]", "*", "[localhost,3]", "''"):
        outcome = command("scripts/serve_model.py", f"names={names}")
        assert (outcome.status, "give names of this server" in outcome.err) == (1, True)


def test_a_port_in_use_is_told_in_a_line(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = command("scripts/serve_model.py", f"port={port}")
    assert outcome.status == 1
    assert f"Port {port} of 127.0.0.1 cannot be opened: Address already in use" in outcome.err
    assert "Traceback" not in outcome.err
