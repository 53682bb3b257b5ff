"""Queries with several names: any of them, all of them, none of them (组合条件)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from data.store import Store
from gazetteer.names import fold
from gazetteer.reconciliation.engine import reconcile
from gazetteer.reconciliation.scoring import Scored, ranked
from gazetteer.reconciliation.values import MOST_CANDIDATES, Candidate, Matched, NameQuery

Quantifier = Literal["any", "all"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, whose names may be several.

    Attributes:
        query: everything but the names.
        names: the names; none where a position is all there is.
        quantifier: whether a candidate must answer any of the names or all of them.
        excluded: names that no candidate may have.
        notes_zh, notes_en: what was left unheeded when the question was read.
    """

    query: NameQuery
    names: tuple[str, ...] = ()
    quantifier: Quantifier = "any"
    excluded: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()

    def queries(self) -> list[NameQuery]:
        """One query for each name; with enough candidates to combine them."""
        names = self.names or ("",)
        alone = len(names) == 1 and not self.excluded
        limit = self.query.limit if alone else MOST_CANDIDATES
        return [replace(self.query, name=name, limit=limit) for name in names]


def answer(store: Store, questions: Iterable[Question]) -> list[Matched]:
    """The candidates of each question, in the order of the questions."""
    every = list(questions)
    asked = [question.queries() for question in every]
    found = iter(reconcile(store, [query for queries in asked for query in queries]))
    return [
        _combined(question, [next(found) for _ in queries])
        for question, queries in zip(every, asked, strict=True)
    ]


def _combined(question: Question, parts: Sequence[Matched]) -> Matched:
    told = parts[0]  # what is unheeded of the divisions is so for every name
    notes = (question.notes_zh + told.notes_zh, question.notes_en + told.notes_en)
    if len(parts) == 1 and not question.excluded:
        return Matched(told.candidates, *notes)
    return Matched(ranked(_held(question, parts), question.query.limit), *notes)


def _held(question: Question, parts: Sequence[Matched]) -> list[Scored]:
    """The candidates that meet all conditions, each with the score of its decisive name."""
    by_id: dict[str, list[Candidate]] = {}
    for part in parts:
        for candidate in part.candidates:
            by_id.setdefault(candidate.id, []).append(candidate)
    excluded = {fold(name) for name in question.excluded}
    choose = min if question.quantifier == "all" else max
    needed = len(parts) if question.quantifier == "all" else 1
    return [
        (one.score, one.result, one.features)
        for listed in by_id.values()
        if len(listed) >= needed
        and not any(excluded & {fold(c.result.name), fold(c.result.matched)} for c in listed)
        for one in [choose(listed, key=lambda candidate: candidate.score)]
    ]
