"""The report of many accounts in a browser, and the shortlist of handles of any kind."""

from pathlib import Path
from statistics import median

import pandas as pd
import pytest
from playwright.sync_api import Browser

from examples import HOSTILE, make_accounts, make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.shortlist import write_shortlist
from tiktok_segments.segments.choice import Wanted, make_shortlist


@pytest.fixture(scope="module")
def report_of_many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of 6,000 accounts: more than its table holds."""
    many = pd.concat([make_accounts(100)] * 60, ignore_index=True)
    many["account_id"] = [f"many_{number}" for number in range(len(many))]
    file = tmp_path_factory.mktemp("many") / "many.html"
    file.write_text(render_report(make_segmentation(many), make_lineage()), encoding="utf-8")
    return file


TO_THE_NEXT_FRAME = """
async (act) => {
  Function(act)();
  await new Promise((painted) => requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its message comes after the frame was drawn
    channel.port1.onmessage = painted;
    channel.port2.postMessage(null);
  }));
}
"""
SORTED = "document.querySelectorAll('#accounts-table thead .dt-column-order')[4].click();"
FILTERED = """
const field = document.getElementById("search");
field.value = field.value ? "" : "1";
field.dispatchEvent(new Event("input", { bubbles: true }));
"""


def test_a_page_of_many_accounts_opens_sorts_and_filters_at_once(
    browser: Browser, report_of_many: Path
) -> None:
    """Times are the processor's, not the clock's: those a busy machine leaves as they are."""
    assert report_of_many.stat().st_size < 10_000_000
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds_so_far() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def seconds_of(act: str) -> float:
        before = seconds_so_far()
        page.evaluate(TO_THE_NEXT_FRAME, act)
        return seconds_so_far() - before

    page.goto(report_of_many.as_uri())
    assert 0 < seconds_so_far() < 2
    shown = page.evaluate("accounts.length")
    assert 3_000 < shown <= 5_000
    assert page.get_by_text(f"This page holds {shown:,} of 6,000 accounts").is_visible()
    assert page.locator("#map-drawing g circle").count() == 3_000
    page.select_option(".dt-length select", "50")
    page.locator("#accounts").scroll_into_view_if_needed()
    for act in (SORTED, FILTERED):
        assert 0 < median(seconds_of(act) for _ in range(6)) < 0.1, act
    page.close()


def test_the_shortlist_breaks_no_handle_that_people_have(browser: Browser, tmp_path: Path) -> None:
    frame = make_accounts().iloc[len(HOSTILE) :].sort_values("followers", ascending=False)
    longest = [f"somebody_with_20_to_{number:04}" for number in range(len(frame))]
    frame["account_id"] = ["long_" * 11, *longest[1:]]  # TikTok's have up to 24 characters
    segmentation = make_segmentation(frame.reset_index(drop=True))
    wanted = Wanted(goal="reach", n=20)
    shortlist = make_shortlist(segmentation.accounts, wanted)
    _, file = write_shortlist(shortlist, wanted, segmentation, tmp_path)
    page = browser.new_page(viewport={"width": 800, "height": 900})
    page.goto(file.as_uri())
    heights = page.locator("bdi").evaluate_all("all => all.map(one => one.offsetHeight)")
    widths = page.locator("bdi").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert set(heights[1:]) == {heights[1]}
    assert heights[0] >= 2 * heights[1]  # a longer one does not push the others off the page
    assert max(widths) <= 18 * 16
    page.close()
