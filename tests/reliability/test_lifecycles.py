"""Whatever is done in whatever order, what the law keeps is kept: markers and names, both stores.

Hypothesis draws the actions, right and wrong ones; the program may refuse them with its own errors.
After each action: no reference position has changed, every marker in force has a managing side, a
place has one standard name on any day, no clock is negative; at the end the journal proves itself.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import naming_cases
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from naming_cases import ANSWERS, APPROVER, EDITOR, STREET, TODAY, UPPER
from sqlalchemy import select, text

from boundary.markers import Act, marker_parties, record_act, relocate
from boundary.tables import marker
from data import journal
from data.actors import Actor, Grant, Role
from data.errors import Immutable, OvooError
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import Act as Step
from gazetteer.approvals import Decision
from gazetteer.approvals.cases import clocks_of, read_case
from gazetteer.approvals.tables import approval
from gazetteer.tables import place_name

EITHER_SIDE = Actor("editor", (Grant(Role.EDITOR, "990100"),))
DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))
SIDES = st.sets(st.sampled_from(("990101", "990102", "990201"))).map(tuple)
KINDS = st.sampled_from(("修复", "描红", "原址更换", "报废", "增设", "飞走"))
NAMES = st.sampled_from(("丁香路", "松林路", "旧街", "白桦路", "巴黎路"))
NUMBERS = st.integers(0, 1_000)


class Markers(RuleBasedStateMachine):
    """Offices that act on markers."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._references: dict[int, Any] = {}

    def _one(self, number: int) -> Any:
        with self._store.read() as connection:
            rows = connection.execute(select(marker).order_by(marker.c.id)).all()
        return rows[number % len(rows)]

    @rule(number=NUMBERS, kind=KINDS, day=DAYS, sides=SIDES, late=st.integers(0, 1))
    def act(self, number: int, kind: str, day: date, sides: tuple[str, ...], late: int) -> None:
        """Repair, repaint, replace, scrap; sometimes with an older version."""
        record = self._one(number)
        done = Act(
            kind, day, parties=sides, agreement="同意", survey_method="静态", surveyed_on=day
        )
        with suppress(OvooError):
            record_act(self._store, EITHER_SIDE, record.id, record.version - late, done, TODAY)

    @rule(number=NUMBERS, day=DAYS, sides=SIDES, lon=st.floats(111.9, 112.1), agreed=st.booleans())
    def move(
        self, number: int, day: date, sides: tuple[str, ...], lon: float, *, agreed: bool
    ) -> None:
        """Relocate, with an agreement or without."""
        record = self._one(number)
        done = Act(
            "relocate", day, parties=sides, agreement="变〔2026〕1号" if agreed else None,
            survey_method="静态", surveyed_on=day,
        )  # fmt: skip
        position = {"lon": f"{lon:.6f}", "lat": "41.2"}
        with suppress(OvooError):
            relocate(self._store, EITHER_SIDE, record.id, record.version, done, position, TODAY)

    @rule(number=NUMBERS, column=st.sampled_from(("coordinate_text", "crs_text")))
    def change_reference(self, number: int, column: str) -> None:
        """Nobody may, by no way."""
        record = self._one(number)
        try:
            with self._store.write("somebody", "correct a position") as transaction:
                transaction.update(marker, record.id, record.version, {column: "1, 1"})
        except Immutable:
            return
        raise AssertionError("a reference was changed")

    @invariant()
    def references_stay(self) -> None:
        """The position, its text and system are those of the first look."""
        with self._store.read() as connection:
            rows = connection.execute(select(marker)).mappings().all()
            for row in rows:
                reference = row["geom"], row["coordinate_text"], row["crs_text"]
                assert self._references.setdefault(row["id"], reference) == reference
                if row["valid_to"] is None:
                    assert marker_parties(connection, row), "nobody manages it"

    @invariant()
    def one_record_of_a_marker_is_in_force(self) -> None:
        """A relocated marker's older record has ended, on the day the newer one began."""
        with self._store.read() as connection:
            rows = {row.id: row for row in connection.execute(select(marker))}
        for row in rows.values():
            if row.predecessor_id is not None:
                assert rows[row.predecessor_id].valid_to == row.valid_from

    def teardown(self) -> None:
        """The journal proves itself."""
        with self._store.read() as connection:
            journal.verify(connection)


