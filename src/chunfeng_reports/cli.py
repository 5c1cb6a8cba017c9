"""The command line: one thin function a command. What they do is in :mod:`.pipeline`.

Heavy libraries are imported when a command needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from chunfeng_reports import __version__
from chunfeng_reports.errors import ChunfengError, ReportError, UseError
from chunfeng_reports.findings import UNSETTLED

if TYPE_CHECKING:
    from chunfeng_reports.lastrun import Asked, Told
    from chunfeng_reports.pipeline import Known
    from chunfeng_reports.store import Store
    from chunfeng_reports.workspace import Workspace

INTERRUPTED = 130

#: What a check tells of a due.
_OF_CHECK = ("files", "refused", "cells", "findings", "changes", "explanations")


def main() -> NoReturn:
    """Run the command line; the one place that picks the exit code.

    0 done; 1 a report could not be made, or ``--strict`` and errors are open; 2 wrong use.
    """
    if sys.stderr is None:  # the caller closed it; libraries write to it all the same
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    _stop_cleanly_when_told()
    try:
        chunfeng.main(args=arguments, prog_name="chunfeng", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        click.echo("已中断；没有留下写了一半的文件。", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UseError as error:
        _say_why(error, debug=debug)
        sys.exit(2)
    except ChunfengError as error:
        _say_why(error, debug=debug)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        click.echo(f"程序内部出错：{type(error).__name__}: {error}", err=True)
        click.echo("请加 --debug 重新运行，把全部输出交给维护人员。", err=True)
        sys.exit(1)
    sys.exit(0)


def _stop_cleanly_when_told() -> None:
    """Ctrl-C, a closed terminal or a scheduler's stop: say so at once, then clean up, once."""
    signals = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]

    def stop(_signal: int, _frame: object) -> NoReturn:
        for known in filter(None, signals):
            signal.signal(known, signal.SIG_IGN)
        click.echo("\n正在停止……", err=True)
        raise KeyboardInterrupt

    for known in filter(None, signals):
        signal.signal(known, stop)


def _say_why(error: ChunfengError, *, debug: bool) -> None:
    if debug:
        raise error
    click.echo(f"错误：{error}", err=True)


def _in_store(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--workspace``, and the store of the workspace there as its first argument:
    nothing heavy is loaded for that.
    """

    @click.option(
        "--workspace",
        "place",
        default=".",
        show_default=False,
        metavar="文件夹",
        help="工作区；不写就从当前文件夹往上找 chunfeng.toml。",
    )
    @wraps(command)
    def wrapped(place: str, **options: Any) -> None:
        from chunfeng_reports.store import Store  # noqa: PLC0415

        command(Store.find(place), **options)

    return wrapped


def _in_workspace(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--workspace``, and the workspace found there as its first argument."""

    @wraps(command)
    def wrapped(store: Store, **options: Any) -> None:
        from chunfeng_reports.workspace import Workspace  # noqa: PLC0415

        command(Workspace.find(store.root), **options)

    return _in_store(wrapped)


_due = click.option(
    "--due", "dues", multiple=True, metavar="日期", help="报送期，如 2023-02-01；可重复。"
)
_all = click.option("--all", "every", is_flag=True, help="活动的全部报送期。")
_region = click.option(
    "--region", "regions", multiple=True, metavar="代码", help="只做这个单位，如 370102；可重复。"
)
_jobs = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=None,
    metavar="个数",
    help="同时做几份；默认按处理器数。",
)
_json = click.option("--json", "as_json", is_flag=True, help="结果以 JSON 输出，供程序读取。")
_strict = click.option("--strict", is_flag=True, help="有未处理的错误时以退出码 1 结束。")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="chunfeng %(version)s")
@click.option("--debug", is_flag=True, help="出错时显示完整的技术信息（可放在任何位置）。")
def chunfeng(debug: bool) -> None:
    """收表、审核、汇总、出报告：每个数都能追到原来的单元格。

    \b
    常用：
      chunfeng run --due 2023-02-01     一期从收表到报告
      chunfeng run --all                全部报送期
      chunfeng status                   谁没报、有什么问题
      chunfeng forms --due 2023-02-01   给各单位的空白表

    退出码：0 完成；1 有报告没有做成（或 --strict 且有未处理的错误）；2 用法不对。
    """


