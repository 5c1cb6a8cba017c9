"""The pages in a real browser: read, sorted, filtered, followed to a cell, printed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.slow

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser",
                                                "google-chrome"))), None)  # fmt: skip
DUE = "data/processed/2023-03-01/reports"
PAGES = {
    "index": "data/processed/index.html",
    "unit": f"{DUE}/370102/region_report.html",
    "doubted unit": f"{DUE}/370113/region_report.html",
    "unit over time": "data/processed/units/370113.html",
    "roll-up": f"{DUE}/370100/rollup_report.html",
    "summary": "data/processed/2023-02-01/reports/370100/summary_report.html",
    "quality": f"{DUE}/370100/quality_report.html",
}
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may load nothing but itself and must not complain."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    loaded: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.is_navigation_request()
            else loaded.append(request.url))  # fmt: skip
    yield page
    page.close()
    assert said == []
    assert loaded == []


def _open(page: Page, run: Path, name: str) -> None:
    page.goto((run / PAGES[name]).as_uri())


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(
    jinan_run: Path, page: Page, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    _open(page, jinan_run, name)
    for how in page.locator("details").all():
        how.evaluate("element => { element.open = true }")
    found = Axe().run(page)
    told = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]][:3])
        for violation in found.response["violations"]
    ]
    assert told == []


@every_page
def test_nothing_is_cut_off_on_a_phone(jinan_run: Path, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _open(page, jinan_run, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@every_page
def test_a_page_prints_on_paper(jinan_run: Path, page: Page, name: str) -> None:
    _open(page, jinan_run, name)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    for control in page.locator(".cf-tools, .cf-fold, nav").all():
        assert not control.is_visible()


def test_a_figure_is_followed_to_its_cell(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "unit")
    page.locator("#figures td.cf-figure a").first.focus()
    page.keyboard.press("Enter")
    source = page.locator("tr:target")
    assert source.is_visible()
    assert "历下区" in source.inner_text()
    assert page.url.endswith("#src-2023-03-01.370102.F1_1")


def test_a_change_tells_what_it_is_made_of_and_leads_there(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "roll-up")
    how = page.locator("#totals td.cf-change details").first
    how.locator("summary").focus()
    page.keyboard.press("Enter")
    told = how.locator("span")
    assert "本期" in told.inner_text()
    told.locator("a").last.click()
    assert "2023-02-01" in page.url
    assert page.locator("#t-units-F1").is_visible()


def test_a_total_leads_to_its_units_and_each_of_them_to_its_cell(
    jinan_run: Path, page: Page
) -> None:
    _open(page, jinan_run, "roll-up")
    page.locator("#totals td.cf-figure a").first.click()
    assert page.url.endswith("#t-units-F1")
    page.locator("#units table").first.locator("tbody tr").nth(2).locator("td a").first.click()
    assert page.locator("tr:target").is_visible()


def test_a_bar_is_followed_to_its_cell_and_its_label_to_the_unit(
    jinan_run: Path, page: Page
) -> None:
    _open(page, jinan_run, "roll-up")
    page.locator("#ranking svg svg a").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("tr:target").is_visible()
    page.locator("#ranking svg g a").first.click()
    assert page.url.endswith("/region_report.html")


def test_a_unit_is_followed_over_the_dues_from_the_first_page(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "index")
    page.get_by_role("link", name="天桥区", exact=True).click()
    assert page.url.endswith("/units/370105.html")
    page.locator("#t-figures-F1 ~ div td.cf-figure a").first.click()
    assert page.url.endswith(
        "2023-02-01/reports/370105/region_report.html#src-2023-02-01.370105.F1_1"
    )
    assert page.locator("tr:target").is_visible()


def test_the_first_page_is_searched(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "index")
    page.get_by_label("搜索单位或情况").fill("全部未报")
    shown = page.locator("table.grid tbody tr:visible")
    assert shown.count() == 1
    assert "起步区" in shown.first.inner_text()


def test_light_and_dark_change_places_with_a_button(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "unit")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.get_by_role("button", name="深色").press("Enter")
    assert page.evaluate(paper) != before
    page.get_by_role("button", name="浅色").press("Enter")
    assert page.evaluate(paper) == before
    page.get_by_role("button", name="深色").press("Enter")
    page.emulate_media(media="print")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_the_first_screen_holds_five_figures_and_what_to_see_to(
    jinan_run: Path, page: Page
) -> None:
    for name in ("unit", "roll-up"):
        _open(page, jinan_run, name)
        assert page.locator("#key .cf-key").count() == 5
        for part in ("#key .cf-key >> nth=4", "#decisions h2", "#decisions >> text=/./ >> nth=-1"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 900


def test_units_are_sorted_by_a_figure_with_the_keyboard(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "roll-up")
    table = page.locator("#units table").first
    heads = table.locator("thead th")
    before = table.locator("tbody th").all_inner_texts()
    heads.nth(1).locator("button").focus()
    page.keyboard.press("Enter")
    assert heads.nth(1).get_attribute("aria-sort") == "descending"
    texts = table.locator("tbody tr:not(.cf-strong) td:nth-child(2)").all_inner_texts()
    figures = [float(t.split()[0].replace(",", "")) for t in texts if t[:1].isdigit()]
    assert figures == sorted(figures, reverse=True)
    assert all(t[:1].isdigit() for t in texts[: len(figures)])
    assert table.locator("tbody th").last.inner_text() == "合计"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert table.locator("tbody th").all_inner_texts() == before


def test_a_table_is_filtered_and_shows_what_its_fold_hides(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "roll-up")
    table = page.locator("#sources table")
    assert not table.locator("tbody tr", has_text="商河县").first.is_visible()
    page.locator("#sources input").fill("商河县")
    shown = [row.inner_text() for row in table.locator("tbody tr").all() if row.is_visible()]
    assert shown
    assert all("商河县" in row for row in shown)


def test_the_index_leads_to_a_units_page(jinan_run: Path, page: Page) -> None:
    _open(page, jinan_run, "index")
    page.locator("#units input").fill("历下")
    rows = [row for row in page.locator("#units tbody tr").all() if row.is_visible()]
    assert len(rows) == 1
    rows[0].locator("a").first.click()
    assert "历下区" in page.title()
