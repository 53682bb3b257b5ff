"""The third floor: boundary lines, markers, inspections and verdicts (界线、界桩)."""