@chunfeng.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--body", required=True, metavar="代码", help="汇总单位的代码，如 370100 济南市。")
@click.option("--campaign", default="2023-chunfeng", show_default=True, help="活动定义的名称。")
def init(folder: Path, body: str, campaign: str) -> None:
    """建立一个新的工作区。

    \b
    例：
      chunfeng init 春风行动 --body 370100
    """
    from chunfeng_reports.campaign import Desk  # noqa: PLC0415
    from chunfeng_reports.definitions import load_campaign  # noqa: PLC0415
    from chunfeng_reports.store import bundle, create  # noqa: PLC0415

    known = sorted(path.name for path in (bundle() / "campaigns").iterdir() if path.is_dir())
    if campaign not in known:
        raise UseError(f"没有活动 {campaign}；可用：{'、'.join(known)}")
    desk = Desk.of(load_campaign(bundle() / "campaigns" / campaign), body)
    store = create(folder, campaign=campaign, body=desk.body.code)
    click.echo(f"已建立{desk.body.name}的工作区：{store.root}")
    click.echo(
        f"把各单位的材料放进 data/raw/{desk.dues[0]}，然后运行 chunfeng run --due {desk.dues[0]}"
    )


@chunfeng.command()
@_due
@_all
@_region
@_in_workspace
def forms(ws: Workspace, dues: tuple[str, ...], every: bool, regions: tuple[str, ...]) -> None:
    """为各单位生成空白的统计表（Excel）。

    \b
    例：
      chunfeng forms --due 2023-02-01
      chunfeng forms --all --region 370102
    """
    from chunfeng_reports import pipeline  # noqa: PLC0415

    for due in _asked(ws, dues, every):
        made = pipeline.blank_forms(ws, due, regions)
        click.echo(f"{due}：{len(made)} 份空白表，在 {ws.store.blank_forms(due)}")


@chunfeng.command()
@_due
@_all
@_jobs
@_json
@click.option(
    "--explain",
    "explained",
    type=click.Path(path_type=Path, readable=False),
    metavar="文件",
    help="只读这一个文件，逐格说明认出了什么、什么没有采用、为什么；不写任何文件。",
)
@_in_workspace
def collect(
    ws: Workspace,
    dues: tuple[str, ...],
    every: bool,
    jobs: int | None,
    as_json: bool,
    explained: Path | None,
) -> None:
    """只收表：读出每个文件，登记收表台账和数据。

    \b
    例：
      chunfeng collect --due 2023-02-01
      chunfeng collect --all --json
      chunfeng collect --explain data/raw/2023-02-01/历下区.xlsx
    """
    from chunfeng_reports import pipeline  # noqa: PLC0415

    if explained is not None:
        _explain(ws, explained, dues, as_json=as_json)
        return
    asked = _asked(ws, dues, every)
    with ws.store.busy("collect"):
        known = _collected(ws, asked, every, jobs)
        pipeline.keep(ws, known, ("intake", "facts", "passages"))
    _tell(ws, known, asked, as_json=as_json, names=("files", "refused", "cells"))


@chunfeng.command()
@_due
@_all
@_jobs
@_json
@_strict
@click.option(
    "--suite",
    "suites",
    multiple=True,
    metavar="文件或名称",
    help="只按这套规则审核：自己的 JSON 文件，或活动规则的名称（如 F1）；可重复。不写任何文件。",
)
@_in_workspace
def check(
    ws: Workspace,
    dues: tuple[str, ...],
    every: bool,
    jobs: int | None,
    as_json: bool,
    strict: bool,
    suites: tuple[str, ...],
) -> None:
    """收表并审核：列出问题和每条规则的结果，不出报告。

    \b
    例：
      chunfeng check --due 2023-02-01
      chunfeng check --all --strict
      chunfeng check --due 2023-02-01 --suite F1 --suite my-suite.json
    """
    asked = _asked(ws, dues, every)
    if suites:
        _try(ws, suites, asked, every, jobs, as_json=as_json, strict=strict)
        return
    with ws.store.busy("check"):
        known = _checked(ws, asked, every, jobs)
    _tell(
        ws,
        known,
        asked,
        as_json=as_json,
        names=(*_OF_CHECK, "missing", "rules"),
    )
    _stop_if_strict(_open_errors(known, asked), strict=strict)


