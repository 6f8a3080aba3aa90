"""The report as a reader has it: in Chromium, from disk, in a sandbox and in MLflow."""

import html
import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from examples import HOSTILE, make_accounts, make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.shortlist import write_shortlist
from tiktok_segments.segments.choice import Wanted, make_shortlist
from tiktok_segments.segments.segmentation import Segmentation

UNSAFE = r"^'*(?:[=+\-@\t\r]|0\d+$|\d{16,}$|\d+(?:\.\d+)?[eE][+-]?\d+$)"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """Open the report from disk; whatever the console or the network hears of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    listen(page, heard)
    page.goto(report.as_uri())
    yield page
    context.close()
    assert heard == [f"request {report.as_uri()}"]


def listen(page: Page, heard: list[str]) -> None:
    page.on("console", lambda message: heard.append(f"console {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("dialog", lambda dialog: heard.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: heard.append(f"request {request.url}"))


def info(page: Page) -> str:
    return page.locator(".dt-info").inner_text()


def test_the_page_shows_its_map_its_cards_and_its_table(page: Page) -> None:
    expect(page.locator("#map-drawing svg")).to_be_visible()
    assert page.locator("#map-drawing g circle").count() == 80
    assert page.locator(".card").count() == 3
    assert page.locator(".card").first.is_visible()
    names = page.locator(".card h3").all_inner_texts()
    assert page.locator("#map-legend button").all_inner_texts() == names
    assert page.locator("#accounts-table tbody tr").count() == 10
    assert info(page) == "1 to 10 of 80 accounts"


def test_a_dot_says_whose_it_is(page: Page) -> None:
    dot = page.locator("#map-drawing g circle").last
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#map-tip")).to_be_visible()
    assert "@" in page.locator("#map-tip").inner_text()


def test_the_map_is_seen_from_near_and_finds_accounts(
    page: Page, browser: Browser, segmentation: Segmentation
) -> None:
    dots = page.locator("#map-drawing g circle")
    page.click("#map-in")
    assert 0 < dots.count() < 80
    page.locator("#map-drawing").focus()
    page.keyboard.press("+")
    few = dots.count()
    box = page.locator("#map-drawing").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 500, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 200, steps=3)
    page.mouse.up()
    assert page.locator("#map-picked").is_hidden()  # it was dragged, not pressed
    other = browser.new_context().new_page()
    other.goto(page.url)
    assert other.locator("#map-drawing text").all_text_contents() == (
        page.locator("#map-drawing text").all_text_contents()
    )
    other.context.close()
    page.keyboard.press("Escape")
    assert dots.count() == 80 > few
    page.fill("#map-search", "account_4")
    found = segmentation.accounts["account_id"].str.contains("account_4").sum()
    assert page.locator("#map-drawing .hit").count() == found
    page.fill("#map-search", "@account_41")
    page.keyboard.press("Enter")
    assert page.locator("#map-drawing .named").text_content() == "@account_41"
    assert "@account_41" in page.locator("#map-picked").inner_text()
    page.fill("#map-search", "nobody's")
    assert page.locator("#map-found").inner_text() == "No account of this page."


def test_a_segment_chosen_anywhere_is_chosen_everywhere(
    page: Page, segmentation: Segmentation
) -> None:
    page.locator("#map-legend button").nth(1).click()
    number = page.input_value("#segment")
    assert page.locator("#map-drawing g.faded").count() == 2
    assert page.locator(f"#map-drawing g.faded[data-segment='{number}']").count() == 0
    members = (segmentation.accounts["cluster"] == int(number)).sum()
    assert f"of {members} accounts" in info(page)
    page.locator(".card .size button").first.click()
    assert page.input_value("#segment") != number
    assert page.locator("#map-legend button[aria-pressed=true]").count() == 1
    cell = page.locator(".tiers button").first
    members = int(cell.inner_text().partition(" ")[0])
    cell.click()
    assert f"of {members} account" in info(page)


def test_the_search_narrows_the_table(page: Page) -> None:
    page.fill("#search", "@account_77")
    assert info(page) == "1 to 1 of 1 account (of 80 in this page)"
    page.fill("#search", "found nowhere")
    assert page.locator(".dt-empty").inner_text() == "No account meets these filters."


def test_filters_leave_what_meets_all_of_them(page: Page, segmentation: Segmentation) -> None:
    accounts = segmentation.accounts
    page.select_option("#segment", "1")
    page.select_option("#region", "US")
    page.fill("#followers-from", "50000")
    page.fill("#engagement-to", "5")
    expected = accounts[
        (accounts["cluster"] == 1)
        & (accounts["region"] == "US")
        & (accounts["followers"] >= 50_000)
        & (accounts["engagement_rate"] <= 0.05)
    ]
    assert 0 < len(expected) < (accounts["cluster"] == 1).sum()
    assert f"of {len(expected)} accounts" in info(page)
    page.click("#reset")
    assert info(page) == "1 to 10 of 80 accounts"


def test_a_column_head_sorts_by_keyboard(page: Page, segmentation: Segmentation) -> None:
    head = page.locator("th", has_text="For its size").locator(".dt-column-order")
    head.focus()
    page.keyboard.press("Enter")
    ranked = segmentation.accounts.sort_values("engagement_vs_size", ascending=False)
    first = page.locator("#accounts-table tbody tr").first
    expect(first).to_contain_text(ranked["account_id"].iloc[0][:20])


def read_export(page: Page) -> pd.DataFrame:
    with page.expect_download() as download:
        page.click("#export")
    text = Path(download.value.path()).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return pd.read_csv(io.BytesIO(text), dtype={"account_id": "str"}, keep_default_na=False)


def test_the_export_has_exactly_the_rows_shown(page: Page, segmentation: Segmentation) -> None:
    page.select_option("#segment", "2")
    exported = read_export(page)
    own = segmentation.accounts[segmentation.accounts["cluster"] == 2]
    own = own.sort_values("followers", ascending=False)
    assert exported["followers"].to_list() == own["followers"].to_list()
    assert set(exported["segment"]) == {segmentation.names[2].name}
    page.fill("#search", "account_7")
    assert f"of {len(read_export(page))} account" in info(page)


def test_no_cell_of_the_export_is_a_formula(page: Page) -> None:
    exported = read_export(page)
    for column in ("account_id", "nickname", "biography"):
        unsafe = exported[column].str.contains(UNSAFE, regex=True)
        assert exported.loc[unsafe, column].str.startswith("'").all()
        back = exported[column].mask(unsafe, exported[column].str.slice(1))
        assert set(HOSTILE) - {"x" * 10_000} <= set(back)


def test_hostile_texts_are_texts(page: Page) -> None:
    page.select_option(".dt-length select", "50")
    for place in range(len(HOSTILE)):
        page.evaluate("place => explain(accounts[place])", place)
    texts = page.locator("#accounts-table").inner_text()
    page.locator(".dt-paging-button.next").click()
    texts += page.locator("#accounts-table").inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0
    assert page.locator("script").count() == 4
    assert "@{{7*7}}" in texts
    assert HOSTILE[0] in texts
    hrefs = page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    assert hrefs and all(href.startswith(("https://www.tiktok.com/@", "file:")) for href in hrefs)


def test_an_account_can_be_looked_up(page: Page, segmentation: Segmentation) -> None:
    row = segmentation.accounts.iloc[50]
    page.fill("#why-account", f" @{row['account_id'].upper()} ")
    page.click("#why-form button")
    answer = page.locator("#why-answer").inner_text()
    assert f"@{row['account_id']} is in {row['segment']}" in answer
    assert f"The next segment is {row['next_segment']}" in answer
    assert not any(word in answer for word in ("null", "undefined", "NaN"))
    page.fill("#why-account", "nobody")
    page.click("#why-form button")
    assert "This page has no account “nobody”" in page.locator("#why-answer").inner_text()


def test_a_phone_needs_no_sideways_scrolling_of_the_page_or_of_its_tables(
    browser: Browser, report: Path, segmentation: Segmentation, tmp_path: Path
) -> None:
    wanted = Wanted(n=20)
    shortlist = make_shortlist(segmentation.accounts, wanted)
    _, list_page = write_shortlist(shortlist, wanted, segmentation, tmp_path)
    page = browser.new_page(viewport={"width": 360, "height": 780})
    for file in (report, list_page):
        page.goto(file.as_uri())
        if file == report:
            page.evaluate("explain(accounts[40])")
            page.get_by_role("button", name="Ten accounts like this one").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        frames = "frames => frames.filter(frame => frame.scrollWidth > frame.clientWidth + 1)"
        names = f"frames => ({frames})(frames).map(frame => frame.ariaLabel)"
        assert page.eval_on_selector_all(".scroll", names) == []
    page.close()


def test_data_without_engagement_can_be_searched_too(browser: Browser, tmp_path: Path) -> None:
    frame = make_accounts().drop(columns=["engagement_rate", "like_rate", "comment_rate"])
    file = tmp_path / "plain.html"
    file.write_text(render_report(make_segmentation(frame), make_lineage()), encoding="utf-8")
    page = browser.new_page()
    heard: list[str] = []
    listen(page, heard)
    page.goto(file.as_uri())
    page.fill("#search", "account_77")
    assert info(page) == "1 to 1 of 1 account (of 80 in this page)"
    assert heard == [f"request {file.as_uri()}"]
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_barrier(browser: Browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    page.evaluate("explain(accounts[40])")
    page.locator("#why-answer button.compare").first.click()
    page.locator("#accounts-table .decide button").first.click()
    page.fill("#map-search", "account_4")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        barriers = [(barrier["id"], barrier["nodes"][0]["html"][:200]) for barrier in found]
        assert barriers == [], scheme
    page.close()


def test_a_sandbox_gets_the_export_as_text(browser: Browser, report: Path, tmp_path: Path) -> None:
    frame = tmp_path / "frame.html"
    text = html.escape(report.read_text(encoding="utf-8"))
    frame.write_text(f'<!doctype html><iframe sandbox="allow-scripts" srcdoc="{text}"></iframe>')
    page = browser.new_page()
    heard: list[str] = []
    listen(page, heard)
    page.goto(frame.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("#search").fill("account_77")
    inside.locator("#export").click()
    assert "account_77" in inside.locator("#export-text").input_value()
    assert heard == [f"request {frame.as_uri()}"]
    page.close()
