"""A role is held in a division and below it, and nowhere else."""

import pytest

from data.actors import Actor, Grant, Role
from data.errors import Forbidden

LEAGUE = ["152502", "152500", "150000"]


@pytest.mark.parametrize(
    ("grant", "path", "may"),
    [
        (Grant(Role.EDITOR, "152500"), LEAGUE, True),
        (Grant(Role.EDITOR, "152502"), LEAGUE, True),
        (Grant(Role.EDITOR, "152502"), ["152500", "150000"], False),
        (Grant(Role.EDITOR, "1525"), LEAGUE, False),
        (Grant(Role.APPROVER, "152500"), LEAGUE, False),
        (Grant(Role.EDITOR), [], True),
        (Grant(Role.EDITOR, "150000"), [], False),
    ],
)
def test_a_role_reaches_down_and_not_across(grant: Grant, path: list[str], may: bool) -> None:  # noqa: FBT001
    assert Actor("a", frozenset({grant})).may(Role.EDITOR, path) is may


def test_a_refusal_names_act_role_and_division() -> None:
    with pytest.raises(Forbidden, match=r"approve this name.*approver.*152502") as refused:
        Actor("a").require([Role.APPROVER], LEAGUE, "approve this name")
    assert "approver" in refused.value.zh


def test_the_operator_of_the_machine_may_everything() -> None:
    for role in Role:
        assert Actor.operator("root").may(role, [])
