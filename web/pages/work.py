"""The page of one's own work: what waits, by when, and who may act. Each list is bounded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from boundary import (
    DECIDERS,
    LineFacts,
    RepairsQuery,
    list_conflicts,
    list_repairs,
    open_submissions,
    rounds,
)
from data import Actor, Role
from data.reference import cited, find_term
from gazetteer import approvals, problem_reports, signs
from web.site import told_in, translate

MOST: Final = 20
"""Items of one list; what follows is behind the list's own address."""
_KEEPERS: Final = (Role.EDITOR, Role.ADMINISTRATOR)
_COMMITTERS: Final = (Role.EDITOR, Role.APPROVER)
_SENDERS: Final = (Role.SURVEYOR, *_COMMITTERS)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits.

    Attributes:
        title, address: what it is and its page.
        detail: how it stands, in words.
        due_on: its last day; None where it has none.
        overdue: whether that day has passed.
        roles, division_code: who may act, and where that role is needed; None is everywhere.
        mine: whether the reader may.
    """

    title: str
    address: str
    detail: str
    due_on: date | None
    overdue: bool
    roles: tuple[str, ...]
    division_code: str | None
    mine: bool


@dataclass(frozen=True, slots=True)
class TaskList:
    """One list of the page, the address of the whole, and whether there is more."""

    key: str
    tasks: Sequence[Task]
    address: str
    more: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What one reader has to do on one day.

    Attributes:
        seen: a reading connection of the store as the reader sees it.
        whole: a reading connection of the whole store, for what asks who acts by itself.
        actor: the reader.
        lexicon: the divisions (see `gazetteer.lexicon_of`).
        lang: of the words.
        today: the calendar day in China.
        known_lines: the lines that the reader sees, with their days within a year.
    """

    seen: Connection
    whole: Connection
    actor: Actor
    lexicon: Any
    lang: str
    today: date
    known_lines: Sequence[LineFacts]

    def lists(self) -> list[TaskList]:
        """Every list that has something, in the order of the page."""
        made = (
            self.approvals(),
            self.clocks(),
            self.repairs(),
            self.rounds(),
            self.lines(),
            self.submissions(),
            self.conflicts(),
            self.reports(),
            self.signs(),
        )
        return [one for one in made if one.tasks]

    def approvals(self) -> TaskList:
        """Applications that wait for a step that the reader may take."""
        found, more = approvals.list_waiting(self.seen, self.actor, MOST)
        tasks = [
            Task(
                title=f"{self._term('approval_kinds', one['kind'])} {one['name']}",
                address=f"/approvals/{one['id']}",
                detail=self._joined(step[told_in(self.lang)] for step in one["steps"]),
                due_on=one["due_on"],
                overdue=self._late(one["due_on"]),
                roles=tuple(dict.fromkeys(r for step in one["steps"] for r in step["roles"])),
                division_code=one["steps"][0]["division_code"],
                mine=True,
            )
            for one in found
        ]
        return TaskList("approvals", tasks, "/approvals", more)

    def clocks(self) -> TaskList:
        """Legal clocks that have run out or soon will, the most urgent first."""
        found: list[dict[str, Any]] = []
        more, told = False, told_in(self.lang)
        for state in ("overdue", "soon"):
            rows, following = approvals.list_clocks(
                self.seen, self.actor, self.lexicon, self.today, state=state, limit=MOST
            )
            found += rows
            more = more or following is not None
        tasks = [
            Task(
                title=f"{one['number']} {one['name']}",
                address=f"/approvals/{one['id']}",
                detail=f"{one[told]} · {cited(one['article'], told)}",
                due_on=one["due_on"],
                overdue=one["state"] == "overdue",
                roles=(),
                division_code=one["division_code"],
                mine=False,
            )
            for one in found
        ]
        return TaskList("clocks", tasks[:MOST], "/approvals/clocks", more or len(tasks) > MOST)

    def repairs(self) -> TaskList:
        """Repair orders, the gravest first, of these the oldest."""
        asked = RepairsQuery(state="unfinished", limit=MOST + 1)
        found = list_repairs(self.seen, asked, self.today)
        tasks = [self._repair(one) for one in found[:MOST]]
        return TaskList("repairs", tasks, "/repairs?state=unfinished", len(found) > MOST)

    def _repair(self, one: Mapping[str, Any]) -> Task:
        grave = self._t("work.severity").format(severity=one["severity"], days=one["age_days"])
        state = self._t(f"repair_state.{one['state']}")
        return Task(
            title=f"{one['marker_no']} · {self._t('status.' + one['reason'])}",
            address=f"/repairs/{one['id']}",
            detail=f"{state} · {grave}",
            due_on=one["due_on"],
            overdue=one["overdue"],
            roles=_KEEPERS,
            division_code=one["managing_party"],
            mine=self._may(_KEEPERS, one["managing_party"]),
        )

    def rounds(self) -> TaskList:
        """Joint inspections that are planned, in the field, or signed and not yet filed."""
        found = [
            one
            for state in ("field", "planned", "signed")
            for one in rounds.list_rounds(self.seen, state)
        ]
        tasks = [
            Task(
                title=one["name"],
                address=f"/rounds/{one['id']}",
                detail=self._t(f"round_state.{one['state']}"),
                due_on=one["due_on"],
                overdue=self._late(one["due_on"]),
                roles=_KEEPERS,
                division_code=None,
                mine=self._holds(_KEEPERS),
            )
            for one in found[:MOST]
        ]
        return TaskList("rounds", tasks, "/rounds", len(found) > MOST)

    def lines(self) -> TaskList:
        """Lines of the reader's divisions whose next joint inspection is due within a year."""
        found = [
            one
            for one in self.known_lines
            if one.due and any(self._may(tuple(Role), party) for party in one.parties)
        ]
        found.sort(key=lambda one: (one.due[0], one.code))
        tasks = [
            Task(
                title=one.name,
                address=f"/lines/{one.id}",
                detail=self._t("work.line_due"),
                due_on=one.due[0],
                overdue=one.overdue,
                roles=_KEEPERS,
                division_code=one.parties[0],
                mine=any(self._may(_KEEPERS, party) for party in one.parties),
            )
            for one in found[:MOST]
        ]
        return TaskList("lines", tasks, "/rounds/calendar", len(found) > MOST)

    def submissions(self) -> TaskList:
        """Files that are previewed and not committed: of markers, and of signs."""
        if not self._holds(_SENDERS):
            return TaskList("submissions", (), "", more=False)
        found = [("submissions", one) for one in open_submissions(self.seen, MOST + 1)]
        waiting = signs.sign_files().in_state(self.seen, "preview", MOST + 1)
        found += [("sign-inspections", one) for one in waiting]
        found.sort(key=lambda pair: pair[1]["received_at"], reverse=True)
        tasks = [self._file(family, one) for family, one in found[:MOST]]
        return TaskList("submissions", tasks, "", len(found) > MOST)

    def _file(self, family: str, one: Mapping[str, Any]) -> Task:
        sender = one["sent_by"].rsplit(" (", 1)[0]
        told = self._t("work.submission_by").format(sender=sender)
        return Task(
            title=one["file_name"],
            address=f"/{family}/{one['id']}",
            detail=f"{self._t('work.state.preview')} · {told}",
            due_on=None,
            overdue=False,
            roles=_COMMITTERS,
            division_code=None,
            mine=self._holds(_COMMITTERS) and sender != self.actor.name,
        )

    def conflicts(self) -> TaskList:
        """Markers whose reports contradict each other, in the order of the register."""
        found = list_conflicts(self.seen, limit=MOST)
        tasks = [
            Task(
                title=f"{one['marker_no']} · {one['line_name'] or ''}".rstrip(" ·"),
                address=f"/markers/{one['id']}/conflict",
                detail=self._t("status.conflicting"),
                due_on=None,
                overdue=False,
                roles=DECIDERS,
                division_code=one["managing_party"],
                mine=self._may(DECIDERS, one["managing_party"]),
            )
            for one in found[:MOST]
        ]
        return TaskList("conflicts", tasks, "/conflicts", len(found) > MOST)

    def reports(self) -> TaskList:
        """Reported problems that the reader may handle, the oldest first."""
        if not self._holds(problem_reports.HANDLERS):
            return TaskList("reports", (), "", more=False)
        asked = problem_reports.QueueQuery(limit=MOST)
        found, following = problem_reports.list_reports(self.whole, asked, self.actor, self.lexicon)
        tasks = [
            Task(
                title=f"{self._term('problem_kinds', one['kind'])} {one['id']}",
                address=f"/problem-reports/{one['id']}",
                detail=f"{self._term('problem_states', one['state'])} · {one['told'][:80]}",
                due_on=None,
                overdue=False,
                roles=problem_reports.HANDLERS,
                division_code=one["division_code"],
                mine=True,
            )
            for one in found
        ]
        return TaskList("reports", tasks, "/problem-reports", following is not None)

    def signs(self) -> TaskList:
        """Signs with an open repair order, the soonest due first."""
        found = signs.list_repairs(self.seen, signs.RepairsQuery(limit=MOST + 1))
        told = self._t("work.sign")
        tasks = [
            Task(
                title=told.format(
                    number=one["sign_no"], condition=self._t(f"sign.condition.{one['condition']}")
                ),
                address=f"/sign-repairs/{one['id']}",
                detail=one["responsible"] or "",
                due_on=one["due_on"],
                overdue=self._late(one["due_on"]),
                roles=_COMMITTERS,
                division_code=one["division_code"],
                mine=self._may(_COMMITTERS, one["division_code"]),
            )
            for one in found[:MOST]
        ]
        return TaskList("signs", tasks, "/sign-repairs", len(found) > MOST)

    def _t(self, key: str) -> str:
        text = translate(key, self.lang)
        return key.rpartition(".")[2] if text == key else text

    def _term(self, table: str, code: str) -> str:
        found = find_term(table, code)
        if found is None:
            return code
        return found.en if self.lang == "en" else found.zh

    def _joined(self, words: Iterable[str]) -> str:
        return translate("page.comma", self.lang).join(words)

    def _late(self, day: date | None) -> bool:
        return day is not None and day < self.today

    def _holds(self, roles: Sequence[Role]) -> bool:
        """Whether the reader holds one of the roles anywhere."""
        return any(grant.role in roles for grant in self.actor.grants)

    def _may(self, roles: Sequence[Role], code: str | None) -> bool:
        path = [one.code for one in self.lexicon.path(code)]
        return any(self.actor.may(role, path) for role in roles)
