"""Who acts: a name and what it may do where. Pure; accounts and sign-in live on upper floors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from data.errors import Forbidden


class Role(StrEnum):
    """What a person may do; a role allows nothing of another by itself."""

    VIEWER = "viewer"
    SURVEYOR = "surveyor"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a division and everything below it.

    Attributes:
        role: what is allowed.
        division_code: where; None is everywhere.
    """

    role: Role
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that acts.

    Attributes:
        name: the account's name, as the journal keeps it.
        grants: what the actor may do where.
    """

    name: str
    grants: frozenset[Grant] = frozenset()

    @classmethod
    def operator(cls, name: str) -> Self:
        """Who runs the program on the machine itself: every role everywhere."""
        return cls(name, frozenset(Grant(role) for role in Role))

    def may(self, role: Role, division_path: Sequence[str]) -> bool:
        """Whether the actor holds the role for a record.

        Args:
            role: the role that the act needs.
            division_path: codes of the record's division and of everything that contains it;
                empty for what belongs to no division, which needs a grant everywhere.

        >>> editor = Actor("e", frozenset({Grant(Role.EDITOR, "152500")}))
        >>> editor.may(Role.EDITOR, ["152502", "152500", "150000"])
        True
        >>> editor.may(Role.EDITOR, ["152601", "152600", "150000"]), editor.may(Role.EDITOR, [])
        (False, False)
        """
        places = {None, *division_path}
        return any(grant.role == role and grant.division_code in places for grant in self.grants)

    def require(self, roles: Iterable[Role], division_path: Sequence[str], act: str) -> None:
        """Refuse an act to whom none of the roles is given.

        Args:
            roles: any of them allows the act.
            division_path: see `may`.
            act: the act in words, such as "approve this name".

        Raises:
            Forbidden: naming the act, the roles and the division.
        """
        wanted = tuple(roles)
        if not any(self.may(role, division_path) for role in wanted):
            raise Forbidden(act, wanted, division_path[0] if division_path else None)

    def require_somewhere(self, roles: Iterable[Role], act: str) -> None:
        """Refuse an act that is of no one division to whom none of the roles is given anywhere.

        Raises:
            Forbidden: naming the act and the roles.
        """
        wanted = tuple(roles)
        if not any(grant.role in wanted for grant in self.grants):
            raise Forbidden(act, wanted, None)
