"""Whether a text uses standard names (规范使用地名): the names in it, what is wrong."""

from gazetteer.checker.checking import check_text
from gazetteer.checker.documents import CheckedDocument, check_document, check_pasted
from gazetteer.checker.index import NamesIndex, build_index
from gazetteer.checker.keeping import names_index
from gazetteer.checker.showing import marked_copy, marked_html, marked_page
from gazetteer.checker.values import Checked, Finding, Kind, Level, Mention

__all__ = [
    "Checked",
    "CheckedDocument",
    "Finding",
    "Kind",
    "Level",
    "Mention",
    "NamesIndex",
    "build_index",
    "check_document",
    "check_pasted",
    "check_text",
    "marked_copy",
    "marked_html",
    "marked_page",
    "names_index",
]