@chunfeng.command()
@_due
@_all
@_region
@_jobs
@_json
@_strict
@click.option(
    "--explain", is_flag=True, help="逐份说明：哪些重做了、为什么，哪些没有变化、没有重做。"
)
@click.option("--anew", is_flag=True, help="全部重做，不管有没有变化。")
@click.option(
    "--scheduler",
    default=None,
    metavar="地址",
    help="在多台机器上出报告：tcp://主机:8786；local:4 在本机起 4 个工作进程。",
)
@_in_store
def run(
    store: Store,
    dues: tuple[str, ...],
    every: bool,
    regions: tuple[str, ...],
    jobs: int | None,
    as_json: bool,
    strict: bool,
    explain: bool,
    anew: bool,
    scheduler: str | None,
) -> None:
    """全部工作：收表、审核、汇总、出报告。只重做有变化的；都没有变化，就什么也不做。

    \b
    例：
      chunfeng run --due 2023-02-01
      chunfeng run --all --jobs 4
      chunfeng run --due 2023-02-01 --region 370102
      chunfeng run --all --explain
      chunfeng run --all --scheduler tcp://10.0.0.8:8786
    """
    from chunfeng_reports import lastrun  # noqa: PLC0415  (loads neither pandas nor the campaign)

    asked = lastrun.Asked(every, tuple(sorted(set(dues))), tuple(sorted(set(regions))))
    if scheduler is not None:
        _check_scheduler(scheduler, jobs)
    with store.busy("run"):
        told = None if anew else lastrun.unchanged(store, asked)
        failed: list[str] = []
        if told is None:
            told, failed = _run(store, asked, jobs, scheduler or "", anew=anew, quiet=as_json)
    _say(told, store, as_json=as_json, explain=explain)
    if failed:
        lines = "\n".join(failed)
        raise ReportError(f"有 {len(failed)} 份报告没有做成（其余已完成）：\n{lines}")
    _stop_if_strict(told.grave, strict=strict)


def _check_scheduler(scheduler: str, jobs: int | None) -> None:
    from chunfeng_reports.execution import check_scheduler  # noqa: PLC0415

    if jobs:
        raise UseError("--jobs 和 --scheduler 只能用一个：同时做几份由工作进程的个数决定")
    check_scheduler(scheduler)


def _run(
    store: Store, asked: Asked, jobs: int | None, scheduler: str, *, anew: bool, quiet: bool
) -> tuple[Told, list[str]]:
    """What a run has to say, and which reports it could not make."""
    from chunfeng_reports import lastrun, pipeline, release  # noqa: PLC0415
    from chunfeng_reports.workspace import Workspace  # noqa: PLC0415

    ws, read = Workspace(store), lastrun.inputs(store)
    moved = lastrun.moved(store, read)
    dues = _asked(ws, asked.dues, asked.every)
    units = tuple(dict.fromkeys(ws.desk.unit(code).code for code in asked.regions))
    pipeline.purposes(ws)  # a notebook that cannot be used is told before anything is read
    known = _checked(ws, dues, asked.every, jobs)
    begun = tuple(due for due in dues if due in known.dues)
    plan = release.plan(ws, known, anew=anew)
    reports = plan.reports(begun, units)
    wanted = sum(one.wanted for one in reports)
    with _progress("出报告", total=wanted, quiet=quiet) as step:
        made = release.make(plan, reports, jobs=jobs or os.cpu_count() or 1,
                             scheduler=scheduler, progress=step)  # fmt: skip
    release.finish(plan, begun, reports, made)
    bad = [one for one in made if one.error]
    answer, lines = _in_words(ws, known, dues, (*_OF_CHECK, "missing"))
    answer["reports"] = {"all": sum(one.asked for one in reports), "made": wanted - len(bad),
                         "failed": len(bad)}  # fmt: skip
    told = lastrun.Told(answer, lines, _open_errors(known, dues), release.reasons(plan, reports),
                        moved, [release.named(plan, one.order) for one in bad])  # fmt: skip
    if not bad:
        lastrun.remember(store, asked, told, dues=begun, read=read)
    return told, [f"  {one.order.due} {one.order.region} {one.order.notebook}：{one.error}"
                  for one in bad]  # fmt: skip


def _say(told: Told, store: Store, *, as_json: bool, explain: bool) -> None:
    """What a run made; explain: and why each thing was made or left as it is."""
    if as_json:
        answer = dict(told.answer)
        if explain:
            answer |= {"why": told.things, "changed": told.moved, "failed": told.failed}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for line in told.lines:
        click.echo(line)
    if explain:
        for name in told.moved:
            click.echo(f"有变化　{name}")
        for thing, why in told.things.items():
            how = "未成" if thing in told.failed else "重做" if why else "未动"
            click.echo(f"{how}　{thing}：{'、'.join(why) or '没有变化'}")
    click.echo(f"报告{_counted(**told.answer['reports'])}。首页：{store.index}")


