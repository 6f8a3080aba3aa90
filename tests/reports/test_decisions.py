"""Decisions made in the report, on their way to the shortlist and to the next report."""

import html
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from examples import HOSTILE, make_lineage
from tiktok_segments.errors import InputError
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.shortlist import write_shortlist
from tiktok_segments.segments.choice import Wanted, make_shortlist, read_decisions
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.spreadsheet import write_table

NOTES = [
    "=cmd|' /C calc'!A0",
    "<script>window.hacked = 1</script>",
    "</script><!--",
    "\u202eevil\u202c\u2067",
    "x" * 10_000,
    '\'=quoted, "twice"\nand a second line',
    "007",
    "NA",
]


def decide(page: Page, place: int, decision: str, note: str = "") -> None:
    """Decide on an account of the table, by what the reader uses."""
    page.evaluate("place => explain(accounts[place])", place)
    chooser = page.locator("#why-answer .decide")
    chooser.locator("select").select_option(decision)
    if note:
        chooser.get_by_role("button", name="note").click()
        chooser.locator("textarea").fill(note)


def downloaded(page: Page, button: str, file: Path) -> Path:
    with page.expect_download() as download:
        page.click(button)
    download.value.save_as(file)
    return file


def test_sorting_shows_a_decision_in_the_rows_and_leaves_the_list_of_decisions_alone(
    page: Page, segmentation: Segmentation
) -> None:
    decide(page, int(segmentation.accounts["followers"].argmin()), "no")
    page.evaluate("() => { window.row = document.querySelector('#decisions-list tbody tr'); }")
    page.locator("th", has_text="Followers").locator(".dt-column-order").click()
    chooser = page.locator("#accounts-table tbody tr").first.locator(".decide select")
    expect(chooser).to_have_value("no")
    assert page.evaluate("window.row.isConnected")  # made anew, it would cost each sort its time


def test_decisions_survive_from_page_to_csv_to_shortlist_to_the_next_report(
    page: Page, browser: Browser, segmentation: Segmentation, tmp_path: Path
) -> None:
    names = segmentation.accounts["account_id"].to_list()
    places = [20 + number for number in range(len(NOTES))]
    for place, note in zip(places, NOTES, strict=True):
        decide(page, place, "no" if place % 2 else "yes", note)
    file = downloaded(page, "#decisions-export", tmp_path / "decisions.csv")
    cells = pd.read_csv(file, dtype=str, na_filter=False)
    assert not cells["note"].str.contains(r"^[=+@-]", regex=True).any()
    read = read_decisions(file)
    about = read.about(segmentation.accounts["account_id"])
    assert about["note"].iloc[places].to_list() == NOTES
    assert about["decision"].iloc[places].to_list() == ["yes", "no"] * 4
    refused = {names[place] for place in places if place % 2}
    kept = {names[place] for place in places if not place % 2}

    wanted = Wanted(goal="reach", n=50)
    shortlist = make_shortlist(segmentation.accounts, wanted, read)
    assert not set(shortlist["account_id"]) & refused
    assert set(shortlist["account_id"].head(4)) == kept
    table, list_page = write_shortlist(shortlist, wanted, segmentation, tmp_path)
    again = read_decisions(table).about(segmentation.accounts["account_id"])
    assert again["note"].iloc[places[::2]].to_list() == NOTES[::2]
    assert "<script>window.hacked" not in list_page.read_text(encoding="utf-8")

    following = tmp_path / "next.html"
    following.write_text(render_report(segmentation, make_lineage(), read), encoding="utf-8")
    later = browser.new_context().new_page()
    later.goto(following.as_uri())
    assert later.locator("#decisions-count").inner_text() == "4 yes, 0 maybe, 4 no."
    assert later.evaluate("made().map(entry => entry.note).sort()") == sorted(NOTES)
    assert later.evaluate("window.hacked") is None
    saved = downloaded(later, "#decisions-export", tmp_path / "again.csv")
    assert read_decisions(saved).table["note"].sort_values().to_list() == sorted(NOTES)
    later.context.close()


