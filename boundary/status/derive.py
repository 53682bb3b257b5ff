"""A marker's status from its evidence: not the last word typed, but what its reports bear out."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from boundary.status.axes import Found, condition_class, condition_of, position_of
from boundary.status.evidence import Act, Decision, MarkerStatus, Report, StatusRules, Used

_SCRAP = "scrap"


def derive(
    reports: Sequence[Report],
    acts: Sequence[Act] = (),
    decisions: Sequence[Decision] = (),
    rules: StatusRules | None = None,
    *,
    listed: bool = True,
) -> MarkerStatus:
    """The status that the rules of `status_rules.csv` give, with how each piece was used.

    Args:
        reports: inspections, in any order.
        acts: lawful acts, in any order.
        decisions: what was decided about contradictions, in any order.
        rules: numbers of the rules; the standard ones by default.
        listed: whether to list the evidence, which takes as long as the rest.
    """
    rules = rules or StatusRules()
    reports = sorted(reports, key=lambda one: (one.day, one.id))
    acts = sorted(acts, key=lambda one: (one.day, one.id))
    decided = max(decisions, key=lambda one: (one.on, one.id), default=None)
    lapsing = next((one for one in reversed(acts) if one.lapses == "all"), None)
    repaint = next((one for one in reversed(acts) if one.lapses == "inscription"), None)
    if decided is not None and lapsing is not None and lapsing.day > decided.on:
        decided = None
    standing = [one for one in reports if _stands(one, lapsing, decided)]
    legible = [one for one in standing if not _repainted(one, repaint)]
    condition = condition_of(legible, rules)
    position = position_of(standing, rules)
    if decided is not None and not standing:
        condition, position = Found(decided.condition), Found(decided.verdict)
    elif decided is not None:
        condition = condition if condition.value else Found(decided.condition)
        position = position if position.value else Found(decided.verdict)
    scrapped = next((one for one in acts if one.kind == _SCRAP), None)
    passed = [_passed_over(one, lapsing, repaint, decided) for one in reports]
    used = _used(reports, passed, acts, decisions, {lapsing, repaint, decided}) if listed else ()
    told = {*condition.rules, *position.rules, *passed} - {""}
    state = _state(condition, position, lapsing, told=bool(standing or decided))
    if scrapped is not None:
        state, condition, position = "scrapped", Found("scrapped"), Found("")
    return MarkerStatus(
        state=state,
        condition=condition.value,
        verdict=position.value,
        open=condition.open or position.open,
        inspected_on=reports[-1].on if reports else None,
        rules=tuple(sorted(told, key=lambda code: int(code[1:]))),
        evidence=used,
        open_sides=tuple(
            side for side, found in (("condition", condition), ("position", position)) if found.open
        ),
    )


def _stands(report: Report, lapsing: Act | None, decided: Decision | None) -> bool:
    """Whether a report still counts: it is later than the last repair and the last decision."""
    if decided is not None and report.day <= decided.on:
        return False
    if lapsing is None or report.day > lapsing.day:
        return True
    return report.day == lapsing.day and _is_sound(report)


def _is_sound(report: Report) -> bool:
    return condition_class(report) == "intact" and report.verdict in {"", "in_place"}


def _repainted(report: Report, repaint: Act | None) -> bool:
    faded = report.condition == "inscription_unclear"
    return faded and repaint is not None and report.day <= repaint.day


_GRAVE = (
    ("condition", "lost", "lost"),
    ("condition", "not_found", "not_found"),
    ("position", "displaced", "displaced"),
    ("condition", "damaged", "damaged"),
    ("position", "suspect", "suspected_displaced"),
    ("condition", "inscription_unclear", "inscription_unclear"),
)
"""What outranks what: side, value, state."""


def _state(condition: Found, position: Found, lapsing: Act | None, *, told: bool) -> str:
    """The one word of `marker_states` for both sides."""
    if condition.open or position.open:
        return "conflicting"
    values = {"condition": condition.value, "position": position.value}
    grave = next((state for side, value, state in _GRAVE if values[side] == value), None)
    if grave is not None:
        return grave
    if not told or not any(values.values()):
        return "never_inspected" if lapsing is None else "restored"
    return "sound" if position.value == "in_place" else "position_unknown"


def _used(
    reports: Sequence[Report],
    passed: Sequence[str],
    acts: Sequence[Act],
    decisions: Sequence[Decision],
    decisive: AbstractSet[Act | Decision | None],
) -> tuple[Used, ...]:
    """Every piece of evidence with how it was used, oldest first."""
    found = [
        Used("report", one.id, one.on, _said(one), counts=not rule, rule=rule)
        for one, rule in zip(reports, passed, strict=True)
    ]
    found += [Used("act", one.id, one.on, one.kind, counts=one in decisive) for one in acts]
    found += [
        Used(one.kind, one.id, one.on, _said(one), counts=one in decisive) for one in decisions
    ]
    return tuple(sorted(found, key=lambda one: (one.on is not None, one.on, one.kind, one.id)))


def _said(piece: Report | Decision) -> str:
    return "/".join(filter(None, (piece.condition, piece.verdict)))


def _passed_over(
    report: Report, lapsing: Act | None, repaint: Act | None, decided: Decision | None
) -> str:
    """The rule by which a report does not count; empty where it counts."""
    if not _stands(report, lapsing, None):
        return "S1"
    if decided is not None and report.day <= decided.on:
        return "S8"
    if _repainted(report, repaint):
        return "S1"
    return "S3" if report.condition == "unreachable" and not report.verdict else ""
