"""The words an inspection file uses: survey methods and conditions, by any of their spellings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from data import reference

Grade = Literal["survey", "handheld", "phone"]


@dataclass(frozen=True, slots=True)
class Method:
    """A survey method.

    `sigma_m` is its floor, one sigma per axis in metres: a declared accuracy below it is not
    believed. `grade`: only `survey` can prove a displacement. `source` says where the floor comes
    from.
    """

    code: str
    zh: str
    en: str
    sigma_m: float
    grade: Grade
    source: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A marker's condition; `seen` is false where nobody stood at it, so no position is due."""

    code: str
    zh: str
    en: str
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Methods and conditions keyed by folded word (`word_key`)."""

    methods: Mapping[str, Method]
    conditions: Mapping[str, Condition]

    def method(self, text: str) -> Method | None:
        """The method a word names; None if it names none."""
        return self.methods.get(word_key(text))

    def condition(self, text: str) -> Condition | None:
        """The condition a word names; None if it names none."""
        return self.conditions.get(word_key(text))

    @staticmethod
    def default() -> "Vocabulary":
        """The methods and conditions of the code tables."""
        return _from_reference()


word_key = reference.word_key
#: From worst to best: a cell that lists several conditions is headed by the worst.
SEVERITY = (
    "lost",
    "not_found",
    "unreachable",
    "scrapped",
    "displaced",
    "suspected_displaced",
    "damaged",
    "inscription_unclear",
    "intact",
)
_UNSEEN = {"lost", "not_found", "unreachable"}
_GRADES: dict[str, Grade] = {"survey": "survey", "handheld": "handheld", "phone": "phone"}


@cache
def _from_reference() -> Vocabulary:
    methods: dict[str, Method] = {}
    words = {term.code: term for term in reference.terms("methods")}
    for row in reference.methods():
        grade = _GRADES[row.grade]
        found = Method(row.code, row.zh, row.en, row.sigma_m, grade, row.source)
        for word in (row.code, row.zh, row.en, *words[row.code].synonyms):
            methods[word_key(word)] = found
    conditions: dict[str, Condition] = {}
    for term in reference.conditions():
        condition = Condition(term.code, term.zh, term.en, term.code not in _UNSEEN)
        for word in (term.code, term.zh, term.en, *term.synonyms):
            conditions[word_key(word)] = condition
    return Vocabulary(methods, conditions)
