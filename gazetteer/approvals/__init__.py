"""Approvals of names (地名审批): from the application to the standard name.

apply → accept → (experts) → decide → file → announce. Steps, states, bodies, clocks and documents
are rows of tables; the code holds the mechanism. Every step names the version of the case that its
actor saw, is journalled, and changes nothing where it is refused.
"""

from gazetteer.approvals.announced import announced_of
from gazetteer.approvals.applying import Application, amend, apply, withdraw
from gazetteer.approvals.clocks import Clock, ClockRule, ClockState, clock_rules
from gazetteer.approvals.deciding import Decision, accept, decide, give_back
from gazetteer.approvals.document_kinds import document_kinds
from gazetteer.approvals.documents import Written, write_document
from gazetteer.approvals.experts import (
    Expert,
    list_experts,
    read_expert,
    save_expert,
)
from gazetteer.approvals.filing import Act, accept_filing, announce, file, remind, return_filing
from gazetteer.approvals.opinions import Opinion, give_opinion, invite
from gazetteer.approvals.papers import NewPaper, add_paper, read_paper
from gazetteer.approvals.reading import (
    MAX_LIMIT,
    CasePage,
    CaseQuery,
    list_cases,
    list_clocks,
    show_case,
)
from gazetteer.approvals.waiting import list_waiting

__all__ = [
    "MAX_LIMIT",
    "Act",
    "Application",
    "CasePage",
    "CaseQuery",
    "Clock",
    "ClockRule",
    "ClockState",
    "Decision",
    "Expert",
    "NewPaper",
    "Opinion",
    "Written",
    "accept",
    "accept_filing",
    "add_paper",
    "amend",
    "announce",
    "announced_of",
    "apply",
    "clock_rules",
    "decide",
    "document_kinds",
    "file",
    "give_back",
    "give_opinion",
    "invite",
    "list_cases",
    "list_clocks",
    "list_experts",
    "list_waiting",
    "read_expert",
    "read_paper",
    "remind",
    "return_filing",
    "save_expert",
    "show_case",
    "withdraw",
    "write_document",
]
