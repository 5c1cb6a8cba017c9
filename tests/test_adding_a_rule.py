"""The how-to for a new rule, followed to the letter in a workspace of its own."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import ROOT, chunfeng

pytestmark = pytest.mark.slow

HOW_TO = ROOT / "docs" / "adding-a-rule.md"
BLOCK = re.compile(
    r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<body>.*?)^```\n"
    r"(?:\n```text\n(?P<shown>.*?)^```\n)?",
    re.M | re.S,
)


@dataclass
class Reader:
    """Somebody who does what the how-to says, in the order in which it says it."""

    desk: Path
    names: dict[str, Any] = field(default_factory=dict)

    def follow(self, kind: str, name: str | None, body: str) -> str:
        """What comes of a block of the document: what a command says, or a cell shows."""
        if kind == "json" and name:
            (self.desk / name).write_text(body, "utf-8")
            return ""
        if kind == "console":
            program, *arguments = shlex.split(body.splitlines()[0].removeprefix("$ "))
            assert program == "chunfeng"
            done = chunfeng(*arguments, at=self.desk)
            return done.stdout if done.returncode == 0 else done.stderr
        if name:
            return self._add_to_the_package(name, body)
        return self._run_a_cell(body)

    def move_the_entry(self) -> None:
        mine = json.loads((self.desk / "my-suite.json").read_text("utf-8"))
        path = self.desk / "expectations" / "2023-chunfeng" / "F2.json"
        suite = json.loads(path.read_text("utf-8"))
        suite["expectations"] += mine["expectations"]
        path.write_text(json.dumps(suite, ensure_ascii=False), "utf-8")

    def _run_a_cell(self, source: str) -> str:
        *before, last = ast.parse(source).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(before, []), "cell", "exec"), self.names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), self.names)
        with pd.option_context("display.width", 200, "display.max_columns", None):
            return f"{value!r}\n"

    def _add_to_the_package(self, name: str, source: str) -> str:
        from chunfeng_reports.checks import expectations  # noqa: PLC0415  (GX takes seconds to load)

        assert name == "checks/expectations.py"
        exec(compile(source, name, "exec"), dict(vars(expectations)))
        return ""


def followed(reader: Reader) -> Iterator[tuple[re.Match[str], str, str]]:
    """Every block of the how-to, what it says comes of it, and what does."""
    for match in BLOCK.finditer(text := HOW_TO.read_text("utf-8")):
        if "Make it the campaign's" in text[: match.start()] and "moved" not in reader.names:
            reader.names["moved"] = True
            reader.move_the_entry()
        _, _, answer = match["body"].partition("\n")
        shown = answer if match["kind"] == "console" else match["shown"] or ""
        yield match, shown, reader.follow(match["kind"], match["name"], match["body"])


def _shows(shown: str, said: str) -> bool:
    """Whether a document shows what was said; its line ``…`` stands for lines left out."""
    lines = [line.rstrip() for line in shown.splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + "\n" for line in lines)
    return bool(re.fullmatch(pattern, "".join(f"{x.rstrip()}\n" for x in said.splitlines())))


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    assert chunfeng("init", "desk", "--body", "370100", at=tmp_path).returncode == 0
    desk = tmp_path / "desk"
    shutil.copytree(ROOT / "data/raw/2023-02-01", desk / "data/raw/2023-02-01")
    monkeypatch.chdir(desk)
    return Reader(desk)


def test_what_it_shows_is_what_comes_of_it(reader: Reader) -> None:
    blocks = 0
    for match, shown, said in followed(reader):
        assert _shows(shown, said), f"{match[0]}\n--- but it gives ---\n{said}"
        blocks += 1
    assert blocks >= 10
