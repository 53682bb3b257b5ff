"""DOCX documents: any title can be printed."""

import io
from datetime import UTC, datetime

import docx

from boundary.papers.document import Document


def test_a_title_may_be_of_any_characters_and_length() -> None:
    made = Document("a\x00b\x0bc" + "长" * 400, datetime(2026, 5, 3, tzinfo=UTC)).content()
    read = docx.Document(io.BytesIO(made))
    assert read.paragraphs[0].text.startswith("a�b�c长")
    assert len(read.core_properties.title) == 255  # what a document's property may have
