"""The second floor's measures: complete records, publications, division codes, overdue clocks."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from gazetteer.approvals.tables import approval
from gazetteer.divisions.authorities import Deadline
from gazetteer.divisions.checking import IN_FORCE
from gazetteer.divisions.codes import significant
from gazetteer.divisions.listing import clocks_of
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.heritage.entries import CANDIDATE
from gazetteer.heritage.tables import heritage
from gazetteer.indicators.tables import publication
from gazetteer.measures import Measure, Measured, Scope, register_measure
from gazetteer.signs.tables import sign, sign_inspection, sign_repair
from gazetteer.statistics.marks import Mark
from gazetteer.statistics.tables import name_tally, place_fact
from gazetteer.tables import division, place

_LONGEST = 12
_REGION = 2


def register_own_measures() -> None:
    """Make this floor's measures known, and name those that upper floors will fill in."""
    for measure in (
        Measure("complete_records", "要素齐全的地名", "names with complete records", _complete),
        Measure("heritage_lists", "编制保护名录的盟市", "leagues with a list", _lists),
        Measure("chronicles", "编纂地名志的盟市", "leagues with a chronicle", _chronicles),
        Measure("division_codes_in_time", "按期公布的区划代码", "codes in time", _codes),
        Measure(
            "approval_clocks_overdue", "逾期的备案、公告", "filings and announcements overdue",
            _approvals, overdue=True,
        ),
        Measure(
            "division_clocks_overdue", "逾期的区划变更事项", "periods of division events overdue",
            _division_clocks, overdue=True,
        ),
        Measure("signs_checked", "检查过的地名标志", "signs checked", _signs),
        Measure(
            "sign_repairs_overdue", "逾期的标志修复任务", "sign repairs overdue", _sign_repairs,
            overdue=True,
        ),
        _waiting("joint_inspections_in_time", "按期完成的联合检查", "joint inspections in time"),
        _waiting("marker_repairs_in_time", "按期修复的界桩", "markers repaired in time"),
    ):  # fmt: skip
        register_measure(measure)


def _waiting(name: str, zh: str, en: str) -> Measure:
    """A measure that whoever keeps the records fills in; until then it says so."""

    def run(_connection: Connection, _scope: Scope) -> Measured:
        return Measured.unknown(
            f"登记中尚无“{zh}”所需的记录", f"the register keeps no records of: {en}"
        )

    return Measure(name, zh, en, run)


def _under(column: Any, within: str | None) -> list[ColumnElement[bool]]:
    """A condition that leads to the index of codes, but for a region, which is nearly all."""
    digits = significant(within or "")
    if len(digits) <= _REGION:
        return _begins(column, within)
    return [column >= digits, column <= digits.ljust(_LONGEST, "9")]


def _begins(column: Any, within: str | None) -> list[ColumnElement[bool]]:
    """As `_under`, where other conditions choose fewer rows and should lead to their indexes."""
    digits = significant(within or "")
    return [func.substr(column, 1, len(digits)) == digits] if digits else []


def _complete(connection: Connection, scope: Scope) -> Measured:
    """Names in force on the day, from the tallies without those that had ended or not begun."""
    tally, fact = name_tally.c, place_fact.c
    whole, full = connection.execute(
        select(func.sum(tally["count"]), func.sum(tally[Mark.COMPLETE.column])).where(
            *_under(tally.county_code, scope.within)
        )
    ).one()
    year, day = scope.as_of.year, scope.as_of
    marked = fact.marks.op("&")(Mark.COMPLETE.value) != 0
    out = connection.execute(
        select(marked, func.count())
        .join(place, place.c.id == fact.place_id)
        .where(
            *_begins(fact.division_code, scope.within),
            or_(
                and_(fact.begun_year >= year, place.c.valid_from > day),
                and_(fact.ended_year <= year, place.c.valid_to <= day),
            ),
        )
        .group_by(marked)
    ).all()
    gone = {bool(row[0]): row[1] for row in out}
    return Measured(
        int(full or 0) - gone.get(True, 0),
        int(whole or 0) - sum(gone.values()),
        "当日有效的地名中，要素齐全者（按现有登记内容）",
        "of the names in force on the day, those complete as recorded now",
    )


def _leagues(connection: Connection, scope: Scope) -> set[str]:
    """The leagues and cities in force on the day."""
    code = division.c.code
    rows = connection.scalars(
        select(code).where(
            division.c.level == "prefecture",
            division.c.in_region,
            or_(division.c.valid_from.is_(None), division.c.valid_from <= scope.as_of),
            or_(division.c.valid_to.is_(None), division.c.valid_to > scope.as_of),
            *_under(code, scope.within),
        )
    )
    return set(rows)


def _published(connection: Connection, scope: Scope, kind: str) -> set[str]:
    """The divisions for which something of a kind was published by the day."""
    return set(
        connection.scalars(
            select(publication.c.division_code).where(
                publication.c.kind == kind, publication.c.published_on <= scope.as_of
            )
        )
    )


