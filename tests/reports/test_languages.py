"""The pages in other languages: nothing left in English, no barrier, numbers in local form."""

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from examples import make_accounts, make_lineage, make_named_model, make_segmentation
from tiktok_segments.language import Language, read_language
from tiktok_segments.monitoring.comparison import ExportComparison, Rising, compare_exports
from tiktok_segments.monitoring.drift_log import drift_document
from tiktok_segments.monitoring.thresholds import DriftThresholds
from tiktok_segments.reports.compare_exports import render_export_comparison
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.shortlist import write_shortlist
from tiktok_segments.segments.choice import Wanted, make_shortlist
from tiktok_segments.segments.identity import FittedElsewhere
from tiktok_segments.segments.segmentation import Segmentation

SAID = "⟦{}⟧"
FORMS = {"1,234.5", "{number} %", "{year}-{month}-{day}", *(f"{{number}}{one}" for one in "TBMK")}
"""Of numbers and days, which stand in other sentences and between them."""


class Marked(NullTranslations):
    """Every sentence in marks of its own, so that one which is not said is seen."""

    def gettext(self, message: str) -> str:
        return message if message in FORMS else SAID.format(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return SAID.format(msgid1 if n == 1 else msgid2)


@pytest.fixture(scope="module")
def marked() -> Language:
    known = read_language("de").scripts
    texts = Marked()
    said = {one: [texts.gettext(one)] * len(forms) for one, forms in known.items()}
    return Language("xx", texts, said)


DATA = "script, style, pre, code, bdi, .words td, [lang=en]"
"""Where data stands, and what is marked as English."""

COLLECT = """skipped => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [document.title];
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (holder.closest(skipped)) continue;
    const whole = [...holder.children].some(child => child.tagName === "CODE");
    texts.push(whole ? holder.textContent : walker.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "data-label", "alt"]) {
    for (const node of document.querySelectorAll(`[${name}]`)) texts.push(node.getAttribute(name));
  }
  return texts;
}"""


def unsaid(texts: list[str], data: set[str]) -> set[str]:
    """Return the texts that hold more than sentences and data; a field may part a sentence."""
    known = re.compile("|".join([r"@\S+", *sorted(map(re.escape, data), key=len, reverse=True)]))
    found = set()
    for text in set(texts):
        left = known.sub("", text)
        while (less := re.sub("⟦[^⟦⟧]*⟧", "", left)) != left:
            left = less
        if re.search("[^\\W\\d_]{3}", re.sub("⟦.*$|^.*⟧", "", left)):
            found.add(text.strip())
    return found


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page
    context.close()
    assert heard == []


@pytest.fixture(scope="module")
def found() -> ExportComparison:
    old = make_accounts(120)
    data = make_segmentation(old).dataset
    new = replace(data, frame=old.assign(followers=3 * old["followers"]))
    models = make_named_model(old, k=3), make_named_model(old, k=4)
    return compare_exports(data, new, *models, DriftThresholds(), Rising(followers=0))


def write_pages(
    language: Language, segmentation: Segmentation, found: ExportComparison, folder: Path
) -> list[Path]:
    """Write the report with all its parts, the shortlist and the drift page."""
    ids = [identity.segment_id for identity in segmentation.identities]
    weeks = [
        {"started": f"2026-05-{day:02}T06:00:00+00:00", "outcome": outcome, "reason": "by hand",
         "segments": [{"segment": "A", "segment_id": ids[0], "share": 0.5,
                       "followers_median": 1e3}] * used}
        for day, outcome, used in ((4, "kept", 1), (11, "held", 0), (18, "replaced", 1))
    ]  # fmt: skip
    about = {"model": "version 3", "then": "/data/may.csv", "now": "/data/june.csv"}
    lineage = make_lineage(
        sweep_id="5" * 32,
        sweep_tags={"segmentation.verdict": "continuum", "segmentation.reason": "k = 3 is best"},
        metrics={"jaccard.0": 0.9},
        drift=drift_document(found.drift, about),
    )
    origin = FittedElsewhere("version 3", 1200, True, (segmentation.identities[0].name,))
    assigned = replace(segmentation, fitted_elsewhere=origin)
    report = render_report(assigned, lineage, None, found.old, weeks, language)
    wanted = Wanted(min_followers=1, diverse=True, like=None, marked="leave_out")
    shortlist = make_shortlist(segmentation.accounts, wanted)
    pictures = {"drift_shares": b"", "drift_features": b"", "migration": b"", "model_churn": b""}
    drift = render_export_comparison(found, pictures, DriftThresholds(), Rising(), language)
    pages = {"report.html": report, "drift.html": drift}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_shortlist(shortlist, wanted, segmentation, folder, language=language)
    return [folder / name for name in (*pages, "shortlist.html")]


def use(tab: Page) -> None:
    """Have the report's scripts say what they can say."""
    tab.evaluate("explain(accounts[40])")
    tab.locator("#why-answer .plain").first.click()
    tab.evaluate("decide(accounts[41], { decision: 'maybe', note: 'x' })")
    tab.evaluate("tray.push(accounts[40], accounts[42]); showTray()")
    tab.click("#plan-form button")
    tab.fill("#map-search", "account_40")


def test_no_sentence_of_a_page_stands_outside_of_the_catalogue(
    tab: Page, marked: Language, segmentation: Segmentation, found: ExportComparison, tmp_path: Path
) -> None:
    data = {name.name for name in segmentation.names} | set(segmentation.tiers)
    data |= {*found.old_model.names, *found.new_model.names} | {
        "accounts kept",
        "rows in",
        "jaccard.0",
        "models:/example",
    }
    for file in write_pages(marked, segmentation, found, tmp_path):
        tab.goto(file.as_uri())
        if file.name == "report.html":
            use(tab)
        assert unsaid(tab.evaluate(COLLECT, DATA), data) == set(), file.name
        assert tab.locator("html").get_attribute("lang") == "xx"


def test_the_pages_are_german_have_no_barrier_and_fit(
    tab: Page, segmentation: Segmentation, found: ExportComparison, tmp_path: Path
) -> None:
    german = read_language("de")
    for file in write_pages(german, segmentation, found, tmp_path):
        tab.goto(file.as_uri())
        if file.name == "report.html":
            use(tab)
            assert tab.locator(".dt-info").inner_text() == "1 bis 10 von 80 Accounts"
            assert "gehört zu" in tab.locator("#why-answer h3").inner_text()
        assert tab.locator("html").get_attribute("lang") == "de"
        assert not re.search(r"\d\.\d+ ?(?:%|×)|\d[KMB]\b", tab.locator("main").inner_text())
        barriers = Axe().run(tab).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in barriers] == []
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 900})
            assert tab.evaluate("document.documentElement.scrollWidth") == width, file.name
        tab.set_viewport_size({"width": 1280, "height": 900})
