"""Checking a document: its pieces as one text, and every finding back in its piece."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from data.errors import InvalidValue
from data.formats import (
    UPLOAD_LIMITS,
    DocumentText,
    Limits,
    Piece,
    Place,
    read_document,
)
from data.store import Store
from gazetteer.checker.checking import check_text
from gazetteer.checker.keeping import names_index
from gazetteer.checker.values import Checked, Finding, Level, Mention
from gazetteer.search import lexicon_of

_CONTEXT_CHARS: Final = 12
_BLOCK_CHARS: Final = 500_000
MOST_FINDINGS: Final = 5_000
"""More are counted but not listed: whoever sent such a text needs another tool first."""


_Spanned = TypeVar("_Spanned", Mention, Finding)


@dataclass(frozen=True)
class CheckedDocument:
    """A document with what is wrong in it.

    Attributes:
        document: its text.
        checked: the names found, in offsets of the pieces joined by line ends.
        name: its sender's name for it.
    """

    document: DocumentText
    checked: Checked
    name: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each piece begins in the joined text."""
        starts, at = [], 0
        for piece in self.document.pieces:
            starts.append(at)
            at += len(piece.text) + 1
        return starts

    def located(self) -> Iterator[tuple[Finding, int, int]]:
        """Each finding with the number of its piece and its offset in it."""
        for finding in self.checked.findings:
            piece = bisect_right(self.starts, finding.start) - 1
            yield finding, piece, finding.start - self.starts[piece]

    def as_json(self) -> dict[str, Any]:
        """The report for programs: see `docs/text-checker.md`."""
        counts = Counter(one.level.value for one in self.checked.findings)
        return {
            "file_name": self.name,
            "format": self.document.format,
            "characters": sum(len(piece.text) for piece in self.document.pieces),
            "mentions": len(self.checked.mentions),
            "errors": counts[Level.ERROR],
            "doubts": counts[Level.DOUBT],
            "notes_told": counts[Level.NOTE],
            "kinds": dict(sorted(self.checked.counts.items())),
            "external_references_ignored": self.document.external,
            "notes": [{"code": n.code, "zh": n.zh, "en": n.en} for n in self.document.notes],
            "findings": [self._finding(*found) for found in list(self.located())[:MOST_FINDINGS]],
        }

    def _finding(self, finding: Finding, number: int, offset: int) -> dict[str, Any]:
        piece = self.document.pieces[number]
        end = offset + finding.end - finding.start
        return {
            **finding.as_json(),
            "place": piece.place.as_json(),
            "place_zh": piece.place.said("zh"),
            "place_en": piece.place.said("en"),
            "offset": offset,
            "before": piece.text[max(0, offset - _CONTEXT_CHARS) : offset],
            "after": piece.text[end : end + _CONTEXT_CHARS],
        }


def check_document(
    store: Store, path: Path, file_name: str | None = None, limits: Limits = UPLOAD_LIMITS
) -> CheckedDocument:
    """Read a TXT, DOCX, XLSX or PDF in a process of its own and check its text.

    Args:
        store: the register.
        path: the file.
        file_name: its sender's name for it.
        limits: how much is read.

    Raises:
        InvalidFile: it cannot be read, or is too large.
    """
    name = file_name or path.name
    return _checked(store, read_document(path, limits=limits, file_name=name), name)


def check_pasted(store: Store, text: str, limits: Limits = UPLOAD_LIMITS) -> CheckedDocument:
    """Check a pasted text, each of its lines a piece.

    Raises:
        InvalidValue: there is no text, or too much.
    """
    if len(text) > limits.max_text_chars or not text.strip():
        most = f"{limits.max_text_chars:,}"
        raise InvalidValue(
            "text", f"{len(text)} characters", f"1 to {most} characters are checked",
            "paste the text to check, or send a long one as a file",
            f"请粘贴 1 至 {most} 个字符的文字；更长的请以文件提交",
        )  # fmt: skip
    lines = enumerate(text.splitlines(), 1)
    pieces = tuple(Piece(Place("line", number), line) for number, line in lines if line.strip())
    return _checked(store, DocumentText("txt", pieces), "")


def _checked(store: Store, document: DocumentText, name: str) -> CheckedDocument:
    mentions: list[Mention] = []
    findings: list[Finding] = []
    with store.read() as connection:
        index, lexicon = names_index(store, connection), lexicon_of(store, connection)
        for text, at in _blocks(document):
            found = check_text(connection, index, lexicon, text)
            mentions += _moved(found.mentions, at)
            findings += _moved(found.findings, at)
    counts = Counter(one.kind.value for one in findings)
    return CheckedDocument(document, Checked(tuple(mentions), tuple(findings), counts), name)


def _moved(found: Sequence[_Spanned], by: int) -> Sequence[_Spanned]:
    """Spans of a block as spans of the whole text."""
    if not by:
        return found
    return [replace(one, start=one.start + by, end=one.end + by) for one in found]


def _blocks(document: DocumentText) -> Iterator[tuple[str, int]]:
    """The text in blocks of whole pieces, so that a long document takes no more memory."""
    block: list[str] = []
    at = size = 0
    for piece in document.pieces:
        block.append(piece.text.replace("\n", " "))
        size += len(piece.text) + 1
        if size > _BLOCK_CHARS:
            yield "\n".join(block), at
            at += size
            block, size = [], 0
    if block:
        yield "\n".join(block), at
