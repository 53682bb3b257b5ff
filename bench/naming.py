"""Lists of applications and the check of a name over a register at scale."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from data import Actor
from data.reference import divisions
from data.store import Store, open_store
from gazetteer import (
    NameQuestion,
    approvals,
    check_name,
    division,
    heritage,
    lexicon_of,
    make_searchable,
)
from gazetteer.approvals import CaseQuery
from gazetteer.approvals.tables import approval
from gazetteer.heritage.tables import heritage as heritage_table

APPLICATIONS, ENTRIES = 20_000, 5_000
ROUNDS = 20
_TODAY = date(2026, 3, 20)
_STATES = ("applied", "accepted", "approved", "refused", "closed")
_OPERATOR = Actor.operator("bench")


def naming_lines(address: str) -> Iterator[str]:
    """One line for each list and for the check of a name: median and slowest of 20."""
    with open_store(address) as store:
        with store.write("bench", "applications") as transaction:
            if not transaction.connection.scalar(select(division.c.id).limit(1)):
                transaction.insert_many(division, _divisions())
            transaction.insert_many(approval, _applications())
            transaction.insert_many(heritage_table, _entries())
        make_searchable(store)
        for title, ask in _questions(store).items():
            yield _line(title, ask)


def _questions(store: Store) -> dict[str, Callable[[], object]]:
    def cases(**asked: Any) -> Callable[[], object]:
        def run() -> object:
            with store.read() as connection:
                lexicon = lexicon_of(store, connection)
                query = CaseQuery(limit=50, **asked)
                return approvals.list_cases(connection, query, _OPERATOR, lexicon, _TODAY)

        return run

    def clocks() -> object:
        with store.read() as connection:
            lexicon = lexicon_of(store, connection)
            return approvals.list_clocks(connection, _OPERATOR, lexicon, _TODAY, state="overdue")

    def entries() -> object:
        with store.read() as connection:
            lexicon = lexicon_of(store, connection)
            return heritage.list_entries(connection, heritage.EntryQuery(), lexicon)

    return {
        "applications, newest": cases(),
        "applications by state": cases(state="accepted"),
        "applications by class": cases(name_class="street"),
        "applications, overdue": cases(overdue=True),
        "applications, last page": cases(before=60),
        "overdue clocks": clocks,
        "protection list": entries,
        "check of a name": lambda: check_name(store, NameQuestion("白音嘎查", "216", "150102")),
    }


def _divisions() -> Iterator[dict[str, Any]]:
    for one in divisions():
        parent = one.parent_code or None
        yield {"code": one.code, "name": one.name, "level": one.level, "parent_code": parent}


def _entries() -> Iterator[dict[str, Any]]:
    for number in range(1, ENTRIES + 1):
        yield {
            "place_id": number,
            "name": f"第{number}街",
            "division_code": f"1501{number % 25 + 1:02d}",
            "list_level": "banner",
            "category": "street",
            "state": "listed",
            "first_record": "made up for a benchmark",
            "first_record_source": "made up",
            "synthetic": True,
        }


def _applications() -> Iterator[dict[str, Any]]:
    chance = random.Random(3)
    for number in range(APPLICATIONS):
        state = chance.choice(_STATES)
        decided = _TODAY - timedelta(days=chance.randint(0, 60))
        is_approved = state == "approved"
        yield {
            "kind": chance.choice(("naming", "renaming")),
            "name_class": chance.choice(("street", "residential", "building")),
            "category_code": "2351",
            "name": f"第{number}路",
            "division_code": f"1501{chance.randint(1, 25):02d}",
            "applicant": "made up",
            "reasons": "made up for a benchmark",
            "authority": "street",
            "approving_body": "made up",
            "announcing_body": "made up",
            "filing_clock": "filing",
            "announcement_clock": "announcement-of-approval",
            "state": state,
            "filing_state": "due" if is_approved else None,
            "announcement_state": "due" if is_approved else None,
            "applied_on": decided - timedelta(days=30),
            "decided_on": decided if is_approved else None,
            "due_on": decided + timedelta(days=15) if is_approved else None,
            "synthetic": True,
        }


def _line(title: str, ask: Callable[[], object]) -> str:
    ask()
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return f"{title:26} p50 {statistics.median(spent):6.1f} ms  slowest {max(spent):6.1f} ms"
