"""Duplicates and homophones (重名、同音) in the scope that the law names for the class."""

from collections.abc import Iterator

from gazetteer.likeness import DuplicateKind, NamedRecord, Scope, ScopeRule, likeness, scope_rules
from gazetteer.names import fold
from gazetteer.rules.structure import parts_of
from gazetteer.rules.values import Finding, Proposal, Surroundings, rule

MOST_ALIKE = 20
"""More findings of one kind than that help nobody."""


def scope_of(proposal: Proposal) -> ScopeRule | None:
    """Within what names of the proposal's class differ; None where the law names nothing."""
    code = proposal.name_class.code
    return next((one for one in scope_rules() if code in one.classes), None)


def alike(proposal: Proposal, around: Surroundings) -> Iterator[Finding]:
    """Each name in the scope that is alike: characters, sound and tone, sound, family, specific.

    Names that other applications propose are held against it within the same scope.
    """
    scope = scope_of(proposal)
    if scope is None:
        return
    own = NamedRecord.of(proposal.name, proposal.division_code, proposal.category_code)
    found = [
        (kind, other)
        for other in around.alike
        if not _is_own(proposal, other)
        and scope.scope.holds(proposal.division_code, other.division_code)
        and (kind := likeness(own, other) or _same_specific(proposal, other))
    ]
    said: dict[DuplicateKind, int] = {}
    for kind, other in sorted(found, key=lambda pair: list(DuplicateKind).index(pair[0])):
        said[kind] = said.get(kind, 0) + 1
        if said[kind] <= MOST_ALIKE:
            yield _finding(str(kind), other, scope, around)
    for other in around.pending:
        near = scope.scope.holds(proposal.division_code, other.division_code)
        if near and fold(other.name) == fold(proposal.name):
            yield _finding("same-name-pending", other, scope, around)
    if scope.scope is Scope.NATION and not around.whole_nation:
        yield rule("scope-beyond-register").found()


def _is_own(proposal: Proposal, other: NamedRecord) -> bool:
    former = proposal.former
    return former is not None and (other.feature, other.id) == (former.feature, former.id)


def _same_specific(proposal: Proposal, other: NamedRecord) -> DuplicateKind | None:
    own = parts_of(proposal.name, proposal.category_code).specific
    same = own == parts_of(other.name, other.category_code).specific
    return DuplicateKind.SAME_SPECIFIC if same else None


def _finding(code: str, other: NamedRecord, scope: ScopeRule, around: Surroundings) -> Finding:
    words = {"other": other.name, "where": around.where(other)}
    return rule(code).found(other, **words, scope=(scope.zh, scope.en))
