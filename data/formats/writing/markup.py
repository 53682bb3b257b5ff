"""Text for XML: what no XML holds is replaced, what means markup is escaped."""

from xml.sax.saxutils import escape, quoteattr

from data.formats.cells import without_unfit

_NONCHARACTERS = str.maketrans(dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}"))


def text(value: object) -> str:
    r"""A value as the text of an element.

    >>> text("<img src=x>&\x00"), text(True), text(2.0)
    ('&lt;img src=x&gt;&amp;\ufffd', 'true', '2.0')
    """
    return escape(_fit(value), {"\r": "&#13;"})


def attribute(value: object) -> str:
    """A value as a quoted attribute."""
    return quoteattr(_fit(value))


def _fit(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return without_unfit(str(value)).translate(_NONCHARACTERS)
