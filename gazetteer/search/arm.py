"""An arm of a pass: one term that the index is asked for, and one condition on what it gives."""

from typing import NamedTuple

from gazetteer.search.ways import Pass


class Arm(NamedTuple):
    """One term and one condition.

    Attributes:
        way: the pass it belongs to.
        term: what the index is asked for.
        test: which condition; its SQL stands in `gazetteer.search.statements`.
        column: the key it looks at.
        needle: the text it looks for.
        other: a second text, where the condition has one.
        generic: the generic term that a form within one edit has too, if it has any.
    """

    way: Pass
    term: str
    test: str
    column: str = "plain"
    needle: str = ""
    other: str = ""
    generic: str = ""
