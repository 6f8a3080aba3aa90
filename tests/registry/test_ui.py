"""The sweep in MLflow's user interface, in a real browser."""

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest
import requests
from playwright.sync_api import Browser, expect

from commands import PROJECT, Outcome
from hostile import is_own_answered, leaks
from servers import answers, free_port, running
from tiktok_segments.errors import InputError
from tiktok_segments.registry import user_interface as user_interface_module
from tiktok_segments.tracking import connection, history
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.tracking.store import model_name


@contextmanager
def user_interface(folder: Path) -> Iterator[str]:
    """Open the user interface of a project's store as `make ui` does; wait until it answers."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, PROJECT / "scripts" / "ui.py", f"port={port}"]
    variables = {"MLFLOW_WORKERS": "1"}
    with running(command, partial(answers, f"{address}/health"), folder / "ui.log", variables):
        yield address


def status(address: str, host: str) -> int:
    """Return the status that a request for the experiments has under a name of the server."""
    search = f"{address}/ajax-api/2.0/mlflow/experiments/search?max_results=5"
    return requests.get(search, headers={"Host": host}, timeout=60).status_code


def test_the_interface_answers_under_names_of_this_machine_only_and_starts_no_jobs(
    root: Path,
) -> None:
    connection.connect()
    with record_run("a run", kind="train") as logged:
        run, experiment = logged.open(), connection.experiment_id()
    with user_interface(root) as address:
        assert is_own_answered(address, run, experiment)
        assert leaks(address, run, experiment) == []
        port = address.rpartition(":")[2]
        for host in ("10.evil.com", "192.168.evil.com", f"10.evil.com:{port}", "evil.localhost"):
            assert status(address, host) == 403, host
        for host in (f"localhost:{port}", f"127.0.0.1:{port}"):
            assert status(address, host) == 200, host
        started = [
            # What has ended, as of another test, has no command any more.
            " ".join(process.as_dict(["cmdline"], ad_value=[])["cmdline"])
            for process in psutil.Process().children(recursive=True)
        ]
        programs = [
            program
            for program in started
            if "forkserver" not in program and (str(port) in program or "jobs" in program)
        ]
        assert not any("jobs" in program or "huey" in program for program in programs), programs


def test_what_the_readme_exports_closes_a_bare_interface_as_ours_is_closed() -> None:
    exported = re.search(r"`export (MLFLOW_SERVER[^`]+)`", (PROJECT / "README.md").read_text())
    assert exported is not None
    variables = dict(word.split("=") for word in shlex.split(exported[1]))
    assert variables.items() <= user_interface_module.CLOSED.items()
    assert "MLFLOW_SERVER_ALLOWED_HOSTS" in variables


def test_a_tracking_server_has_an_interface_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(user_interface_module, "store_address", lambda: "http://127.0.0.1:5000")
    with pytest.raises(InputError, match="open its own interface"):
        user_interface_module.open_interface(5001)


def test_the_interface_says_what_happened_and_opens_the_elbow_and_the_report(
    command: Callable[..., Outcome], champion_root: Path, browser: Browser
) -> None:
    command("train.py", "-m", "k=2,3,4,5", "data.n_profiles=200")
    sweep, best = history.newest_sweep(), history.best_run_id()
    command("scripts/profile_segments.py")
    client = connection.client()
    version = client.get_model_version_by_alias(model_name(), "champion")
    own = client.get_run(best).outputs.model_outputs[0].model_id
    named = version.source.rpartition("/")[2]
    experiment = f"/#/experiments/{connection.experiment_id()}"
    pages = {
        f"{experiment}/runs/{sweep}": "Best run:",
        f"{experiment}/runs/{best}": "[2-5] segments of 200",
        f"{experiment}/models/{own}": "Answers with numbers of clusters",
        f"{experiment}/models/{named}": "Answers with names of segments",
        f"/#/models/{version.name}": "Puts a TikTok profile into one of the named",
        f"/#/models/{version.name}/versions/{version.version}": "promoted",
    }
    with user_interface(champion_root) as address:
        page = browser.new_page(viewport={"width": 1800, "height": 1000})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(connection.training_runs_page(address))
        parent = page.get_by_role("gridcell", name=re.compile(r"k 2 to 5, core, standard"))
        parent.get_by_role("button").first.click(timeout=60_000)  # unfolds the sweep
        for k in (2, 3, 4, 5):
            name = re.compile(rf"core, standard, k={k}( \(best\))?$")
            expect(page.get_by_text(name).first).to_be_visible(timeout=60_000)
        for column in ("chosen_k", "segmentation.best", "silhouette", "gate_z"):
            expect(page.get_by_role("columnheader", name=column).first).to_be_visible()
        expect(page.get_by_text("Start with a sweep's description").first).to_be_attached()
        page.goto(f"{address}{experiment}/runs/{sweep}/artifacts/figures/elbow.png")
        picture = page.locator("img[src^='blob:'], img[src*='elbow']").first
        expect(picture).to_be_visible(timeout=60_000)
        assert picture.evaluate("image => image.naturalWidth") > 300
        page.goto(f"{address}{experiment}/runs/{best}/artifacts/segments/report.html")
        inside = page.frame_locator("iframe").last
        expect(inside.locator("#map-drawing svg")).to_be_visible(timeout=60_000)
        name = inside.locator("#accounts-table tbody bdi").first.inner_text().removeprefix("@")
        inside.locator("#search").fill(name)
        expect(inside.locator(".dt-info")).to_have_text(re.compile("1 to 1 of 1 account"))
        inside.locator("#accounts-table .decide select").select_option("yes")
        expect(inside.locator("#decisions-kept")).to_have_text(re.compile("cannot keep them"))
        inside.locator("#decisions-export").click()
        assert f"{name},yes" in inside.locator("#export-text").input_value()
        for place, words in pages.items():
            page.goto(address + place)
            expect(page.get_by_text(re.compile(words)).first).to_be_visible(timeout=60_000)
            assert page.get_by_text("No description").count() == 0, place
        assert errors == []
        page.close()