def test_a_saved_copy_of_the_page_has_the_decisions_inside(
    page: Page, browser: Browser, segmentation: Segmentation, tmp_path: Path
) -> None:
    places = range(20, 20 + len(NOTES))
    for place, note in zip(places, NOTES, strict=True):
        decide(page, place, "maybe", note)
    file = downloaded(page, "#decisions-save", tmp_path / "copy.html")
    copy = browser.new_context().new_page()
    copy.goto(file.as_uri())
    assert copy.locator("#decisions-count").inner_text() == f"0 yes, {len(NOTES)} maybe, 0 no."
    assert copy.locator("#accounts-table tbody tr").count() == 10
    assert copy.locator("#map-drawing svg").count() == 1
    assert copy.evaluate("window.hacked") is None
    about = read_decisions(file).about(segmentation.accounts["account_id"])
    assert about["note"].iloc[places].to_list() == NOTES
    copy.context.close()


def test_a_decision_made_anywhere_shows_everywhere_and_outlives_the_page(page: Page) -> None:
    row = page.locator("#accounts-table tbody tr").first
    row.locator(".decide select").select_option("yes")
    page.select_option("#decision", "yes")
    expect(page.locator(".dt-info")).to_have_text("1 to 1 of 1 account (of 80 in this page)")
    example = page.locator(".card [data-decide]").first
    example.locator("select").select_option("no")
    dot = page.locator("#map-drawing g circle").last
    dot.scroll_into_view_if_needed()
    dot.click(force=True)
    page.locator("#map-picked .decide select").select_option("maybe")
    count = page.locator("#decisions-count").inner_text()
    page.reload()
    assert page.locator("#decisions-count").inner_text() == count
    assert "kept in this browser" in page.locator("#decisions-kept").inner_text()
    page.click("#decisions-clear")
    page.click("#decisions-clear")
    page.reload()
    assert "None yet" in page.locator("#decisions-count").inner_text()


def test_a_sandbox_says_that_it_cannot_keep_them_and_hands_them_out(
    browser: Browser, report: Path, tmp_path: Path
) -> None:
    frame = tmp_path / "frame.html"
    text = html.escape(report.read_text(encoding="utf-8"))
    frame.write_text(f'<!doctype html><iframe sandbox="allow-scripts" srcdoc="{text}"></iframe>')
    page = browser.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(frame.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("#accounts-table .decide select").first.select_option("yes")
    assert "cannot keep them" in inside.locator("#decisions-kept").inner_text()
    assert not inside.locator("#decisions-save").is_visible()
    inside.locator("#decisions-export").click()
    assert ",yes," in inside.locator("#export-text").input_value()
    assert heard == []
    page.close()


def test_hostile_accounts_can_be_decided_on(page: Page, tmp_path: Path) -> None:
    for place in range(len(HOSTILE)):
        decide(page, place, "yes")
    table = read_decisions(downloaded(page, "#decisions-export", tmp_path / "all.csv")).table
    assert len(table) == page.evaluate("made().length")
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("account_id,note\na,b\n", "has no column decision; it has: account_id, note"),
        ("account_id,decision\na,perhaps\n", "says 'perhaps' of a; valid are yes, maybe, no"),
        (b"\xff\xfea\x00c", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_decisions_that_cannot_be_read_are_told_in_plain_lines(
    tmp_path: Path, content: str | bytes | None, message: str
) -> None:
    file = tmp_path / "mine.csv"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError, match=message) as told:
        read_decisions(file)
    assert len(str(told.value).splitlines()) <= 3


def test_a_workbook_that_is_cut_or_none_is_told_in_plain_lines(tmp_path: Path) -> None:
    whole, none = tmp_path / "mine.xlsx", tmp_path / "archive.xlsx"
    write_table(pd.DataFrame({"account_id": ["maya"], "decision": ["yes"]}), whole)
    whole.write_bytes(whole.read_bytes()[:200])
    with ZipFile(none, "w") as archive:
        archive.writestr("notes.txt", "maya")
    for file in (whole, none):
        with pytest.raises(InputError, match="it is no Excel workbook, or damaged"):
            read_decisions(file)


def test_decisions_are_read_as_a_spreadsheet_saves_them(tmp_path: Path) -> None:
    rows = pd.DataFrame({"account_id": ["@Maya", "tom"], "decision": ["Yes ", "no"],
                         "note": ["'=1+1", ""]})  # fmt: skip
    rows.to_csv(tmp_path / "german.csv", sep=";", index=False, encoding="utf-8-sig")
    rows.to_excel(tmp_path / "book.xlsx", index=False)
    for name in ("german.csv", "book.xlsx"):
        about = read_decisions(tmp_path / name).about(pd.Series(["maya", "TOM"]))
        assert about.to_numpy().tolist() == [["yes", "=1+1"], ["no", ""]], name


def test_a_page_without_decisions_has_none(report: Path) -> None:
    assert read_decisions(report).table.empty
