"""All rules over one proposed name."""

from dataclasses import dataclass
from typing import Any

from gazetteer.rules.alike import alike
from gazetteer.rules.characters import characters
from gazetteer.rules.listed import listed
from gazetteer.rules.naming import division_named_after, facility_named_after, renaming
from gazetteer.rules.structure import parts_of, structure
from gazetteer.rules.values import (
    Finding,
    ManualCheck,
    Proposal,
    Severity,
    Surroundings,
    manual_checks,
)

_ORDER = list(Severity)
CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class CheckedName:
    """What the rules say about a name.

    Attributes:
        proposal: the name as it was checked.
        findings: the weightiest first.
        manual: what a person has to judge beside them.
    """

    proposal: Proposal
    findings: tuple[Finding, ...]
    manual: tuple[ManualCheck, ...]

    @property
    def outcome(self) -> str:
        """`blocks`, `asks`, `warns`, or `clear` where nothing was found."""
        return str(self.findings[0].severity) if self.findings else CLEAR

    @property
    def blocked(self) -> bool:
        """Whether some rule forbids the name."""
        return self.outcome == Severity.BLOCKS

    def as_json(self) -> dict[str, Any]:
        """The check as it is sent and kept."""
        proposal = self.proposal
        parts = parts_of(proposal.name, proposal.category_code)
        return {
            "name": proposal.name,
            "class": proposal.name_class.code,
            "class_zh": proposal.name_class.zh,
            "class_en": proposal.name_class.en,
            "category_code": proposal.category_code,
            "division_code": proposal.division_code,
            "division_path": " › ".join(proposal.division_names),
            "specific": parts.specific,
            "generic": parts.generic or None,
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "manual": [question.as_json() for question in self.manual],
        }


def check_proposal(proposal: Proposal, around: Surroundings) -> CheckedName:
    """Hold a proposed name against every rule.

    Args:
        proposal: the name with its class and place.
        around: what of the register stands around it.
    """
    found = [
        *structure(proposal),
        *characters(proposal),
        *listed(proposal),
        *alike(proposal, around),
        *division_named_after(proposal, around),
        *facility_named_after(proposal, around),
        *renaming(proposal),
    ]
    found.sort(key=lambda finding: _ORDER.index(finding.severity))
    return CheckedName(proposal, tuple(found), manual_checks(renaming=proposal.former is not None))
