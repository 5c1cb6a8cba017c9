"""Write ``pictures/`` and ``pages.md``: what every kind of page looks like, how large it is, and
what axe-core finds on it (``make pictures``, after ``make report``).

Needs Chromium and a Chinese font on the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from chunfeng_reports import Workspace

HERE = Path(__file__).parent
SCREEN, PHONE = (1280, 900), (390, 844)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its picture's name, what it is, the page shown, and where all of them lie."""

    name: str
    label: str
    page: str
    pages: str


KINDS = (
    Kind("index", "首页", "index.html", "index.html"),
    Kind("rollup-report", "汇总报告", "2023-03-01/reports/370100/rollup_report.html",
         "*/reports/*/rollup_report.html"),
    Kind("unit-report", "单位报告", "2023-03-01/reports/370113/region_report.html",
         "*/reports/*/region_report.html"),
    Kind("summary-report", "阶段总结初稿", "2023-02-01/reports/370100/summary_report.html",
         "*/reports/*/summary_report.html"),
    Kind("quality-report", "收表与审核", "2023-03-01/reports/370100/quality_report.html",
         "*/reports/*/quality_report.html"),
)  # fmt: skip


def main() -> None:
    """Open every kind of page, take its picture, and write the table."""
    made = Workspace.find(HERE).store.root / "data" / "processed"
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        lines = list(_lines(browser, made))
        browser.close()
    (HERE / "pages.md").write_text("\n".join(lines) + "\n", "utf-8")


def _lines(browser: Browser, made: Path) -> Iterator[str]:
    yield "# 网页"
    yield "<!-- Made by `make pictures` from the returns in data/raw. Do not edit. -->"
    yield "| 网页 | 页数 | 大小（kB） | axe-core 发现的问题 | |"
    yield "|---|--:|--:|--:|---|"
    for kind in KINDS:
        sizes = sorted(path.stat().st_size for path in made.glob(kind.pages))
        faults = _taken(browser, made / kind.page, kind.name)
        size = "—".join(f"{n / 1000:.0f}" for n in dict.fromkeys((sizes[0], sizes[-1])))
        picture = f"![{kind.label}](pictures/{kind.name}.png)"
        yield f"| {kind.label} | {len(sizes)} | {size} | {faults} | {picture} |"


def _taken(browser: Browser, path: Path, name: str) -> int:
    """Takes a page's picture; how many faults axe-core finds in it, light and dark together."""
    faults = 0
    page = browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
    page.goto(path.as_uri())
    page.screenshot(path=str(HERE / "pictures" / f"{name}.png"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        faults += len(Axe().run(page).response["violations"])
    if name == "unit-report":
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.screenshot(path=str(HERE / "pictures" / "phone.png"))
    page.close()
    return faults


if __name__ == "__main__":
    main()