def _counted(**number: int) -> str:
    """How many reports there are, were made, could not be made, and stand as they were."""
    rest = number["all"] - number["made"] - number["failed"]
    counted = {"重做": number["made"], "没有变化": rest, "没有做成": number["failed"]}
    parts = [f"{word} {n} 份" for word, n in counted.items() if n]
    if rest == number["all"]:
        return f" {rest} 份，都没有变化，没有重做"
    return f" {number['all']} 份" + (f"：{'，'.join(parts)}" if len(parts) > 1 else "")


@chunfeng.command()
@_due
@_all
@_region
@_jobs
@_json
@_in_workspace
def returns(
    ws: Workspace,
    dues: tuple[str, ...],
    every: bool,
    regions: tuple[str, ...],
    jobs: int | None,
    as_json: bool,
) -> None:
    """生成退回表、短信和催报文字：只放在本机文件夹里，不发送。

    \b
    先审核（check 或 run），再退回。放在 data/processed/<报送期>/returns/<单位>/：
      退回-历下区-2023-02-01.xlsx   单位自己的表，有问题的格子已标出，附“退回说明”
      短信.txt、催报.txt            给单位的文字
    单位填好的退回表放回 data/raw/<报送期>/，再收表时认得：改了的数字替代原数，写的话作为说明。

    \b
    例：
      chunfeng returns --due 2023-02-01
      chunfeng returns --due 2023-02-01 --region 370102
      chunfeng returns --all --json
    """
    from chunfeng_reports import pipeline, progress  # noqa: PLC0415

    units = tuple(dict.fromkeys(ws.desk.unit(code).code for code in regions))
    asked = _asked(ws, dues, every)
    if every:
        asked = tuple(due for due in asked if ws.store.table(due, "findings").is_file())
    if not asked:
        raise UseError("还没有审核过的报送期；请先运行 chunfeng check --all")
    found = {due: pipeline.ready(ws, due) for due in asked}  # what is refused is told at once
    made = {}
    total = len(asked) * len(units or ws.desk.units)
    with ws.store.busy("returns"), _progress("退回", total=total, quiet=as_json) as step:
        for due in asked:
            made[due] = pipeline.send_back(ws, found[due], units, jobs=jobs, progress=step)
    if as_json:
        told = {due: progress.returns(ws, some) for due, some in made.items()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for due, some in made.items():
        for line in progress.returns_in_words(ws, due, some):
            click.echo(line)


@chunfeng.command()
@_due
@_json
@_in_workspace
def status(ws: Workspace, dues: tuple[str, ...], as_json: bool) -> None:
    """看进度：哪期到了、谁没报、有什么问题、报告是否还是最新的。

    \b
    例：
      chunfeng status
      chunfeng status --due 2023-02-01 --json
    """
    from chunfeng_reports import progress  # noqa: PLC0415

    asked = _asked(ws, dues, every=not dues)
    standing = progress.standing(ws, asked)
    if as_json:
        click.echo(json.dumps(standing, ensure_ascii=False, indent=1))
    else:
        for line in progress.in_words(ws, standing):
            click.echo(line)


@chunfeng.command()
@_due
@_all
@click.option(
    "--cold",
    type=click.IntRange(min=1),
    metavar="份数",
    help="另外随机抽几份报告，各用新启动的内核重做一遍，逐字节比较。",
)
@_json
@_in_workspace
def verify(
    ws: Workspace, dues: tuple[str, ...], every: bool, cold: int | None, as_json: bool
) -> None:
    """核对：输入和产出是否仍与 manifest.json 中的校验值一致。

    \b
    例：
      chunfeng verify --due 2023-02-01
      chunfeng verify --all --cold 5
    """
    from chunfeng_reports import manifest, pipeline  # noqa: PLC0415

    asked = _asked(ws, dues, every)
    if every:
        asked = tuple(due for due in asked if ws.store.manifest(due).is_file())
    if not asked:
        raise UseError("还没有可核对的清单；请先运行 chunfeng run")
    besides = pipeline.read_besides(ws)
    changed = {due: manifest.changed(ws.store, due, besides=besides) for due in asked}
    if as_json:
        click.echo(json.dumps(changed, ensure_ascii=False, indent=1))
    else:
        for due, files in changed.items():
            click.echo(f"{due}：{'与清单一致' if not files else f'{len(files)} 处不一致'}")
            for path, what in files:
                click.echo(f"  {what}　{path}")
    if any(changed.values()):
        raise ReportError("有文件与清单不一致；若输入有更新，请重新运行 chunfeng run")
    if cold:
        _audit(ws, asked, cold, as_json=as_json)


def _audit(ws: Workspace, dues: tuple[str, ...], number: int, *, as_json: bool) -> None:
    from chunfeng_reports import release  # noqa: PLC0415

    told = release.audit(ws, dues, number=number)
    for one, same in told:
        name = f"{one.due} {one.region} {Path(one.notebook).stem}"
        click.echo(f"  {'相同' if same else '不同'}　{name}", err=as_json)
    if not all(same for _, same in told):
        raise ReportError("新启动的内核做出的报告与已有的不同；请把上面的清单交给系统维护人员")


@chunfeng.group()
def doctor() -> None:
    """体检：规则能发现多少错误。"""


@doctor.command("rules")
@click.option("--made-up", is_flag=True, help="不用工作区的材料，用编造的、无误的各期表来检验。")
@click.option(
    "--write",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="把结果写成 Markdown 文件。",
)
@_json
@_in_workspace
def doctor_rules(ws: Workspace, made_up: bool, target: Path | None, as_json: bool) -> None:
    """在无误的表里逐格种下常见的错误，看本活动的规则能发现多少、什么发现不了。

    \b
    例：
      chunfeng doctor rules
      chunfeng doctor rules --made-up --write docs/rules-coverage.md
    """
    from chunfeng_reports import pipeline  # noqa: PLC0415
    from chunfeng_reports.doctor import measure, measure_made_up, told  # noqa: PLC0415
    from chunfeng_reports.store import write_bytes  # noqa: PLC0415

    suites = pipeline.rules(ws)
    dues = [due for due in ws.desk.dues if ws.store.table(due, "findings").is_file()]
    if made_up or not dues:
        found = measure_made_up(ws.desk, suites)
        about = (
            "在程序编造的无误材料里种错（单位大小相差百倍，每次结果相同）。"
            "规则改动后重新生成：`chunfeng doctor rules --made-up --write 文件`，"
            "源码库里为 `make coverage`。"
        )
    else:
        frames = (pipeline.kept(ws, dues, name) for name in ("facts", "intake", "findings"))
        facts, intake, findings = frames
        found = measure(ws.desk, suites, facts=facts, intake=intake, findings=findings)
        about = f"在工作区 {'、'.join(dues)} 没有存疑和错误的表里种错。"
    lines = ["# 规则能发现什么", "", about, "", *told.markdown(found, ws.desk)]
    if target is not None:
        write_bytes(target, ("\n".join(lines) + "\n").encode())
    if as_json:
        click.echo(json.dumps(told.as_data(found), ensure_ascii=False, indent=1))
    elif target is None:
        click.echo("\n".join(lines))


def _asked(ws: Workspace, dues: tuple[str, ...], every: bool) -> tuple[str, ...]:
    """The dues asked for, checked. UseError where none, or both ways, or a due that is none."""
    if every and dues:
        raise UseError("--due 和 --all 只能用一个")
    if every:
        return ws.desk.dues
    if not dues:
        raise UseError(f"请用 --due 指明报送期（{'、'.join(ws.desk.dues)}），或用 --all")
    return tuple(sorted({due for due in dues if ws.desk.round(due)}))


def _explain(ws: Workspace, file: Path, dues: tuple[str, ...], *, as_json: bool) -> None:
    from chunfeng_reports import pipeline  # noqa: PLC0415
    from chunfeng_reports.reading import in_words  # noqa: PLC0415

    if len(dues) > 1:
        raise UseError("--explain 一次只按一个报送期读取，请只写一个 --due")
    seen = pipeline.explain(ws, file, due=next(iter(dues), ""))
    if as_json:
        click.echo(json.dumps(asdict(seen), ensure_ascii=False, indent=1, default=str))
    else:
        for line in in_words(seen, ws.desk):
            click.echo(line)
    if seen.fault:
        detail = seen.fault if "--debug" in sys.argv else "加 --debug 重新运行可见技术信息。"
        click.echo(
            f"读取此文件时程序内部出错，请把文件和下面的信息交给维护人员。\n{detail}", err=True
        )


def _collected(ws: Workspace, asked: tuple[str, ...], every: bool, jobs: int | None) -> Known:
    from chunfeng_reports import pipeline  # noqa: PLC0415

    begun = [due for due in ws.desk.dues if ws.store.raw(due).is_dir()]
    if every and not begun:
        folders = "、".join(f"data/raw/{due}" for due in ws.desk.dues)
        raise UseError(f"还没有收到任何一期的材料；请把文件放进 {folders}")
    # With --all a due that has not begun is left out; one asked for by name must have a folder.
    if not every and (lacking := [f"data/raw/{due}" for due in asked if due not in begun]):
        raise UseError(
            f"没有文件夹 {'、'.join(lacking)}；请核对报送期，或建好文件夹并把材料放进去"
            "（文件夹空着，就按全部未报处理）"
        )
    files = sum(1 for due in begun for path in ws.store.raw(due).rglob("*") if path.is_file())
    with _progress("收表", total=files) as step:
        return pipeline.collect(ws, jobs=jobs, progress=step)


def _checked(ws: Workspace, asked: tuple[str, ...], every: bool, jobs: int | None) -> Known:
    from chunfeng_reports import lastrun, pipeline  # noqa: PLC0415

    known = _judged(ws, asked, every, jobs)
    lastrun.forget(ws.store)
    pipeline.keep(ws, known, pipeline.TABLES)
    return known


def _judged(ws: Workspace, asked: tuple[str, ...], every: bool, jobs: int | None) -> Known:
    from chunfeng_reports import pipeline  # noqa: PLC0415

    suites = pipeline.rules(ws)  # wrong rules are told before anything is read
    known = _collected(ws, asked, every, jobs)
    with _progress("审核", total=len(known.dues)) as step:
        return pipeline.check(ws, known, suites, progress=step)


def _try(
    ws: Workspace,
    names: tuple[str, ...],
    asked: tuple[str, ...],
    every: bool,
    jobs: int | None,
    *,
    as_json: bool,
    strict: bool,
) -> None:
    """Check with some suites alone: told on the terminal, nothing is written."""
    from chunfeng_reports import pipeline, progress  # noqa: PLC0415

    suites = ws.suites(*names)  # wrong rules are told before anything is read
    known = _judged(ws, asked, every, jobs)
    begun = [due for due in asked if due in known.dues]
    trial = pipeline.try_rules(ws, known, suites, begun)
    told = {due: progress.summary(ws, trial, due, ("findings", "rules", "found")) for due in begun}
    if as_json:
        click.echo(json.dumps({"dues": told, "notes": []}, ensure_ascii=False, indent=1))
    else:
        for due, one in told.items():
            for line in progress.trial_in_words(ws, suites, due, one):
                click.echo(line)
        click.echo("只是试审，没有写入 data/processed；正式审核请去掉 --suite。")
    _stop_if_strict(_open_errors(trial, asked), strict=strict)


def _tell(
    ws: Workspace, known: Known, asked: tuple[str, ...], *, as_json: bool, names: tuple[str, ...]
) -> None:
    answer, lines = _in_words(ws, known, asked, names)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            click.echo(line)


def _in_words(
    ws: Workspace, known: Known, asked: tuple[str, ...], names: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    """What came of some dues, for a program and for a person."""
    from chunfeng_reports import pipeline, progress  # noqa: PLC0415

    summary = {due: progress.summary(ws, known, due, names) for due in asked if due in known.dues}
    strays = pipeline.strays(ws)
    lines = [line for due, one in summary.items()
             for line in progress.summary_in_words(ws, due, one)]  # fmt: skip
    lines += [f"{due}　还没有 data/raw/{due}，跳过。" for due in asked if due not in known.dues]
    return {"dues": summary, "notes": strays}, lines + [f"注意：{note}" for note in strays]


def _open_errors(known: Known, asked: tuple[str, ...]) -> int:
    rows = known.findings
    unsettled = rows["state"].isin(UNSETTLED) & rows["due"].isin(asked)
    return int(((rows["severity"] == "critical") & unsettled).sum())


def _stop_if_strict(errors: int, *, strict: bool) -> None:
    if strict and errors:
        raise ReportError(f"有 {errors} 处错误未处理（--strict）")


@contextmanager
def _progress(label: str, *, total: int, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, one plain line elsewhere, on standard error."""
    if not sys.stderr.isatty():
        if not quiet:
            click.echo(f"{label}：{total} 项", err=True)
        yield lambda _: None
        return
    from tqdm import tqdm  # noqa: PLC0415

    with tqdm(total=total, desc=label, unit="项", leave=False, dynamic_ncols=True) as bar:

        def step(_: str) -> None:
            bar.update()

        yield step
