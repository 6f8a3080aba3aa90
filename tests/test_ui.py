"""The sweep in MLflow's user interface, in a real browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, expect

from commands import Outcome
from servers import answers, free_port, running
from tiktok_segments import history, tracking


@contextmanager
def user_interface(folder: Path) -> Iterator[str]:
    """Start a bare `mlflow ui` in a folder and wait until it answers."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = ["mlflow", "ui", "--port", str(port), "--workers", "1"]
    with running(command, partial(answers, f"{address}/health"), folder / "ui.log"):
        yield address


def test_a_bare_mlflow_ui_lists_the_runs_and_opens_the_elbow(
    command: Callable[..., Outcome], root: Path, browser: Browser
) -> None:
    command("train.py", "-m", "k=2,3,4,5", "data.n_profiles=200")
    experiment = tracking.experiment_id()
    sweep = history.newest_sweep()
    with user_interface(root) as address:
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.goto(f"{address}/#/experiments/{experiment}/runs")
        parent = page.get_by_role("gridcell", name=re.compile(r"k=2,3,4,5 data"))
        parent.get_by_role("button").first.click(timeout=60_000)  # unfolds the sweep
        for k in (2, 3, 4, 5):
            name = re.compile(rf"core, standard, k={k}$")
            expect(page.get_by_text(name).first).to_be_visible(timeout=60_000)
        page.goto(f"{address}/#/experiments/{experiment}/runs/{sweep}/artifacts/figures/elbow.png")
        picture = page.locator("img[src^='blob:'], img[src*='elbow']").first
        expect(picture).to_be_visible(timeout=60_000)
        assert picture.evaluate("image => image.naturalWidth") > 300
        page.close()
