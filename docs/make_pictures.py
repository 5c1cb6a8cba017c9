"""Write ``pictures/`` and ``pages.md``: what every kind of page, sheet and document looks like, how
large it is, and what axe-core finds on the pages (``make pictures``, after ``make report``).

Needs Chromium, LibreOffice, poppler's programs and a Chinese font on the machine.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of sheet or document: its picture's name, what it is, its file, words of the page."""

    name: str
    label: str
    file: str
    words: str


KINDS = (
    Kind("index", "首页", "index.html", "index.html"),
    Kind("rollup-report", "汇总报告", "2023-03-01/reports/370100/rollup_report.html",
         "*/reports/*/rollup_report.html"),
    Kind("unit-report", "单位报告", "2023-03-01/reports/370113/region_report.html",
         "*/reports/*/region_report.html"),
    Kind("unit-over-time", "单位历次情况", "units/370113.html", "units/*.html"),
    Kind("summary-report", "阶段总结初稿", "2023-02-01/reports/370100/summary_report.html",
         "*/reports/*/summary_report.html"),
    Kind("quality-report", "收表与审核", "2023-03-01/reports/370100/quality_report.html",
         "*/reports/*/quality_report.html"),
)  # fmt: skip

_REPORTS = "2023-03-01/reports"
_UNIT, _BODY = f"{_REPORTS}/370113/region_report", f"{_REPORTS}/370100/rollup_report"
PAPERS = (
    Paper("sheet-form", "工作簿：正式统计表", f"{_BODY}.xlsx", "填报项目"),
    Paper("sheet-cover", "工作簿：说明和目录", f"{_BODY}.xlsx", "目录"),
    Paper("sheet-units", "工作簿：各单位数据", f"{_BODY}.xlsx", "单位参加企业求职者"),
    Paper("sheet-charts", "工作簿：图表", f"{_BODY}.xlsx", "参加企业（家）"),
    Paper("sheet-sources", "工作簿：来源", f"{_UNIT}.xlsx", "读作"),
    Paper("sheet-slip", "退回单",
          "2023-03-01/returns/370113/退回-长清区-2023-03-01.xlsx", "退回说明"),
    Paper("document-summary", "Word：阶段总结初稿",
          "2023-02-01/reports/370100/summary_report.docx", "现将我市"),
    Paper("document-brief", "Word：单位简报", f"{_UNIT}.docx", "主要数据"),
)  # fmt: skip


def main() -> None:
    """Open every kind of page, sheet and document, take its picture, and write the tables."""
    made = Workspace.find(HERE).store.root / "data" / "processed"
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        lines = list(_lines(browser, made))
        browser.close()
    lines += _papers(made)
    (HERE / "pages.md").write_text("\n".join(lines) + "\n", "utf-8")


def _lines(browser: Browser, made: Path) -> Iterator[str]:
    yield "# 网页、工作簿和文档"
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


def _papers(made: Path) -> Iterator[str]:
    yield ""
    yield "| 工作簿、文档 | 大小（kB） | |"
    yield "|---|--:|---|"
    for paper in PAPERS:
        file = made / paper.file
        with _printed(file) as printed:
            _page_taken(printed, paper)
        picture = f"![{paper.label}](pictures/{paper.name}.png)"
        yield f"| {paper.label} | {file.stat().st_size / 1000:.0f} | {picture} |"


@contextmanager
def _printed(file: Path) -> Iterator[Path]:
    """A workbook or document as LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        subprocess.run(["soffice", f"-env:UserInstallation={profile}", "--headless",
                        "--convert-to", "pdf", "--outdir", folder, str(file)],
                       check=True, capture_output=True, timeout=300)  # fmt: skip
        yield Path(folder) / f"{file.stem}.pdf"


def _page_taken(printed: Path, paper: Paper) -> None:
    """Takes the picture of the first page on which the paper's words stand."""
    text = subprocess.run(["pdftotext", "-layout", str(printed), "-"], check=True,
                          capture_output=True, text=True, timeout=60).stdout  # fmt: skip
    pages = ["".join(page.split()) for page in text.split("\f")]
    number = next(
        n for n, page in enumerate(pages, start=1) if "".join(paper.words.split()) in page
    )
    picture = HERE / "pictures" / paper.name
    subprocess.run(["pdftoppm", "-r", "70", "-png", "-singlefile", "-f", str(number), str(printed),
                    str(picture)], check=True, timeout=60)  # fmt: skip


if __name__ == "__main__":
    main()
