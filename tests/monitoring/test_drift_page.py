"""The page on two exports as a reader has it, and its figures."""

import html
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from omegaconf import OmegaConf
from playwright.sync_api import Browser

from examples import CONF, HOSTILE, make_accounts, make_named_model
from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.language import ENGLISH, read_language
from tiktok_segments.monitoring.comparison.exports import ExportComparison, compare_exports
from tiktok_segments.monitoring.comparison.rising import Rising
from tiktok_segments.monitoring.drift_plots import draw_drift
from tiktok_segments.monitoring.thresholds import read_thresholds
from tiktok_segments.plots import as_png
from tiktok_segments.reports.compare_exports import (
    print_export_comparison,
    render_export_comparison,
)
from tiktok_segments.reports.crossing_plots import draw_movement

THRESHOLDS = read_thresholds(OmegaConf.load(CONF / "drift" / "standard.yaml"))
RISING = Rising(growth=0.25, followers=0, n=1000)


def export(frame: pd.DataFrame, source: str) -> Dataset:
    empty = pd.DataFrame()
    return Dataset(frame, source, "0" * 64, False, empty, empty, ())


@pytest.fixture(scope="module")
def found() -> ExportComparison:
    """Accounts of hostile names that all tripled their followers, by two models."""
    old = make_accounts(400)
    new = old.assign(followers=3 * old["followers"])
    models = make_named_model(old, k=3), make_named_model(old, k=4)
    named = [replace(m, facts={"synthetic": False}, address=f"models:/m/{n}")
             for n, m in enumerate(models)]  # fmt: skip
    exports = export(old, f"/data/{HOSTILE[0]}.csv"), export(new, "/data/new.csv")
    return compare_exports(*exports, *named, THRESHOLDS, RISING)


def render(found: ExportComparison) -> str:
    pictures = {name: as_png(figure) for name, figure in draw_movement(found).items()}
    return render_export_comparison(found, pictures, THRESHOLDS, RISING)


def test_growth_from_no_followers_is_printed_as_a_dash(
    found: ExportComparison, capsys: pytest.CaptureFixture[str]
) -> None:
    print_export_comparison(replace(found, rising=found.rising.head(1).assign(growth=np.nan)))
    printed = capsys.readouterr().out
    assert "Rising: 1 listed" in printed and "nan" not in printed


@pytest.fixture(scope="module")
def page(found: ExportComparison) -> str:
    return render(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_sandbox_the_page_asks_for_nothing_runs_nothing_and_can_be_read_by_all(
    browser: Browser, page: str, tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "frame.html"
    text = html.escape(page)
    file.write_text(
        f'<!doctype html><html lang="en"><title>x</title><iframe title="page" width="390" '
        f'height="800" sandbox="allow-scripts" srcdoc="{text}"></iframe>'
    )
    context = browser.new_context(color_scheme=scheme)
    tab = context.new_page()
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("request", lambda request: heard.append(request.url))
    tab.on("dialog", lambda dialog: heard.append(dialog.message))
    tab.goto(file.as_uri())
    frame = tab.frames[1]
    assert (
        frame.locator("h1").inner_text()
        == "The accounts are no longer as before: retrain the model"
    )
    assert frame.locator("img").count() == 4
    assert frame.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert frame.evaluate("document.documentElement.scrollWidth") <= 390
    assert not frame.evaluate("'hacked' in window")
    assert [url for url in heard if not url.startswith("data:image/png")] == [file.as_uri()]
    tab.set_content(page)
    assert Axe().run(tab).violations_count == 0
    context.close()


def test_accounts_are_linked_by_their_handles_only(browser: Browser, page: str) -> None:
    tab = browser.new_page()
    tab.set_content(page)
    links = tab.locator("main a").evaluate_all("all => all.map(one => one.href)")
    assert len(links) > 100
    assert all(link.startswith("https://www.tiktok.com/@") for link in links)
    tab.close()


def test_the_page_tells_the_accounts_moves_from_the_models(
    found: ExportComparison, page: str
) -> None:
    assert found.churn is not None
    for words in ("version 0, then version 1", "moved: the model changed", "All by the old model."):
        assert words in page
    alone = replace(found, churn=None, new_model=found.old_model)
    single = render(alone)
    assert "the model changed" not in single


def test_the_figures_say_by_how_much_and_cut_no_label_off(found: ExportComparison) -> None:
    shares, features = draw_drift(found.drift).values()
    said = [text.get_text() for text in shares.axes[0].texts]
    change = found.drift.of("share")[0]
    points = f"{ENGLISH.signed(100 * (change.values['now'] - change.values['then']))} points"
    assert points in said[1]
    indices = [text.get_text() for text in features.axes[0].texts]
    assert indices[0].endswith(", higher: retrain")
    assert indices[-2:] == [" watch", " retrain"]
    (german,) = list(draw_drift(found.drift, read_language("de")).values())[1].axes
    ticks = "".join(label.get_text() for label in german.get_xticklabels())
    assert "," in ticks and "." not in ticks
    for figure in (shares, features):
        figure.draw_without_rendering()
        for text in figure.axes[0].texts:
            assert text.get_window_extent().x1 <= figure.bbox.x1, text.get_text()
