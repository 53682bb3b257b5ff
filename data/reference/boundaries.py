"""Rules of lines and markers as typed rows: numbers, and what each lawful act on a marker needs."""

from dataclasses import dataclass
from pathlib import Path

from data.errors import InvalidValue
from data.reference.tables import kept, load_table
from data.reference.vocabulary import find_term


@dataclass(frozen=True, slots=True)
class RestorationKind:
    """What may lawfully be done to a marker (`restoration_kinds.csv`).

    Attributes:
        code: its name.
        zh, en: its words.
        all_parties: whether every party of the line must take part or stand by.
        agreement: whether a written agreement or consent is needed.
        survey: whether the position must be surveyed with it.
        ends: whether the marker's record ends with it.
        lapses: which earlier findings no longer count: all, inscription or none.
        source: where this is from.
    """

    code: str
    zh: str
    en: str
    all_parties: bool
    agreement: bool
    survey: bool
    ends: bool
    lapses: str
    source: str


def boundary_rule(code: str, folder: Path | None = None) -> float:
    """The number of a rule of `boundary_rules.csv`, in the unit that its row names.

    Raises:
        InvalidValue: there is no such rule.

    >>> boundary_rule("joint_inspection_years")
    5.0
    """
    try:
        return _rules(folder)[code]
    except KeyError:
        known = ", ".join(_rules(folder))
        raise InvalidValue(
            "rule", code, "no such rule", f"use one of {known}", f"没有规则“{code}”；可用：{known}"
        ) from None


def restoration_kind(text: str, folder: Path | None = None) -> RestorationKind | None:
    """What may be done to a marker, by its code or any of its words; None if unknown.

    >>> found = restoration_kind("原址更换")
    >>> found.code if found else None
    'replace'
    """
    term = find_term("restoration_kinds", text, folder)
    return _kinds(folder).get(term.code) if term else None


def line_state(party_a: str, party_b: str, folder: Path | None = None) -> tuple[str, str] | None:
    """The known state of the line between two divisions, and where it is known from.

    >>> line_state("620921", "152923")[0]
    'undetermined'
    """
    pair = {party_a, party_b}
    rows = load_table("line_states", folder)
    found = next((row for row in rows if {row["party_a"], row["party_b"]} == pair), None)
    return (found["state"], found["source"]) if found else None


@kept
def _rules(folder: Path | None = None) -> dict[str, float]:
    return {row["code"]: float(row["value"]) for row in load_table("boundary_rules", folder)}


@kept
def _kinds(folder: Path | None = None) -> dict[str, RestorationKind]:
    return {
        row["code"]: RestorationKind(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            all_parties=row["parties"] == "all",
            agreement=row["agreement"] == "yes",
            survey=row["survey"] == "yes",
            ends=row["ends"] == "yes",
            lapses=row["lapses"],
            source=row["source"],
        )
        for row in load_table("restoration_kinds", folder)
    }
