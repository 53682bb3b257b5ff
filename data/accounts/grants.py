"""Grants as people type them."""

from data.actors import Grant, Role
from data.errors import InvalidValue


def parse_grant(text: str) -> Grant:
    """A grant as people type it: `editor@152500`, or `editor` for everywhere.

    Raises:
        InvalidValue: there is no such role.

    >>> parse_grant("editor@152500")
    Grant(role=<Role.EDITOR: 'editor'>, division_code='152500')
    """
    role, _, code = text.partition("@")
    try:
        return Grant(Role(role), code or None)
    except ValueError:
        known = ", ".join(Role)
        raise InvalidValue(
            "role", role, f"it is one of {known}", "give ROLE or ROLE@DIVISION",
            f"角色应为 {known} 之一，可加“@区划代码”",
        ) from None  # fmt: skip
