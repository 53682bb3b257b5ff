"""The real code lists and change list, held against the events of the code table."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from data.reference import DivisionChange, division_history, divisions
from gazetteer.divisions.past import first_states, past_events, replay
from gazetteer.succession import is_no_division

Edition = str
Difference = tuple[str, str, str]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / "divisions" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def states() -> list[tuple[date, Mapping[str, str]]]:
    """Names by code from each day on that an event changed them, oldest first."""
    first = first_states({row.code: row.name for row in divisions()})
    found = [(date.min, {code: one.name for code, one in first.items()})]
    for event, _plan, register in replay(first, past_events()):
        now = {code: one.name for code, one in register.current.items()}
        found.append((event.effective_on, now))
    return found


def editions(rows: Sequence[Mapping[str, str]]) -> dict[Edition, dict[str, str]]:
    found: dict[Edition, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["revision"], {})[row["code"]] = row["name"]
    return dict(sorted(found.items()))


def differences(rows: Sequence[Mapping[str, str]]) -> dict[Edition, set[Difference]]:
    """What each edition has more or less than the events give, as (more/less/none, code, name)."""
    known = states()
    found: dict[Edition, set[Difference]] = {}
    for edition, listed in editions(rows).items():
        day = date(int(edition[:4]), int(edition[4:]), 1)
        made = [names for since, names in known if since <= day][-1]
        own: set[Difference] = set()
        for code, name in listed.items():
            if is_no_division(code, name):
                own.add(("no division", code, name))
            elif made.get(code) != name:
                own.add(("more", code, name))
        own |= {("less", code, name) for code, name in made.items() if listed.get(code) != name}
        found[edition] = own
    return found


def spans(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """The differences as lines of the document: editions, how, code and name."""
    by_edition = differences(rows)
    order = list(by_edition)
    found = []
    for one in sorted({d for own in by_edition.values() for d in own}):
        where = [n for n, edition in enumerate(order) if one in by_edition[edition]]
        runs = [
            [number for _, number in group]
            for _, group in groupby(enumerate(where), lambda pair: pair[1] - pair[0])
        ]
        told = ", ".join(
            order[run[0]] if len(run) == 1 else f"{order[run[0]]}–{order[run[-1]]}" for run in runs
        )
        found.append((told, one[0], f"{one[1]} {one[2]}"))
    return merged(found)


def merged(lines: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Lines that differ in the code alone, as one."""
    groups: dict[tuple[str, str], list[str]] = {}
    for told, how, what in lines:
        groups.setdefault((told, how), []).append(what)
    return [(told, how, "、".join(what)) for (told, how), what in groups.items()]


AGREES = "the same change"
PART = "one side of a change that the table leads through"
LATER = "leads to a later code of the same division"
UNSEEN = "a reassignment of codes that no edition shows"
NAMESAKE = "a county-level city led to the prefecture of its name, not to its district"
FOREIGN = "another province's division"


def compare(rows: Sequence[Mapping[str, str]]) -> dict[str, list[Mapping[str, str]]]:
    """The rows of the change list by what they are to the code table."""
    changes = division_history()
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(_kind(row, changes), []).append(row)
    return found


def _kind(row: Mapping[str, str], changes: Sequence[DivisionChange]) -> str:
    old, new = row["old_code"][:6], row["new_code"][:6]
    fitting = {
        FOREIGN: bool(old) and not old.startswith("15"),
        AGREES: any(_agrees(row, one) for one in changes),
        UNSEEN: int(row["year"]) < 1983,
        NAMESAKE: new.endswith("00") and bool(old) and not old.endswith("00"),
        PART: any(
            (one.old_code == old and not new) or (one.new_code == new and not old)
            for one in changes
        ),
        LATER: new in _later(old, changes),
    }
    return next((kind for kind, fits in fitting.items() if fits), UNSEEN)


def _agrees(row: Mapping[str, str], one: DivisionChange) -> bool:
    codes = row["old_code"][:6], row["new_code"][:6]
    near = abs(int(row["year"]) - int(one.list[:4])) <= 1
    return near and (one.old_code, one.new_code) == codes and one.new_name == row["new_name"]


def _later(code: str, changes: Sequence[DivisionChange]) -> set[str]:
    heirs = {one.old_code: one.new_code for one in changes}
    found: set[str] = set()
    while (code := heirs.get(code, "")) and code not in found:
        found.add(code)
    return found