def _lists(connection: Connection, scope: Scope) -> Measured:
    """Leagues with an entry of a protection list in force, or whose list was published."""
    leagues = _leagues(connection, scope)
    columns = heritage.c
    listed = connection.scalars(
        select(columns.division_code)
        .where(
            columns.state != CANDIDATE,
            or_(columns.listed_on.is_(None), columns.listed_on <= scope.as_of),
            or_(columns.removed_on.is_(None), columns.removed_on > scope.as_of),
        )
        .distinct()
    )
    digits = {significant(code): code for code in leagues}
    with_entries = {digits[code[:4]] for code in listed if code[:4] in digits}
    published = _published(connection, scope, "protection_list")
    return Measured(
        len((with_entries | published) & leagues), len(leagues),
        "保护名录有在列条目或已登记出版的盟市",
        "leagues and cities with entries of a protection list, or whose list is recorded",
    )  # fmt: skip


def _chronicles(connection: Connection, scope: Scope) -> Measured:
    leagues = _leagues(connection, scope)
    return Measured(
        len(leagues & _published(connection, scope, "chronicle")), len(leagues),
        "已登记地名志的盟市", "leagues and cities whose chronicle is recorded",
    )  # fmt: skip


def _signs(connection: Connection, scope: Scope) -> Measured:
    """Of the signs that stood on the day, those inspected in the period."""
    columns = sign.c
    standing = [
        or_(columns.valid_from.is_(None), columns.valid_from <= scope.as_of),
        or_(columns.valid_to.is_(None), columns.valid_to > scope.as_of),
        *_under(columns.division_code, scope.within),
    ]
    seen = [sign_inspection.c.observed_on <= scope.as_of]
    if scope.since is not None:
        seen.append(sign_inspection.c.observed_on >= scope.since)
    checked = columns.id.in_(select(sign_inspection.c.sign_id).where(*seen))
    statement = select(func.count(), func.count().filter(checked)).select_from(sign)
    whole, part = connection.execute(statement.where(*standing)).one()
    return Measured(
        part, whole,
        "当日在用的地名标志中，期间检查过者", "of the signs standing, those checked in the period",
    )  # fmt: skip


def _sign_repairs(connection: Connection, scope: Scope) -> Measured:
    columns = sign_repair.c
    late = connection.scalar(
        select(func.count())
        .select_from(sign_repair)
        .where(
            columns.state == "open",
            columns.due_on < scope.as_of,
            *_under(columns.division_code, scope.within),
        )
    )
    return Measured(
        int(late or 0), None, "已过日期而未修复的标志", "sign repairs past their day that are open"
    )


def _events(connection: Connection, scope: Scope, since: date) -> list[Any]:
    """The decided events of a period, in a division."""
    event, line = division_event.c, division_event_line.c
    where = [event.effective_on >= since, event.effective_on <= scope.as_of]
    where.append(event.dated_by == "decision")
    if scope.within is not None:
        part = select(line.event_id).where(
            or_(
                and_(*_under(line.new_code, scope.within)),
                and_(*_under(line.old_code, scope.within)),
            )
        )
        where.append(event.id.in_(part))
    return list(connection.execute(select(division_event).where(*where)).mappings())


def _codes(connection: Connection, scope: Scope) -> Measured:
    since = max(scope.since or IN_FORCE, IN_FORCE)
    clocks = [
        clock
        for row in _events(connection, scope, since)
        for clock in clocks_of(row)
        if clock.rule.code == "codes_published" and _is_due(clock, scope.as_of)
    ]
    late = sum(_was_late(clock, scope.as_of) for clock in clocks)
    return Measured(
        len(clocks) - late, len(clocks),
        "到期的代码公布事项中，按期完成者", "of the publications of codes due, those in time",
    )  # fmt: skip


def _is_due(clock: Deadline, day: date) -> bool:
    """Whether a clock was done by a day, or had run out by then."""
    return (clock.done_on is not None and clock.done_on <= day) or clock.due_on < day


def _was_late(clock: Deadline, day: date) -> bool:
    done = clock.done_on if clock.done_on is not None and clock.done_on <= day else day
    return done > clock.due_on


def _division_clocks(connection: Connection, scope: Scope) -> Measured:
    late = sum(
        _was_late(clock, scope.as_of) and (clock.done_on is None or clock.done_on > scope.as_of)
        for row in _events(connection, scope, IN_FORCE)
        for clock in clocks_of(row)
    )
    return Measured(
        late, None, "逾期未完成的区划变更事项", "periods of division events that have run out"
    )


def _approvals(connection: Connection, scope: Scope) -> Measured:
    late = connection.scalar(
        select(func.count())
        .select_from(approval)
        .where(approval.c.due_on < scope.as_of, *_under(approval.c.division_code, scope.within))
    )
    return Measured(
        int(late or 0), None,
        "现未办结的备案、公告中已逾期者", "of filings and announcements open now, those overdue",
    )  # fmt: skip
