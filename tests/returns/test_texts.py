"""The words that go with a slip, or instead of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_returns import form_rows, save_book
from made_slips import LIXIA, TEN, Work

from chunfeng_reports.returns.texts import day

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("severities", [("critical", "warning"), ("warning",), ("info",)])
def test_the_message_says_what_to_do_and_is_short(work: Work, severities: tuple[str, ...]) -> None:
    save_book(work.received / "历下区.xlsx", ("春风行动", form_rows(work.desk.campaign, "F1", TEN)))
    for severity in severities:
        work.doubt("F1_6", severity=severity)
    sent = work.send()
    assert sent.message is not None
    text = sent.message.read_text("utf-8")
    assert text == (GOLDEN / f"message-{severities[0]}.txt").read_text("utf-8")
    assert len(text) <= 200


def test_a_unit_that_sent_nothing_is_reminded_and_gets_no_slip(work: Work) -> None:
    work.doubt("F1", severity="warning", message="没有收到春风行动情况统计表。")
    sent = work.send()
    assert (sent.slip, sent.message) == (None, None)
    assert sent.reminder is not None
    assert sent.reminder.read_text("utf-8") == (GOLDEN / "reminder.txt").read_text("utf-8")
    assert sent.missing == ("F1", "F2", "P")
    assert sent.region == LIXIA


def test_the_due_is_told_with_its_weekday() -> None:
    assert day("2023-02-01") == "2023年2月1日（周三）"
