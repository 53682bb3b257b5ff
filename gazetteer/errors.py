"""What can go wrong on the second floor.

    DataError
    └── GazetteerError           the second floor's base

Messages are written for the person who must act, in English; `zh` holds the same in Chinese.
"""

from data.errors import DataError


class GazetteerError(DataError):
    """Base of the second floor."""

    code = "gazetteer-error"
