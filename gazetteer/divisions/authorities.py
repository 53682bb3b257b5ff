"""Who approves which change of divisions, and which clocks then run (Order 704). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from data.deadlines import add_months
from data.errors import Fault
from data.reference import ApprovalRule, ClockRule, cited, division_authorities, division_clocks
from gazetteer.divisions.plan import Line, Plan
from gazetteer.divisions.values import CONTINUED
from gazetteer.divisions.words import said
from gazetteer.names import split_name


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of an event.

    Attributes:
        rule: the table's row: its words, article and months.
        due_on: the last day; the later one where an extension was granted.
        done_on: when it was done; None where it is not.
    """

    rule: ClockRule
    due_on: date
    done_on: date | None

    def is_overdue(self, today: date) -> bool:
        """Whether it was done late, or is not done and late today."""
        return (self.done_on or today) > self.due_on


def deadlines(dates: Mapping[str, date | None], *, extended: bool, recoded: bool) -> list[Deadline]:
    """The clocks of an event.

    Args:
        dates: `approved_on`, `effective_on`, `completed_on`, `codes_published_on`.
        extended: whether the approving authority granted the extension of Art 15.
        recoded: whether codes change.
    """
    found = []
    for rule in division_clocks():
        start = dates.get(rule.start)
        if start is None or (rule.code == "codes_published" and not recoded):
            continue
        months = rule.months + (rule.extension_months if extended else 0)
        found.append(Deadline(rule, add_months(start, months), dates.get(rule.end)))
    return found


def rule_for(kind: str, level: str, name: str) -> ApprovalRule | None:
    """The rule for a kind of change of a division of that level and name; None where none is known.

    A rule for the division's generic term stands before one for every division of the level.
    """
    generic = split_name(name).generic
    word = generic.text if generic else ""
    fitting = [
        rule
        for rule in division_authorities()
        if kind in rule.kinds and rule.level in {level, "*"}
        if "*" in rule.generics or any(word.endswith(one) for one in rule.generics)
    ]
    exact = [rule for rule in fitting if "*" not in rule.generics]
    return next(iter(exact or fitting), None)


def notes(plan: Plan) -> Iterator[Fault]:
    """Where the authority that an event names is not the one that the law names."""
    event = plan.event
    if event.dated_by != "decision" or not event.authority:
        return
    for line in plan.lines:
        if line.follows or line.kind == CONTINUED:
            continue
        yield from _line_notes(line, event.authority)


def _line_notes(line: Line, given: str) -> Iterator[Fault]:
    state = line.new or line.old
    rule = rule_for(line.kind, state.level, state.name) if state else None
    if state is None or rule is None:
        return
    law = {"article": cited(rule.article, "zh"), "article_en": cited(rule.article, "en")}
    if "*" not in rule.words and not any(word in given for word in rule.words):
        yield said(
            "authority-differs", line.change.number, state.code,
            **law, level=state.level, kind=line.kind,
            authority=rule.authority, authority_en=rule.authority_en, given=given,
        )  # fmt: skip
    if rule.also:
        yield said(
            "also-filed", line.change.number, state.code,
            **law, kind=line.kind, code=state.code, also=rule.also,
        )  # fmt: skip
