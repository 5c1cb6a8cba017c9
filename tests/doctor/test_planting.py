"""Errors are planted as people make them, and not where they would change nothing."""

from __future__ import annotations

import pytest

from chunfeng_reports.doctor.planting import KINDS, Figures

FORM: Figures = (200.0, 2610.0, 0.0, None, 5.0)


@pytest.mark.parametrize(
    ("kind", "at", "wrong"),
    [
        ("x10", 0, (2000.0, 2610.0, 0.0, None, 5.0)),
        ("x100", 4, (200.0, 2610.0, 0.0, None, 500.0)),
        ("tenth", 1, (200.0, 261.0, 0.0, None, 5.0)),
        ("tenth", 4, None),
        ("sign", 0, (-200.0, 2610.0, 0.0, None, 5.0)),
        ("sign", 2, None),
        ("x10", 3, None),
        ("transposed", 1, (200.0, 6210.0, 0.0, None, 5.0)),
        ("transposed", 4, None),
        ("swapped", 0, (2610.0, 200.0, 0.0, None, 5.0)),
        ("swapped", 2, None),
        ("swapped", 4, None),
        ("shifted", 0, (200.0, 200.0, 2610.0, 0.0, None)),
    ],
)
def test_what_is_typed_by_mistake(kind: str, at: int, wrong: Figures | None) -> None:
    assert KINDS[kind].plant(FORM, at) == wrong


def test_one_item_told_too_high_is_never_right() -> None:
    for value in range(1, 50):
        (wrong,) = KINDS["off"].plant((float(value),), 0) or (float(value),)
        assert wrong is not None
        assert wrong > value
