"""The rule table, one line per case."""

import numpy as np
import pytest

from boundary.displacement_verdicts import Evidence, VerdictRules, judge


def verdict(
    d: float,
    t: float,
    s: float,
    *,
    grade: bool = True,
    valid: bool = True,
    open_error: bool = False,
) -> str:
    evidence = Evidence(
        np.array([d]), np.array([s]), np.array([t]),
        np.array([grade]), np.array([valid]), np.array([open_error]),
    )  # fmt: skip
    return str(judge(evidence, VerdictRules()).verdicts[0])


@pytest.mark.parametrize(
    ("d", "t", "s", "expected"),
    [
        (0.05, 0.20, 0.05, "in_place"),
        (0.20, 0.20, 0.10, "in_place"),  # c = 2, D = T
        (0.21, 0.20, 0.10, "cannot_tell"),  # c = 2, D just over T
        (0.24, 0.20, 0.05, "in_place"),  # c = 4, D within T + σ
        (0.26, 0.20, 0.05, "cannot_tell"),
        (0.33, 0.20, 0.05, "suspect"),
        (0.60, 0.20, 0.05, "displaced"),
        (0.05, 0.20, 0.15, "cannot_tell"),  # c < 2: the measurement is too weak
        (5.00, 14.0, 8.00, "cannot_tell"),
        (9.00, 0.20, 3.00, "suspect"),
        (301.0, 0.20, 0.05, "resubmit"),
        (299.0, 0.20, 0.05, "displaced"),
    ],
)
def test_the_rule_table(d: float, t: float, s: float, expected: str) -> None:
    assert verdict(d, t, s) == expected


def test_what_caps_a_displacement_at_suspect() -> None:
    assert verdict(2.0, 0.2, 0.05) == "displaced"
    assert verdict(2.0, 0.2, 0.05, grade=False) == "suspect"
    assert verdict(2.0, 0.2, 0.05, valid=False) == "suspect"
    assert verdict(2.0, 0.2, 0.05, open_error=True) == "suspect"


def test_the_false_alarm_share_is_kept_over_the_campaign() -> None:
    one = Evidence(
        np.array([0.40]), np.array([0.05]), np.array([0.2]),
        np.array([True]), np.array([True]), np.array([False]),
    )  # fmt: skip
    alone = judge(one, VerdictRules())
    assert alone.verdicts[0] == "displaced"
    among_many = judge(one, VerdictRules(), np.ones(100_000))
    assert among_many.verdicts[0] == "suspect"
    assert among_many.outside_p[0] == alone.outside_p[0]
