"""Papers of a boundary office: DOCX documents, XLSX tables, drawn figures. Values in, bytes out."""

from boundary.papers.document import Document
from boundary.papers.figures import Mark, Scene, draw_line, draw_sketch
from boundary.papers.workbook import CellMark, Sheet, workbook

__all__ = ["CellMark", "Document", "Mark", "Scene", "Sheet", "draw_line", "draw_sketch", "workbook"]
