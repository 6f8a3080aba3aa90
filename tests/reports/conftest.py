"""The report of invented accounts, opened from disk as a reader opens it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from examples import make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.segments.segmentation import Segmentation


@pytest.fixture(scope="module")
def segmentation() -> Segmentation:
    return make_segmentation()


@pytest.fixture(scope="module")
def report(segmentation: Segmentation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(render_report(segmentation, make_lineage()), encoding="utf-8")
    return file


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """Open the report from disk; whatever the console or the network hears of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(report.as_uri())
    yield page
    context.close()
    # A view in the address is told as a request of the page itself.
    assert [line for line in heard if line.partition("#")[0] != report.as_uri()] == []
