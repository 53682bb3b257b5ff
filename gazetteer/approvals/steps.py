"""The steps of a case and who may take them (办理步骤), from the table `approval_steps`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.actors import Actor, Role
from data.errors import Conflict
from data.reference import find_term, load_table
from data.reference.tables import kept
from gazetteer.errors import OwnCase, WrongStep

PARTS: Mapping[str, tuple[str, str]] = {
    "case": ("state", "approval_states"),
    "filing": ("filing_state", "filing_states"),
    "announcement": ("announcement_state", "announcement_states"),
}
"""Which column of a case a step moves, and the table of its states."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table.

    Attributes:
        part: what of the case it moves: case, filing, announcement.
        sources: the states from which it may be taken; none for the first.
        target: the state it leads to.
        roles: any of them allows it.
        where: whose division the role is needed in: division, approving, filing, announcing.
        apart_from: the steps that somebody else must have taken.
    """

    code: str
    zh: str
    en: str
    part: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    where: str
    apart_from: tuple[str, ...]
    article: str
    source: str

    @property
    def column(self) -> str:
        """The case's column that it moves."""
        return PARTS[self.part][0]


@kept
def steps(folder: Path | None = None) -> Mapping[str, Step]:
    """Every step by its code."""
    return {
        row["code"]: Step(
            row["code"],
            row["zh"],
            row["en"],
            row["part"],
            tuple(filter(None, row["from"].split("|"))),
            row["to"],
            tuple(Role(role) for role in row["roles"].split("|")),
            row["where"],
            tuple(filter(None, row["apart_from"].split("|"))),
            row["article"],
            row["source"],
        )
        for row in load_table("approval_steps", folder)
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a case decides about its next step.

    Attributes:
        id, version: the case.
        states: its states by column: state, filing_state, announcement_state.
        paths: division codes, lowest first, by whose they are: division, approving, filing,
            announcing; empty for a body of the nation.
        taken_by: who took a step last, by the step's code.
    """

    id: int
    version: int
    states: Mapping[str, str | None]
    paths: Mapping[str, Sequence[str]]
    taken_by: Mapping[str, str]


def check_step(
    standing: Standing, code: str, actor: Actor, version: int, *, entitled: bool = False
) -> Step:
    """Refuse a step that the case, the actor or the version does not allow.

    Args:
        standing: the case.
        code: the step.
        actor: who wants to take it.
        version: of the case as the actor saw it.
        entitled: whether the actor may take it without a role, as an expert gives an opinion.

    Raises:
        Conflict: the case has changed since the actor saw it.
        WrongStep: the case's state does not allow the step.
        Forbidden: the actor lacks the role in the body's division.
        OwnCase: the actor took the step that somebody else must have taken.
    """
    step = steps()[code]
    if not entitled:
        actor.require(step.roles, standing.paths[step.where], f"{step.en} ({step.zh})")
    if standing.version != version:
        raise Conflict(
            f"application {standing.id} is at version {standing.version}, not {version}: somebody"
            " has acted on it; read it again and repeat the step",
            f"申请 {standing.id} 已是第 {standing.version} 版（您看到的是第 {version} 版）："
            "已有他人办理；请重新查看后再办",
        )
    if not is_open(standing, step):
        raise _wrong(standing, step)
    own = _own_step(standing, step, actor)
    if own is not None:
        other = steps()[own]
        raise OwnCase(
            f"{actor.name} took the step {other.en} of application {standing.id}, so somebody else"
            f" must {step.en}",
            f"申请 {standing.id} 的“{other.zh}”由 {actor.name} 办理，“{step.zh}”须由他人办理",
        )
    return step


def is_open(standing: Standing, step: Step) -> bool:
    """Whether the case's state allows a step, whoever takes it."""
    if step.part != "case" and standing.states["state"] != "approved":
        return False
    return standing.states[step.column] in step.sources


def may_take(standing: Standing, step: Step, actor: Actor) -> bool:
    """Whether the actor could take a step now."""
    allowed = any(actor.may(role, standing.paths[step.where]) for role in step.roles)
    return allowed and _own_step(standing, step, actor) is None and is_open(standing, step)


def _own_step(standing: Standing, step: Step, actor: Actor) -> str | None:
    """The step that the actor took and that bars them from this one."""
    return next((one for one in step.apart_from if standing.taken_by.get(one) == actor.name), None)


def _wrong(standing: Standing, step: Step) -> WrongStep:
    table = PARTS[step.part][1]
    state = standing.states[step.column] or ""
    if step.part != "case" and standing.states["state"] != "approved":
        table, state = PARTS["case"][1], standing.states["state"] or ""
    term = find_term(table, state)
    zh, en = (term.zh, term.en) if term else (state or "无", state or "none")
    return WrongStep(
        f"application {standing.id} is {en}: the step {step.en} is not open; see its `next` steps",
        f"申请 {standing.id} 当前状态为“{zh}”，不能办理“{step.zh}”；请查看可办步骤",
    )
