"""What the third floor measures for the plan's indicators and the dashboard."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from boundary.repair_tables import repair_order
from boundary.repairs.orders import ASSIGNED, CANCELLED, OPEN
from boundary.round_tables import joint_round, round_line
from boundary.tables import line
from gazetteer.divisions.codes import codes_inside
from gazetteer.measures import Measure, Measured, Scope, register_measure

_REGULAR = "regular"


def register_boundary_measures() -> None:
    """Make the measures known; done once, when this floor is imported."""
    for measure in (
        Measure("joint_inspections_in_time", "按期完成的联合检查", "rounds in time", _rounds),
        Measure("marker_repairs_in_time", "按期修复的界桩", "markers repaired in time", _repairs),
        Measure(
            "repairs_overdue", "逾期的界桩修复任务", "repair orders overdue", _overdue, overdue=True
        ),
    ):
        register_measure(measure)


def _within(scope: Scope) -> list[Any]:
    """The orders to a division and all inside it; the party is a code where it is known."""
    if scope.within is None:
        return []
    return [repair_order.c.managing_party.between(*codes_inside(scope.within))]


def _repairs(connection: Connection, scope: Scope) -> Measured:
    """Of the orders whose day came in the period, those worked by then."""
    table = repair_order.c
    where = [table.state != CANCELLED, table.due_on <= scope.as_of, *_within(scope)]
    if scope.since is not None:
        where.append(table.due_on >= scope.since)
    done = func.coalesce(table.worked_on, table.closed_on)
    statement = select(func.count(), _counted(done <= table.due_on)).where(*where)
    whole, in_time = connection.execute(statement.select_from(repair_order)).one()
    return Measured(
        in_time,
        whole,
        "约定日期已到的修复任务中，按期完成者",
        "of repair orders due, those done by their day",
    )


def _rounds(connection: Connection, scope: Scope) -> Measured:
    """Of the lines whose regular round fell due in the period, those inspected by its day."""
    table = joint_round.c
    where = [table.kind == _REGULAR, table.state != CANCELLED, table.due_on <= scope.as_of]
    if scope.since is not None:
        where.append(table.due_on >= scope.since)
    if scope.within is not None:
        codes = codes_inside(scope.within)
        parties = (line.c.party_a, line.c.party_b, line.c.party_c)
        where.append(or_(*(party.between(*codes) for party in parties)))
    statement = (
        select(func.count(), _counted(table.completed_on <= table.due_on))
        .select_from(round_line)
        .join(joint_round, table.id == round_line.c.round_id)
        .join(line, line.c.id == round_line.c.line_id)
        .where(*where)
    )
    whole, in_time = connection.execute(statement).one()
    return Measured(
        in_time, whole,
        "联合检查日期已到的界线中，按期完成者", "of lines due for joint inspection, those in time",
    )  # fmt: skip


def _overdue(connection: Connection, scope: Scope) -> Measured:
    table = repair_order.c
    late = and_(table.due_on < scope.as_of, table.state.in_((OPEN, ASSIGNED)))
    return Measured(
        _count(connection, [late, *_within(scope)]), None,
        "已过约定日期而未修复的任务", "repair orders past their day that are not done",
    )  # fmt: skip


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _count(connection: Connection, where: list[Any]) -> int:
    statement = select(func.count()).select_from(repair_order).where(*where)
    return int(connection.scalar(statement) or 0)
