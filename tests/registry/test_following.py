"""A running server follows the champion, and loses no request on the way."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests

from commands import PROJECT, Outcome
from servers import answers, free_port, running
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.registry import versions
from tiktok_segments.tracking import connection

PACE = 0.02
"""Seconds from one request to the next: fifty a second."""


def wait_for(seen: list[tuple[int, str, str]], version: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not seen or seen[-1][1] != version:
        assert time.monotonic() < deadline, seen[-3:]
        time.sleep(0.05)


def test_a_promotion_and_a_rollback_under_requests_lose_none(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    connection.connect()
    _, model = versions.load_champion()
    profiles, _ = make_profiles(200, seed=8)
    rows = {"dataframe_records": profiles[model.columns].head(1).to_dict("records")}
    (name,) = model.pipeline.predict(profiles[model.columns].head(1))
    port, done = free_port(), threading.Event()
    address = f"http://127.0.0.1:{port}"
    seen: list[tuple[int, str, str]] = []

    def ask() -> None:
        with requests.Session() as session:
            while not done.wait(PACE):
                answer = session.post(f"{address}/invocations", json=rows, timeout=30)
                said = answer.json().get("predictions", [answer.text])[0]
                seen.append((answer.status_code, answer.headers["x-model-version"], said))

    program = [sys.executable, PROJECT / "scripts/serve_model.py", f"port={port}", "follow=1"]
    with running(program, lambda: answers(f"{address}/ping"), champion_root / "server.log"):
        asking = threading.Thread(target=ask)
        asking.start()
        try:
            wait_for(seen, "1")
            renamed = command("scripts/models.py", f"rename={name}", "to=Our own")
            assert renamed.status == 0, renamed.err
            wait_for(seen, "2")
            assert command("scripts/promote_model.py", "version=1").status == 0
            wait_for(seen, "1")
        finally:
            done.set()
            asking.join()
        foreign = {"Origin": "https://evil.example"}
        answer = requests.post(f"{address}/invocations", json=rows, headers=foreign, timeout=30)
        assert (answer.status_code, name in answer.text) == (403, False)
    assert {status for status, _, _ in seen} == {200}
    assert {(version, said) for _, version, said in seen} == {("1", name), ("2", "Our own")}
    log = (champion_root / "server.log").read_text()
    assert "Version 2 answers now, before it version 1." in log
