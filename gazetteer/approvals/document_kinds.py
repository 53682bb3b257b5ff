"""The documents of a case and when there are any, from the table `approval_documents`. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.errors import NotFound
from data.reference import load_table
from data.reference.tables import kept


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A row of the table: `after` are the steps of which one must have been taken."""

    code: str
    zh: str
    en: str
    after: tuple[str, ...]
    title: str
    article: str


@kept
def document_kinds(folder: Path | None = None) -> Mapping[str, DocumentKind]:
    """Every kind by its code."""
    return {
        row["code"]: DocumentKind(
            row["code"],
            row["zh"],
            row["en"],
            tuple(row["after"].split("|")),
            row["title"],
            row["article"],
        )
        for row in load_table("approval_documents", folder)
    }


def documents_after(taken: Iterable[str]) -> list[DocumentKind]:
    """The documents that a case has after some steps."""
    done = set(taken)
    return [one for one in document_kinds().values() if done & set(one.after)]


def find_document(code: str, taken: Iterable[str]) -> DocumentKind:
    """The kind of a document that a case has.

    Raises:
        NotFound: there is no such kind, or the case is not that far.
    """
    available = documents_after(taken)
    found = next((one for one in available if one.code == code), None)
    if found is None:
        known = ", ".join(one.code for one in available)
        raise NotFound(
            f"this application has no document {code[:40]}; it has {known}",
            f"此申请没有文书“{code[:40]}”；可用：{known}",
        )
    return found
