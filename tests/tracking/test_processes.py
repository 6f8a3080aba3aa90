import os
import signal
import subprocess
import sys
import time

import pytest
from mlflow import MlflowClient

from tiktok_segments.tracking import connection, run_log, run_names
from tiktok_segments.tracking.processes import (
    describe_owner,
    is_gone,
    mark_cut_runs,
    start_time,
    this_host,
    this_process,
)
from tiktok_segments.tracking.run_names import OWNER


def owner_of(pid: int) -> str:
    return f"{this_host()} {pid} {start_time(pid)}"


def test_a_process_is_there_until_it_has_ended() -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = owner_of(other.pid)
    assert not is_gone(owner)
    other.kill()
    deadline = time.monotonic() + 10
    while not is_gone(owner) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert is_gone(owner)  # not yet reaped by its parent, and yet it runs no more
    other.communicate()
    assert is_gone(owner)


def test_a_process_that_got_the_id_of_another_is_not_that_other() -> None:
    assert is_gone(f"{this_host()} {os.getpid()} {start_time(1)}")


def test_a_process_of_another_host_is_never_called_gone() -> None:
    assert not is_gone("elsewhere/4026531836 999999 boot-1")


def test_a_process_that_cannot_be_seen_is_not_called_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert not is_gone(f"{this_host()} 4194305 boot-1")  # an id that Linux gives to no process


def test_a_start_is_the_same_in_every_time_zone_and_for_a_clock_that_is_set_a_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = start_time(os.getpid())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert start_time(os.getpid()) == here
    assert not is_gone(f"{this_host()} {os.getpid()} {here - 1}")
    assert is_gone(f"{this_host()} {os.getpid()} {here - 60}")


def test_of_what_an_earlier_version_signed_only_the_process_id_counts() -> None:
    assert not is_gone(f"{this_host()} {os.getpid()} 0f3a-12345")
    assert is_gone(f"{this_host()} 4194305 0f3a-12345")  # an id that Linux gives to no process


def test_an_owner_is_told_in_words() -> None:
    assert describe_owner("maya-laptop/4026531836 12 boot-7") == "process 12 on maya-laptop"


@pytest.mark.usefixtures("root")
def test_of_three_running_runs_only_the_one_whose_process_is_gone_is_marked() -> None:
    connection.connect()
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owners = {
        "mine": this_process(),
        "elsewhere": "elsewhere/1 1 boot-1",
        "killed": owner_of(ended.pid),
    }
    ended.send_signal(signal.SIGKILL)
    ended.communicate()
    ids = {name: run_log.open_sweep_run(name) for name in owners}
    for name, owner in owners.items():
        MlflowClient().set_tag(ids[name], OWNER, owner)
    assert mark_cut_runs() == [ids["killed"]]
    runs = {name: MlflowClient().get_run(run_id) for name, run_id in ids.items()}
    assert {name: run.info.status for name, run in runs.items()} == {
        "mine": "RUNNING",
        "elsewhere": "RUNNING",
        "killed": "KILLED",
    }
    assert str(ended.pid) in runs["killed"].data.tags[run_names.ERROR]
    assert mark_cut_runs() == []


@pytest.mark.usefixtures("root")
def test_a_run_that_another_process_has_taken_over_meanwhile_is_not_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection.connect()
    sweep_id = run_log.open_sweep_run("a sweep")
    connection.client().set_tag(sweep_id, OWNER, f"{this_host()} 4194305 boot-1")
    stale = connection.client().search_runs([connection.experiment_id()])
    connection.client().set_tag(sweep_id, OWNER, this_process())
    monkeypatch.setattr(MlflowClient, "search_runs", lambda *_, **__: stale)
    assert mark_cut_runs() == []
    assert connection.client().get_run(sweep_id).info.status == "RUNNING"
