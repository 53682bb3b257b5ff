"""Marks in a Word document: the words are highlighted; in the body a comment says why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

from data.formats.documents.pieces import Mark
from data.formats.documents.word import (
    BROKEN,
    Bit,
    Paragraph,
    broken_document,
    open_document,
    paragraphs,
)
from data.formats.reading import Request

AUTHOR, INITIALS = "敖包 Ovoo", "敖"
_RUN, _TEXT, _PROPERTIES, _SHADE = qn("w:r"), qn("w:t"), qn("w:rPr"), qn("w:shd")
# What follows shading in the schema of a run's properties.
_AFTER_SHADE: Final = (
    "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout",
    "w:specVanish", "w:oMath",
)  # fmt: skip
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def mark(request: Request, marks: Sequence[Mark], target: Path) -> None:
    """Write a copy with the marks; everything else stays as it is."""
    document = open_document(request)
    by_piece: dict[int, list[Mark]] = defaultdict(list)
    for one in marks:
        by_piece[one.piece].append(one)
    try:
        for number, paragraph in enumerate(list(paragraphs(document))):
            # From the end, so that what is still to be split keeps its offsets.
            for one in sorted(by_piece[number], key=lambda m: (m.start, -m.end), reverse=True):
                _mark(document, paragraph, one)
        _write_back(document)
        document.save(str(target))
    except BROKEN as error:
        raise broken_document() from error


def _write_back(document: Any) -> None:
    """Parts that python-docx keeps as bytes (notes) get the text that was changed."""
    for part in document.part.package.iter_parts():
        if hasattr(part, "_blob") and getattr(part, "element", None) is not None:
            # python-docx has no public way to replace a part's bytes.
            part._blob = serialize_part_xml(part.element)  # noqa: SLF001


def _mark(document: Any, paragraph: Paragraph, one: Mark) -> None:
    runs = [run for bit in paragraph.bits for run in _cut(bit, one)]
    if not runs:
        return
    for run in runs:
        _shade(run, one.colour)
    if paragraph.body:
        first, last = Run(runs[0], document), Run(runs[-1], document)
        document.add_comment([first, last], text=one.note, author=AUTHOR, initials=INITIALS)


def _cut(bit: Bit, one: Mark) -> Iterable[Any]:
    """The run that carries just the marked characters of a bit, cut out of its run."""
    start, end = max(bit.start, one.start), min(bit.end, one.end)
    text = bit.element
    if start >= end or text.tag != _TEXT or text.getparent().tag != _RUN:
        return []
    # What a later mark has cut off already is no longer in this element.
    written = text.text or ""
    before, inside = start - bit.start, end - start
    _split(text, before + inside, written)
    tail = text.text or ""
    return [_split(text, before, tail)] if before else [_alone(text)]


def _split(text: Any, at: int, written: str) -> Any:
    """Cut a run in two at a character of one of its texts; the second run."""
    run = text.getparent()
    second = OxmlElement("w:r")
    properties = run.find(_PROPERTIES)
    if properties is not None:
        second.append(deepcopy(properties))
    rest = written[at:]
    following = list(text.itersiblings())
    if rest:
        piece = OxmlElement("w:t")
        piece.text = rest
        piece.set(_SPACE, "preserve")
        second.append(piece)
    second.extend(following)
    text.text = written[:at]
    text.set(_SPACE, "preserve")
    if rest or following:
        run.addnext(second)
    return second


def _alone(text: Any) -> Any:
    """A text's run, with what stands before the text moved into a run of its own."""
    run = text.getparent()
    before = [one for one in text.itersiblings(preceding=True) if one.tag != _PROPERTIES]
    if before:
        first = OxmlElement("w:r")
        properties = run.find(_PROPERTIES)
        if properties is not None:
            first.append(deepcopy(properties))
        first.extend(reversed(before))
        run.addprevious(first)
    return run


def _shade(run: Any, colour: str) -> None:
    properties = run.get_or_add_rPr()
    for old in properties.findall(_SHADE):
        properties.remove(old)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colour)
    properties.insert_element_before(shade, *_AFTER_SHADE)
