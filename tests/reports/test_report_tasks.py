"""What a marketer does in the report, task by task, in Chromium and from disk."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from examples import make_accounts, make_lineage, make_segmentation
from tiktok_segments.reports.page import render_report
from tiktok_segments.segments.segmentation import Segmentation


@pytest.fixture(scope="module")
def segmentation() -> Segmentation:
    return make_segmentation(make_accounts(240))


@pytest.fixture(scope="module")
def report(segmentation: Segmentation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report with what changed since an export of fewer and smaller accounts."""
    then = segmentation.dataset.frame.iloc[:-5].copy()
    then.loc[30:40, "followers"] //= 3
    earlier = replace(segmentation.dataset, frame=then, source="may.csv")
    file = tmp_path_factory.mktemp("tasks") / "report.html"
    page = render_report(segmentation, make_lineage(), None, earlier)
    file.write_text(page, encoding="utf-8")
    return file


def look_up(page: Page, name: str) -> None:
    page.fill("#why-account", name)
    page.click("#why-form button")


def read(page: Page, button: str, file: Path) -> pd.DataFrame:
    with page.expect_download() as download:
        page.click(button)
    download.value.save_as(file)
    return pd.read_csv(file, keep_default_na=False)


def test_twenty_mid_size_accounts_with_high_engagement_in_one_region_are_chosen(
    page: Page, segmentation: Segmentation, tmp_path: Path
) -> None:
    page.select_option("#tier", label="Micro")
    page.select_option("#region", "US")
    page.fill("#engagement-from", "2")
    page.locator("th", has_text="For its size").locator(".dt-column-order").click()
    page.fill("#export-n", "20")
    table = read(page, "#export", tmp_path / "chosen.csv")
    accounts = segmentation.accounts
    able = accounts[
        (accounts["tier"] == "Micro")
        & (accounts["region"] == "US")
        & (accounts["engagement_rate"] >= 0.02)
    ]
    assert len(able) > 20
    best = able.sort_values("engagement_vs_size", ascending=False).head(20)
    assert table["account_id"].to_list() == best["account_id"].to_list()


def test_what_changed_since_the_last_export_is_told_and_decided_on(page: Page) -> None:
    section = page.locator("section[aria-labelledby=since]")
    assert section.locator("h2").inner_text() == "What changed since may.csv"
    assert "5 are new, 0 are gone" in section.inner_text()
    riser = page.get_by_role("region", name="Who rises").locator("tbody tr").first
    assert "@account_3" in riser.inner_text()
    riser.locator("select").select_option("maybe")
    assert page.locator("#decisions-count").inner_text() == "0 yes, 1 maybe, 0 no."


def test_it_is_printed_with_a_summary_first_and_a_card_to_a_page(
    page: Page, segmentation: Segmentation, tmp_path: Path
) -> None:
    page.locator("#accounts-table .decide select").first.select_option("no")
    pages = page.pdf(format="A4", path=tmp_path / "report.pdf").count(b"/Type /Page\n")
    page.set_viewport_size({"width": 720, "height": 1000})  # as wide as the paper
    page.emulate_media(media="print")
    for hidden in ("nav", "#filters", "#plan-form", "#map-form", ".card .decide", "#why"):
        assert page.locator(hidden).first.is_hidden(), hidden
    first = page.locator("section[aria-labelledby=glance]")
    assert "Which segment for what" in first.inner_text()
    assert first.evaluate("node => getComputedStyle(node).breakAfter") == "page"
    cards = page.locator(".card").evaluate_all(
        "cards => cards.map(card => getComputedStyle(card).breakAfter)"
    )
    assert cards == ["page"] * len(segmentation.names)
    # Summary, map, cards, purposes and tiers, accounts, decisions and changes.
    assert len(cards) + 5 <= pages <= len(cards) + 8
    wide = page.locator(".scroll").evaluate_all(
        "frames => frames.filter(frame => frame.scrollWidth > frame.clientWidth + 1)"
        ".map(frame => frame.ariaLabel)"
    )
    assert wide == []


