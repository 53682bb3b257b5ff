"""The forms of a page (页面表单): what was typed into them, and what is wrong with it. Pure.

A page has several forms, and each of them is known by the address that it is sent to. A form that
was refused is shown again with its values, each sentence beside its field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jinja2 import pass_context
from jinja2.runtime import Context

REFUSED: Final = "refused"
"""The name by which a page's context holds the form that was refused."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is wrong, and the field that it is about; none of the whole form."""

    field: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form that was sent and refused: its address, its values by field, what is wrong.

    `files` are the names of the files that came with it, by field: no page can put a file back
    into a form, so its reader is told to choose them again.
    """

    path: str
    values: Mapping[str, Sequence[str]]
    told: Sequence[Told]
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form as a page shows it.

    Attributes:
        key: the beginning of the ids of its fields.
        action: the address that it is sent to.
        lang: of its sentences.
        refused: what was sent there and refused; None for a form that is still untouched.
    """

    key: str
    action: str
    lang: str
    refused: RefusedForm | None

    def value(self, name: str, default: object = "") -> str:
        """What a field holds: what was typed, or else its default."""
        if self.refused is not None:
            return next(iter(self.refused.values.get(name, ())), "")
        return "" if default is None else str(default)

    def chosen(self, name: str, value: str, default: Sequence[object] = ()) -> bool:
        """Whether one of several choices is taken."""
        taken = [str(one) for one in default]
        return value in (taken if self.refused is None else self.refused.values.get(name, ()))

    def said(self, name: str) -> list[str]:
        """What is wrong with a field, in the page's language."""
        told = () if self.refused is None else self.refused.told
        return [self._words(one) for one in told if one.field == name]

    def files(self, name: str | None = None) -> list[str]:
        """The names of the files that came with what was refused: of a field, or of all."""
        known = {} if self.refused is None else self.refused.files
        return [file for own, files in known.items() if name in {None, own} for file in files]

    def summary(self) -> list[tuple[str | None, str]]:
        """All that is wrong, each with the field that it is about."""
        told = () if self.refused is None else self.refused.told
        known = {} if self.refused is None else {**self.refused.values, **self.refused.files}
        return [(one.field if one.field in known else None, self._words(one)) for one in told]

    def _words(self, told: Told) -> str:
        return told.en if self.lang == "en" else told.zh


@pass_context
def form_of(context: Context, key: str, action: str, also: str = "") -> PageForm:
    """The form of a page that is sent to an address, with what was refused of it.

    `also` is an address to which its fields are sent in a second step.
    """
    refused: RefusedForm | None = context.get(REFUSED)
    own = refused if refused is not None and refused.path in {action, also} else None
    return PageForm(key, action, context["lang"], own)
