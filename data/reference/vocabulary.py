"""Terms with a stable code, their words in Chinese and English, and what else people write.

A term is found by any of its words, whatever the width of the letters, their case or the
spaces between them: `ＲＴＫ `, `rtk` and `RTK` are one word.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from data.errors import Fault, FaultsFound, InvalidValue
from data.reference.tables import Row, kept, load_table

TERM_TABLES: Final = (
    "marker_types",
    "marker_faces",
    "materials",
    "conditions",
    "condition_flags",
    "restoration_kinds",
    "document_kinds",
    "marker_states",
    "line_finding_kinds",
    "sensor_alarms",
    "topology_kinds",
    "topology_grades",
    "line_levels",
    "segment_kinds",
    "segment_states",
    "feature_states",
    "name_statuses",
    "name_kinds",
    "name_classes",
    "division_event_kinds",
    "publication_kinds",
    "approval_kinds",
    "approval_states",
    "filing_states",
    "announcement_states",
    "paper_kinds",
    "expert_fields",
    "expert_votes",
    "invitation_states",
    "heritage_levels",
    "heritage_categories",
    "heritage_states",
    "heritage_conditions",
    "problem_kinds",
    "problem_states",
    "datums",
    "height_datums",
    "methods",
    "sign_conditions",
    "sign_kinds",
)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `code` is stored and sent, `zh` and `en` are shown, `synonyms` are understood."""

    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...]
    mark: str
    source: str


def terms(table: str, folder: Path | None = None) -> tuple[Term, ...]:
    """The terms of one of `TERM_TABLES`, in the order of the table."""
    return tuple(_term(row) for row in load_table(table, folder))


def find_term(table: str, text: str, folder: Path | None = None) -> Term | None:
    """The term that a person means by `text`, or None if the table does not know the word.

    Raises:
        InvalidValue: there is no such table of terms.
        FaultsFound: the table gives one word to two terms.

    >>> term = find_term("conditions", "完好无损")
    >>> term.code if term else None
    'intact'
    """
    index = _INDEXES.get(table)
    if index is None:
        way_out = "use one of " + ", ".join(TERM_TABLES)
        raise InvalidValue("table", table, "no such table of terms", way_out, f"没有词表 {table}")
    return index(folder).get(word_key(text))


def conditions(folder: Path | None = None) -> tuple[Term, ...]:
    """The conditions of a marker (界桩状况)."""
    return terms("conditions", folder)


def condition(text: str, folder: Path | None = None) -> Term | None:
    """The condition that `text` names, in Chinese, English or by its code; None if unknown."""
    return find_term("conditions", text, folder)


def word_key(text: str) -> str:
    """A word as it is compared: width and case folded, spaces left out. Never stored."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def split_words(cell: str) -> tuple[str, ...]:
    """The words of a cell that holds several, separated by `|`."""
    return tuple(word for word in cell.split("|") if word)


def _term(row: Row) -> Term:
    words = split_words(row["synonyms"]) + split_words(row.get("also_accepted", ""))
    return Term(row["code"], row["zh"], row["en"], words, row["mark"], row["source"])


def _index(table: str, folder: Path | None) -> dict[str, Term]:
    index: dict[str, Term] = {}
    faults: list[Fault] = []
    for number, term in enumerate(terms(table, folder), start=2):
        for word in _words(term):
            other = index.setdefault(word_key(word), term)
            if other.code != term.code:
                zh, en = f"{word} 已用于 {other.code}", f"{word} already means {other.code}"
                faults.append(Fault("reference-ambiguous", number, "synonyms", word, zh, en))
    if faults:
        raise FaultsFound(faults)
    return index


def _words(term: Term) -> Iterable[str]:
    return (term.code, term.zh, term.en, *term.synonyms)


_INDEXES: Final = {table: kept(partial(_index, table)) for table in TERM_TABLES}
