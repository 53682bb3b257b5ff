"""Papers of a boundary office: XLSX tables, drawn figures. Values in, bytes out."""

from boundary.papers.figures import Mark, Scene, draw_line, draw_sketch
from boundary.papers.workbook import CellMark, Sheet, workbook

__all__ = ["CellMark", "Mark", "Scene", "Sheet", "draw_line", "draw_sketch", "workbook"]
