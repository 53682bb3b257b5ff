"""What can go wrong on the third floor.

OvooError
└── BoundaryError            the third floor's base
    └── NotCommittable       a submission has nothing that could become an inspection
"""

from data.errors import OvooError


class BoundaryError(OvooError):
    """Base of the third floor."""

    code = "boundary-error"


class NotCommittable(BoundaryError):
    """A submission has nothing that could become an inspection."""

    code = "not-committable"
