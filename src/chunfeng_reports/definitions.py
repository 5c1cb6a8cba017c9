"""Definitions: YAML files → a checked campaign."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from chunfeng_reports.campaign import Campaign, Desk, find_faults
from chunfeng_reports.errors import DefinitionError, Fault


def load_campaign(folder: Path) -> Campaign:
    """The campaign defined by the YAML files of a folder, whose top-level keys are put together.

    Raises DefinitionError with every fault found, each with its path.
    """
    return _campaign(folder.name, _contents(folder))


def load_desk(folder: Path, body: str) -> Desk:
    """The same as the body with this code sees it.

    UseError where no units report to it.
    """
    return _desk(folder.name, _contents(folder), body)


def _contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.read_bytes()) for file in sorted(folder.glob("*.yaml")))


# A kernel that is forked from a process which has read the same files need not read them again.
@lru_cache(maxsize=2)
def _campaign(name: str, files: tuple[tuple[str, bytes], ...]) -> Campaign:
    if not files:
        raise DefinitionError(name, [Fault(name, "没有活动定义（*.yaml）")])
    raw, faults = _together(files)
    # What cannot be read at all would be told again as a dozen missing keys.
    faults += [] if faults else find_faults(raw)
    if faults:
        raise DefinitionError(name, faults)
    return Campaign.model_validate(raw)


@lru_cache(maxsize=2)
def _desk(name: str, files: tuple[tuple[str, bytes], ...], body: str) -> Desk:
    return Desk.of(_campaign(name, files), body)


def _together(files: Iterable[tuple[str, bytes]]) -> tuple[dict[str, Any], list[Fault]]:
    raw: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, content in files:
        try:
            part = yaml.load(content.decode("utf-8-sig"), Loader=_Loader)
        except UnicodeDecodeError:
            faults.append(Fault(name, "不是 UTF-8 编码，请另存为 UTF-8"))
            continue
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"第 {mark.line + 1} 行" if mark else "全文"
            faults.append(Fault(f"{name} {line}", "不是正确的 YAML"))
            continue
        for key, value in (part if isinstance(part, dict) else {}).items():
            if key in raw:
                faults.append(Fault(f"{name}: {key}", "另一文件中已有此键"))
            raw[key] = value
    return raw, faults


#: Written in C where PyYAML has it: ten times faster, and a workspace is opened with every command.
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc, valid-type]
    """A safe loader that refuses a key given twice, where YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    "while constructing a mapping", node.start_mark, f"key {key!r} given twice",
                    key_node.start_mark,
                )  # fmt: skip
            seen.add(key)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found
