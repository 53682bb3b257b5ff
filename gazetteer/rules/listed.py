"""Names of persons, places abroad, companies and famous features, from the table `listed_names`."""

from collections.abc import Iterator

from gazetteer.names import fold
from gazetteer.rules.structure import Parts, parts_of
from gazetteer.rules.tables import ListedName, listed_names
from gazetteer.rules.values import Finding, Proposal, rule

_ANYWHERE = (("leader", "leader-name"), ("person", "person-name"), ("company", "company-name"))
_ABROAD = ("foreign-person", "foreign-place")
_TOO_LARGE = (
    ("famous-feature", "named-after-famous-feature"),
    ("heritage-site", "named-after-heritage-site"),
)


def listed(proposal: Proposal) -> Iterator[Finding]:
    """What of the lists the name holds; of each kind the longest entry alone."""
    parts = parts_of(proposal.name, proposal.category_code)
    folded = fold(proposal.name)
    for kind, code in _ANYWHERE:
        found = _inside(kind, folded)
        if found:
            yield rule(code).found(listed=found.name)
    yield from _abroad(parts)
    if proposal.name_class.is_division:
        yield from _too_large(parts)


def _inside(kind: str, text: str) -> ListedName | None:
    return next((one for one in listed_names().get(kind, ()) if fold(one.name) in text), None)


def _abroad(parts: Parts) -> Iterator[Finding]:
    """The whole specific part is a name abroad; a piece of it may be a chance likeness."""
    inside = [found for kind in _ABROAD if (found := _inside(kind, parts.specific))]
    for found in inside:
        whole = fold(found.name) == parts.specific
        yield rule("foreign-name" if whole else "foreign-name-part").found(listed=found.name)


def _too_large(parts: Parts) -> Iterator[Finding]:
    """A division may carry no famous feature's name, with or without its own generic term."""
    for kind, code in _TOO_LARGE:
        for one in listed_names().get(kind, ()):
            if parts.specific in _names_of(one):
                yield rule(code).found(listed=one.name)
                break


def _names_of(one: ListedName) -> set[str]:
    """A feature's name, and its specific part where that is more than one character."""
    whole = fold(one.name)
    bare = parts_of(one.name, "1").specific
    return {whole, bare} if len(bare) > 1 else {whole}
