"""Topology (拓扑): outlines, lines and markers held against each other; two sources compared."""

from boundary.topology.checking import Checked, check_topology
from boundary.topology.comparing import CompareRules, LineComparison, compare_lines
from boundary.topology.drawing import View, draw_finding
from boundary.topology.reading import (
    DEFAULT_LEVEL,
    Inputs,
    Selected,
    TopologyQuery,
    check_inputs,
    current_findings,
    current_topology,
    read_inputs,
    select_findings,
    summary,
)
from boundary.topology.report import TopologyPapers, topology_docx, topology_xlsx
from boundary.topology.sources import Compared, compare_sources
from boundary.topology.values import (
    Area,
    Finding,
    RegisteredLine,
    RegisteredPoint,
    TopologyRules,
)

__all__ = [
    "DEFAULT_LEVEL",
    "Area",
    "Checked",
    "CompareRules",
    "Compared",
    "Finding",
    "Inputs",
    "LineComparison",
    "RegisteredLine",
    "RegisteredPoint",
    "Selected",
    "TopologyPapers",
    "TopologyQuery",
    "TopologyRules",
    "View",
    "check_inputs",
    "check_topology",
    "compare_lines",
    "compare_sources",
    "current_findings",
    "current_topology",
    "draw_finding",
    "read_inputs",
    "select_findings",
    "summary",
    "topology_docx",
    "topology_xlsx",
]
