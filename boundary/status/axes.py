"""The two sides of a marker's status: the object's condition, and its position. Pure.

Each takes the reports that still count, oldest first, and says what holds, by which rules, and
whether reports contradict each other. The rules are those of `status_rules.csv`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from boundary.status.evidence import SURVEY, Report, StatusRules

ABSENT = "absent"
_CLASSES = {
    "intact": "intact",
    "inscription_unclear": "inscription_unclear",
    "damaged": "damaged",
    "scrapped": "damaged",
    "not_found": ABSENT,
    "lost": ABSENT,
}
_PLACED = {"in_place", "suspect", "displaced"}
_WORDS = {"displaced", "suspected_displaced"}
_STANDING = {"intact", "inscription_unclear"}
_AGREEING = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What holds on one side: its value (empty for unknown), whether it is open, the rules."""

    value: str
    open: bool = False
    rules: tuple[str, ...] = ()


def condition_class(report: Report) -> str:
    """What a report says of the object: intact, inscription_unclear, damaged, absent or nothing.

    A typed displacement, and a position without a word, say that the object is there.
    """
    if report.condition in _WORDS or (not report.condition and report.verdict in _PLACED):
        return "intact"
    return _CLASSES.get(report.condition, "")


def position_class(report: Report) -> str:
    """What a report says of the position: in_place, suspect, displaced or nothing decisive."""
    if report.verdict in _PLACED:
        return report.verdict
    return "suspect" if report.condition in _WORDS else ""


def condition_of(reports: Sequence[Report], rules: StatusRules) -> Found:
    """The object's condition from the reports that count, oldest first."""
    said = [(one, condition_class(one)) for one in reports]
    said = [(one, what) for one, what in said if what]
    if not said:
        return Found("")
    newest, value = said[-1]
    run = _last_run(said)
    disputed = _contradiction(said, run, rules, _contradicts)
    if disputed:
        return Found(_shown(value, said, rules)[0], open=True, rules=(disputed,))
    shown, rule = _shown(value, said, rules)
    noted = [rule] if rule else []
    if newest.condition == "scrapped":
        noted.append("S2")
    if _settled(said, run, rules, _contradicts):
        noted.append("S8")
    if value != ABSENT and any(what == ABSENT for _, what in said):
        noted.append("S12")
    return Found(shown, rules=tuple(noted))


def position_of(reports: Sequence[Report], rules: StatusRules) -> Found:
    """The verdict on the position from the reports that count, oldest first."""
    said = [(one, position_class(one)) for one in reports]
    said = [(one, what) for one, what in said if what]
    if not said:
        last = next((one.verdict for one in reversed(reports) if one.verdict), "")
        return Found(last)
    newest, value = said[-1]
    run = _last_run(said)
    noted = ["S9"] if any(r.verdict and r.day >= newest.day for r in reports if r is not newest
                          and r.verdict not in _PLACED) else []  # fmt: skip
    if newest.verdict not in _PLACED:
        noted.append("S11")
    before = [what for _, what in said[: len(said) - len(run)]]
    if value == "in_place" and not any(one.grade == SURVEY for one in run) and "suspect" in before:
        return Found("suspect", rules=(*noted, "S10"))
    if value == "suspect" and "displaced" in before:
        return Found("displaced", rules=(*noted, "S7"))
    disputed = _contradiction(said, run, rules, _misplaces)
    if disputed:
        return Found(value, open=True, rules=(*noted, disputed))
    if _settled(said, run, rules, _misplaces):
        noted.append("S8")
    return Found(value, rules=tuple(noted))


_Said = Sequence[tuple[Report, str]]
_Judge = Callable[[Report, str, Report, str, StatusRules], str]


def _last_run(said: _Said) -> list[Report]:
    """The newest reports that say the same."""
    value = said[-1][1]
    run: list[Report] = []
    for one, what in reversed(said):
        if what != value:
            break
        run.insert(0, one)
    return run


def _contradiction(said: _Said, run: Sequence[Report], rules: StatusRules, judge: _Judge) -> str:
    """The rule by which the newest report stays open; empty where it does not."""
    value = said[-1][1]
    for earlier, what in said[: len(said) - len(run)]:
        rule = next((r for one in run if (r := judge(earlier, what, one, value, rules))), "")
        if rule and not _two_agree(earlier, run):
            return rule
    return ""


def _settled(said: _Said, run: Sequence[Report], rules: StatusRules, judge: _Judge) -> bool:
    """Whether an earlier contradiction was settled by later reports that agree."""
    value = said[-1][1]
    return any(
        judge(earlier, what, one, value, rules)
        for earlier, what in said[: len(said) - len(run)]
        for one in run
    )


def _two_agree(earlier: Report, run: Sequence[Report]) -> bool:
    """Whether two reports of different days or people, both later, say the same (S8)."""
    later = {(one.day, one.reporter) for one in run if one.day > earlier.day}
    return len(later) >= _AGREEING


def _one_occasion(first: Report, second: Report, rules: StatusRules) -> bool:
    """Whether two reports are of one occasion by different people."""
    if first.reporter == second.reporter:
        return False
    if first.round_id is not None and first.round_id == second.round_id:
        return True
    return abs((second.day - first.day).days) <= rules.occasion_days


def _contradicts(earlier: Report, what: str, later: Report, value: str, rules: StatusRules) -> str:
    """The rule by which two reports on the object contradict each other; empty where not."""
    apart = (what == ABSENT) != (value == ABSENT) or {what, value} in (
        {"damaged", "intact"},
        {"damaged", "inscription_unclear"},
    )
    if apart and _one_occasion(earlier, later, rules):
        return "S6"
    unhealed = what == "damaged" and value in _STANDING
    revived = what == ABSENT and earlier.proof and value != ABSENT
    return "S7" if unhealed or revived else ""


def _misplaces(earlier: Report, what: str, later: Report, value: str, rules: StatusRules) -> str:
    """The rule by which two reports on the position contradict each other; empty where not."""
    if {what, value} != {"in_place", "displaced"}:
        return ""
    if _one_occasion(earlier, later, rules):
        return "S6"
    return "S7" if what == "displaced" else ""


def _shown(value: str, said: _Said, rules: StatusRules) -> tuple[str, str]:
    """The condition that a class stands for, and the rule where it is absence."""
    if value != ABSENT:
        return value, ""
    searches: list[Report] = []
    for one, what in reversed(said):
        if what != ABSENT:
            break
        searches.append(one)
    if any(one.proof for one in searches):
        return "lost", "S5"
    thorough = {one.day for one in searches if one.ties >= rules.ties}
    return ("lost", "S5") if len(thorough) >= rules.searches else ("not_found", "S4")