class NamesOfPlaces(RuleBasedStateMachine):
    """An office, its approvers and the body above them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def _case(self, number: int) -> Any:
        with self._store.read() as connection:
            ids = connection.scalars(select(approval.c.id).order_by(approval.c.id)).all()
            return read_case(connection, ids[number % len(ids)]) if ids else None

    @rule(name=NAMES, lon=st.floats(111.1, 111.9), day=DAYS)
    def apply(self, name: str, lon: float, day: date) -> None:
        """For a new name."""
        asked = replace(STREET, name=name, lon=lon, applied_on=day)
        with suppress(OvooError):
            approvals.apply(self._store, asked, EDITOR, TODAY)

    @rule(number=NUMBERS, name=NAMES, ends=st.booleans())
    def apply_for_a_change(self, number: int, name: str, *, ends: bool) -> None:
        """Rename a place that is there, or end its name."""
        with self._store.read() as connection:
            ids = connection.scalars(select(place_name.c.place_id).distinct()).all()
        identity = sorted(ids)[number % len(ids)]
        asked = naming_cases.ending(identity) if ends else naming_cases.renaming(identity)
        with suppress(OvooError):
            approvals.apply(
                self._store, asked if ends else replace(asked, name=name), EDITOR, TODAY
            )

    @rule(number=NUMBERS)
    def accept(self, number: int) -> None:
        """Take a case under review."""
        if case := self._case(number):
            with suppress(OvooError):
                approvals.accept(self._store, case["id"], case["version"], "", APPROVER, TODAY)

    @rule(number=NUMBERS, day=DAYS, yes=st.booleans())
    def decide(self, number: int, day: date, *, yes: bool) -> None:
        """Approve or refuse."""
        if case := self._case(number):
            decision = Decision(yes, day, "文号", answers=ANSWERS)
            with suppress(OvooError):
                approvals.decide(
                    self._store, case["id"], case["version"], decision, APPROVER, TODAY
                )

    @rule(number=NUMBERS, day=DAYS, upper=st.booleans())
    def file(self, number: int, day: date, *, upper: bool) -> None:
        """File an approved name, or accept the filing."""
        if case := self._case(number):
            identity, version = case["id"], case["version"]
            with suppress(OvooError):
                if upper:
                    approvals.accept_filing(self._store, identity, version, Step(day), UPPER, TODAY)
                else:
                    approvals.file(self._store, identity, version, Step(day, "备"), APPROVER, TODAY)

    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        """Take a case back."""
        if case := self._case(number):
            with suppress(OvooError):
                approvals.withdraw(self._store, case["id"], case["version"], "", EDITOR, TODAY)

    @invariant()
    def one_standard_name_on_any_day(self) -> None:
        """Standard names of one place in one language do not overlap."""
        with self._store.read() as connection:
            rows = connection.execute(
                select(place_name).where(place_name.c.kind == "standard").order_by(place_name.c.id)
            ).all()
        spans: dict[tuple[int, str], list[tuple[date, date]]] = {}
        for row in rows:
            span = (row.valid_from or date.min, row.valid_to or date.max)
            assert span[0] <= span[1]
            spans.setdefault((row.place_id, row.language), []).append(span)
        for listed in spans.values():
            ordered = sorted(listed)
            for (_, end), (start, _) in pairwise(ordered):
                assert end <= start, ordered

    @invariant()
    def clocks_are_never_negative(self) -> None:
        """A clock ends not before it starts, and nothing is done before its clock has started."""
        with self._store.read() as connection:
            ids = connection.scalars(select(approval.c.id)).all()
            clocks = [clock for one in ids for clock in clocks_of(read_case(connection, one))]
        for clock in clocks:
            if clock.started_on is not None:
                assert clock.due_on is not None
                assert clock.due_on - clock.started_on >= timedelta(0)
                assert clock.done_on is None or clock.done_on >= clock.started_on

    def teardown(self) -> None:
        """The journal proves itself."""
        with self._store.read() as connection:
            journal.verify(connection)


def runs(store: Store) -> settings:
    """Fewer on a server, where each action takes longer."""
    examples, steps = (15, 20) if store.embedded else (4, 12)
    return settings(max_examples=examples, stateful_step_count=steps, deadline=None)


def test_markers(filled: Store) -> None:
    lawful = Act("修复", TODAY, parties=("990101", "990102"))  # there is one, whatever is drawn
    record_act(filled, EITHER_SIDE, 1, 1, lawful, TODAY)
    run_state_machine_as_test(lambda: Markers(filled), settings=runs(filled))
    with filled.read() as connection:
        acts = connection.scalar(text("SELECT count(*) FROM marker_version"))
    assert acts, "no action was lawful: the test tries nothing"


def test_names(filled: Store) -> None:
    naming_cases.street(filled)
    approvals.apply(filled, STREET, EDITOR, TODAY)  # there is a case, whatever is drawn first
    run_state_machine_as_test(lambda: NamesOfPlaces(filled), settings=runs(filled))
    with filled.read() as connection:
        journal.verify(connection)