def test_four_accounts_are_compared_and_exported(
    page: Page, segmentation: Segmentation, tmp_path: Path
) -> None:
    for row in range(4):
        page.locator("#accounts-table button.compare").nth(row).click()
    assert page.locator("#tray-table thead th").count() == 5
    table = read(page, "#tray-export", tmp_path / "tray.csv")
    accounts = segmentation.accounts.set_index("account_id")
    assert len(table) == 4
    for row in table.to_dict("records"):
        own = accounts.loc[row["account_id"]]
        assert row["followers"] == own["followers"]
        like = accounts.loc[accounts["tier"] == own["tier"], "followers"]
        assert row["followers_place_in_tier"] == round((like <= own["followers"]).mean() * 100)
    page.locator("#tray-table button.compare").first.click()
    assert page.locator("#tray-table thead th").count() == 4


def test_the_tray_holds_ten_and_no_more(page: Page) -> None:
    page.select_option(".dt-length select", "25")
    for row in range(10):
        page.locator("#accounts-table button.compare").nth(row).click()
    assert page.locator("#accounts-table button.compare").nth(10).is_disabled()


def test_ten_accounts_like_one_are_found_among_those_that_meet_the_filters(
    page: Page, segmentation: Segmentation
) -> None:
    page.select_option("#region", "US")
    look_up(page, "account_41")
    page.get_by_role("button", name="Ten accounts like this one").click()
    names = page.get_by_role("region", name="Accounts like this one").locator("tbody th bdi")
    assert names.count() == 10
    distance = ((segmentation.X - segmentation.X[41]) ** 2).sum(axis=1)
    accounts = segmentation.accounts.assign(distance=distance).drop(index=41)
    expected = accounts[accounts["region"] == "US"].sort_values("distance").head(10)
    assert {text.removeprefix("@") for text in names.all_inner_texts()} == set(
        expected["account_id"]
    )


def test_a_list_is_left_out(page: Page) -> None:
    page.get_by_text("Leave accounts or brands out").click()
    page.fill(
        "#exclude",
        "@account_100\nhttps://www.tiktok.com/@ACCOUNT_101?lang=de\nbrand: nothing (like) it",
    )
    assert "of 238 accounts" in page.locator(".dt-info").inner_text()


def test_one_account_is_held_against_its_size(page: Page, segmentation: Segmentation) -> None:
    accounts = segmentation.accounts
    look_up(page, "account_60")
    table = page.get_by_role("region", name="The account for its size")
    row = table.get_by_role("row").filter(has_text="engagement").first
    expect(row).to_contain_text(str(accounts["for_its_size"].iloc[60]) or "too few")


def test_the_benchmark_can_be_taken_along(page: Page, tmp_path: Path) -> None:
    table = read(page, "#benchmark-export", tmp_path / "benchmark.csv")
    assert {"group", "tier", "measure", "accounts", "low", "median", "high"} <= set(table)
    page.select_option("#benchmark-measure", "followers")
    shown = page.locator("#benchmark-table tbody tr").count()
    assert shown == ((table["group"] == "all") & (table["measure"] == "followers")).sum()


def test_a_link_reproduces_the_view(page: Page, browser: Browser) -> None:
    page.select_option("#segment", "1")
    page.fill("#followers-from", "1000")
    page.locator("th", has_text="Videos").locator(".dt-column-order").click()
    page.locator("#accounts-table button.compare").first.click()
    look_up(page, "account_60")
    page.click("#link")
    address = page.input_value("#export-text")
    other = browser.new_context().new_page()
    other.goto(address)
    for place in (".dt-info", "#tray-table thead", "#why-answer h3", "#accounts-table tbody"):
        assert other.locator(place).inner_text() == page.locator(place).inner_text(), place
    assert other.input_value("#segment") == "1"
    other.context.close()


