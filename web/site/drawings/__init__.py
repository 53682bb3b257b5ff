"""Drawings of the pages, made by the server as SVG. Pure: values in, markup out.

Shapes and words carry classes, never colours or styles: `pages.css` gives them the colours of the
theme, and the content policy allows no style in a page. Each drawing is one image with a name; a
table beside it says the same.
"""

from web.site.drawings.bars import Bar, Column, bars, columns
from web.site.drawings.outline import Point, Shape, outline
from web.site.drawings.ribbon import Span, ribbon
from web.site.drawings.series import Limit, series
from web.site.drawings.strip import Station, strip

__all__ = [
    "Bar",
    "Column",
    "Limit",
    "Point",
    "Shape",
    "Span",
    "Station",
    "bars",
    "columns",
    "outline",
    "ribbon",
    "series",
    "strip",
]
