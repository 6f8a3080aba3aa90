"""What a marketer does in the report, task by task, in Chromium and from disk."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from examples import make_accounts, make_segmentation
from tiktok_segments.segments.segmentation import Segmentation


@pytest.fixture(scope="module")
def segmentation() -> Segmentation:
    return make_segmentation(make_accounts(240))


def look_up(page: Page, name: str) -> None:
    page.fill("#why-account", name)
    page.click("#why-form button")


def read(page: Page, button: str, file: Path) -> pd.DataFrame:
    with page.expect_download() as download:
        page.click(button)
    download.value.save_as(file)
    return pd.read_csv(file, keep_default_na=False)


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
    page.fill("#exclude", "@account_100\nACCOUNT_101\nbrand: nothing (like) it")
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


def test_the_tasks_can_be_done_by_keyboard_alone(page: Page) -> None:
    page.locator("#search").focus()
    page.keyboard.type("account_77")
    page.keyboard.press("Tab")
    first = page.locator("#accounts-table tbody tr").first
    for name in ("compare", "decide"):
        control = first.locator("button.compare" if name == "compare" else ".decide select")
        for _ in range(60):
            if control.evaluate("node => node === document.activeElement"):
                break
            page.keyboard.press("Tab")
        assert control.evaluate("node => node === document.activeElement"), name
        page.keyboard.press("Enter" if name == "compare" else "y")
    assert page.locator("#tray-table thead th").count() == 2
    assert page.locator("#decisions-count").inner_text() == "1 yes, 0 maybe, 0 no."


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
