"""What a name is taken from: larger features, higher divisions, the local name, heritage."""

from collections.abc import Iterator

from gazetteer.likeness import specific_of
from gazetteer.rules.structure import parts_of
from gazetteer.rules.values import Finding, Proposal, Surroundings, rule

_FACILITIES = frozenset({"transport", "water-power-telecom"})
_DIRECTIONS = "东西南北中新"


def division_named_after(proposal: Proposal, around: Surroundings) -> Iterator[Finding]:
    """No division is named after a feature or a division larger than itself."""
    if not proposal.name_class.is_division:
        return
    for feature in around.larger:
        where = around.where(feature)
        yield rule("named-after-larger-feature").found(feature, listed=feature.name, where=where)
    specific = parts_of(proposal.name, proposal.category_code).specific
    for above in proposal.division_names:
        if above != proposal.name and specific_of(above) == specific:
            where = " › ".join(proposal.division_names)
            yield rule("named-after-larger-division").found(listed=above, where=where)
            return


def facility_named_after(proposal: Proposal, around: Surroundings) -> Iterator[Finding]:
    """A facility generally has the name of where it is, with a direction if need be."""
    if proposal.name_class.code not in _FACILITIES or around.local_names is None:
        return
    specific = parts_of(proposal.name, proposal.category_code).specific
    bare = specific.rstrip(_DIRECTIONS) or specific
    divisions = proposal.division_names
    local = around.local_names | set(divisions) | {specific_of(name) for name in divisions}
    if not {specific, bare, bare.lstrip(_DIRECTIONS)} & local:
        yield rule("facility-local-name").found(specific=specific)


def renaming(proposal: Proposal) -> Iterator[Finding]:
    """A heritage name is generally kept; a listed one needs protective measures first."""
    former = proposal.former
    if former is None or former.name == proposal.name:
        return
    if former.listed and not former.measures:
        yield rule("rename-listed-heritage").found(former=former.name)
    elif former.heritage or former.listed:
        yield rule("rename-heritage").found(former=former.name)
