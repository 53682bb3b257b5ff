"""A checked document for people: the document with comments in it, or a marked page."""

from html import escape
from pathlib import Path
from typing import Final

from data.formats import UPLOAD_LIMITS, Limits, Mark, mark_document
from gazetteer.checker.documents import CheckedDocument
from gazetteer.checker.values import Finding, Level

COLOURS: Final = {Level.ERROR: "FFC7CE", Level.DOUBT: "FFEB9C", Level.NOTE: "DDEBF7"}
"""The background of marks, by how sure they are: red, yellow, blue."""
_SHOWN_PIECES: Final = 2_000
"""A page shows at most so many pieces; of a longer document those that have findings."""


def marked_copy(
    checked: CheckedDocument, path: Path, language: str = "zh", limits: Limits = UPLOAD_LIMITS
) -> bytes:
    """The DOCX or XLSX with every finding coloured and commented.

    Args:
        checked: what was found in it.
        path: the same file.
        language: of the comments, `zh` or `en`.
        limits: how much is read.

    Raises:
        InvalidFile: it is neither, or cannot be marked.
    """
    marks = [
        Mark(piece, offset, offset + finding.end - finding.start, COLOURS[finding.level],
             comment(finding, language))
        for finding, piece, offset in checked.located()
    ]  # fmt: skip
    return mark_document(path, marks, limits=limits, file_name=checked.name)


def comment(finding: Finding, language: str) -> str:
    """What a comment says: the standard form, then the reason."""
    reason = finding.zh if language == "zh" else finding.en
    if not finding.standard:
        return reason
    colon = "：" if language == "zh" else ": "
    return f"{'应为' if language == 'zh' else 'standard'}{colon}{finding.standard}\n{reason}"


def marked_html(checked: CheckedDocument, language: str = "zh") -> str:
    """The text as HTML, each finding in a `mark` element whose title is the reason."""
    found: dict[int, list[tuple[Finding, int]]] = {}
    for finding, piece, offset in checked.located():
        found.setdefault(piece, []).append((finding, offset))
    pieces = checked.document.pieces
    shown = range(len(pieces)) if len(pieces) <= _SHOWN_PIECES else sorted(found)[:_SHOWN_PIECES]
    return "\n".join(
        f'<p><span class="place">{escape(pieces[number].place.said(language))}</span> '
        f"{_marked(pieces[number].text, found.get(number, []), language)}</p>"
        for number in shown
    )


def marked_page(checked: CheckedDocument, language: str = "zh") -> str:
    """The marked text as a page that stands by itself."""
    title = "规范使用地名检查" if language == "zh" else "Use of standard names"
    styles = "".join(f"mark.{level.value}{{background:#{COLOURS[level]}}}" for level in COLOURS)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">'
        f'<meta charset="utf-8"><title>{escape(checked.name or title)}</title>'
        f"<style>body{{max-width:50em;margin:2em auto;line-height:1.8}}{styles}"
        "ins{color:#17633e;margin:0 .3em}.place{color:#777;font-size:.85em}</style>"
        f"<h1>{escape(title)}</h1>\n{marked_html(checked, language)}\n</html>\n"
    )


def _marked(text: str, found: list[tuple[Finding, int]], language: str) -> str:
    parts, at = [], 0
    for finding, offset in sorted(found, key=lambda pair: pair[1]):
        if offset < at:
            continue
        end = offset + finding.end - finding.start
        words = escape(text[offset:end])
        title = escape(comment(finding, language), quote=True)
        standard = f"<ins>{escape(finding.standard)}</ins>" if finding.standard else ""
        parts += [
            escape(text[at:offset]),
            f'<mark class="{finding.level.value}" title="{title}">{words}</mark>',
            standard,
        ]
        at = end
    return "".join([*parts, escape(text[at:])])