def test_an_address_that_somebody_changed_harms_nothing(page: Page, report: Path) -> None:
    page.goto(f"{report.as_uri()}#length=1&segment=99&order=99+x&open=nobody&compare=%3Cb%3E")
    page.reload()
    assert page.locator("#tray-table").is_hidden()
    assert page.locator(".dt-info").inner_text() == "1 to 10 of 240 accounts"


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_needs_no_sideways_scrolling(browser: Browser, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    inside, outside = page.evaluate(
        "[document.querySelector('.accounts').scrollWidth, "
        "document.querySelector('.accounts').parentElement.clientWidth]"
    )
    assert inside <= outside
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


STOPS_BEFORE = """
node => {
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const between = (stop) => (document.activeElement.compareDocumentPosition(stop) & 4)
    && (node.compareDocumentPosition(stop) & 2) && !stop.disabled && stop.checkVisibility();
  return [...document.querySelectorAll(kinds)].filter(between).length - 1;
}
"""


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus, as who has no mouse does."""
    for _ in range(control.evaluate(STOPS_BEFORE)):  # so many it takes at the least
        page.keyboard.press("Tab")
    for _ in range(40):
        if control.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {control}")


def test_every_task_can_be_done_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    keys = page.keyboard

    def reach(selector: str, *pressed: str) -> Locator:
        control = page.locator(selector).first
        tab_to(page, control)
        for key in pressed:
            keys.press(key)
        return control

    def type_into(selector: str, text: str) -> None:
        reach(selector)
        keys.type(text)

    # The tasks' order is the page's own: map, usual values, filters, table, look-up, tray, changes.
    type_into("#map-search", "account_41")
    keys.press("Enter")
    assert page.locator("#map-drawing .hit").count() == 1
    type_into("#benchmark-measure", "foll")  # what is usual for a size
    assert page.input_value("#benchmark-measure") == "followers"
    type_into("#tier", "Micro")  # choose twenty
    type_into("#engagement-from", "2")
    type_into("#region", "US")
    reach("details:has(#exclude) summary", "Enter")  # leave a list out
    type_into("#exclude", "account_100\nbrand: nobody")
    reach("#export")
    type_into("#export-n", "20")
    keys.press("Shift+Tab")
    with page.expect_download() as download:
        keys.press("Enter")
    download.value.save_as(tmp_path / "chosen.csv")
    assert len(pd.read_csv(tmp_path / "chosen.csv")) == 20
    reach("#link", "Enter")  # hand the view to a colleague
    assert "tier=2" in page.input_value("#export-text")
    keys.press("Shift+Tab")
    row = "#accounts-table tbody tr:nth-child({}) "
    for place in (1, 2, 3, 4):  # compare four, one of them with a no and its reason
        reach(row.format(place) + "button.compare", "Enter")
        if place == 1:
            reach(row.format(place) + ".decide select", "n")
            reach(row.format(place) + ".decide button", "Enter")
            keys.type("too loud")
    assert page.locator("#tray-table thead th").count() == 5
    reach(row.format(5) + "button.link:has-text('why')", "Enter")  # why is it in its segment
    assert " is in " in page.locator("#why-answer h3").inner_text()
    reach("#why-answer .button", "Enter")  # ten like it
    alike = page.get_by_role("region", name="Accounts like this one").locator("tbody tr")
    assert alike.count() == 10
    with page.expect_download() as download:
        reach("#decisions-export", "Enter")
    download.value.save_as(tmp_path / "decisions.csv")
    decisions = pd.read_csv(tmp_path / "decisions.csv")
    assert decisions[["decision", "note"]].to_numpy().tolist() == [["no", "too loud"]]
    reach("section[aria-labelledby=since] .decide select", "y")  # what changed
    assert page.locator("#decisions-count").inner_text() == "1 yes, 0 maybe, 1 no."


def test_only_analysts_are_told_in_their_words(page: Page) -> None:
    shown = page.locator("body").inner_text()
    for word in ("Jaccard", "Cliff", "mutual information", "p_", "SHA-256", "standard scaler"):
        assert word not in shown, word
    for fold in page.locator("details.analysts").all():
        fold.evaluate("fold => { fold.open = true; }")
    assert "Cliff" in page.locator("body").inner_text()


def test_a_plan_keeps_its_limits_and_adds_up(page: Page, segmentation: Segmentation,
                                             tmp_path: Path) -> None:  # fmt: skip
    page.select_option("#plan-goal", "engagement")
    page.fill("#plan-n", "12")
    page.fill("#plan-segment", "5")
    page.get_by_role("button", name="Plan", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the plan as CSV").click()
    download.value.save_as(tmp_path / "plan.csv")
    plan = pd.read_csv(tmp_path / "plan.csv", keep_default_na=False)
    assert len(plan) == 12 and plan["segment"].value_counts().max() == 5
    ranked = segmentation.accounts.query("check == ''").sort_values(
        ["engagement_vs_size", "followers"], ascending=False
    )
    taken = ranked.groupby("segment").head(5).head(12)
    assert set(plan["followers"]) == set(taken["followers"])
    said = page.locator("#plan-answer").inner_text()
    assert "unknown" in said and "12 accounts" in said
    page.get_by_role("button", name="Say yes to all of them").click()
    assert page.locator("#decisions-count").inner_text() == "12 yes, 0 maybe, 0 no."
