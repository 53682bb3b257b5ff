"""`ovoo approval`: lists, clocks, one case, its documents."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from data import deadlines
from data.actors import Actor
from data.commands import store_option
from data.reference import cited
from data.store import open_store
from gazetteer.approvals.documents import write_document
from gazetteer.approvals.reading import (
    MAX_LIMIT,
    CaseQuery,
    list_cases,
    list_clocks,
    show_case,
)
from gazetteer.search import lexicon_of

OPERATOR = Actor.operator("command line")
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
_day_option = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day that clocks are read on."
)


@click.group()
def approval() -> None:
    """Applications for names: what is in hand, what is overdue, their documents."""


@approval.command("list")
@store_option
@click.option("--state", help="Only in this state, such as accepted or 审查中.")
@click.option("--kind", help="naming, renaming or ending.")
@click.option("--in", "division", help="Code or name of a division; everything below it counts.")
@click.option("--overdue", is_flag=True, help="Only those of which a clock is overdue.")
@click.option("--limit", default=20, show_default=True)
@_json_option
def list_command(
    store: str,
    state: str | None,
    kind: str | None,
    division: str | None,
    overdue: bool,  # noqa: FBT001 - a command's flag
    limit: int,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """List applications, newest first."""
    query = CaseQuery(
        state=state,
        kind=kind,
        division=division,
        overdue=True if overdue else None,
        limit=min(limit, MAX_LIMIT),
    )
    with open_store(store) as opened, opened.read() as connection:
        lexicon = lexicon_of(opened, connection)
        page = list_cases(connection, query, OPERATOR, lexicon, _today(None))
    if as_json:
        _say(list(page.cases))
        return
    for case in page.cases:
        due = f"\t期限 {case['due_on']}" if case["due_on"] else ""
        states = " ".join(
            filter(None, (case["state_zh"], case["filing_state_zh"], case["announcement_state_zh"]))
        )
        click.echo(
            f"{case['number']}\t{case['kind_zh']}\t{case['name']}\t{case['division_code']}"
            f"\t{states}{due}"
        )
    if not page.cases:
        click.echo("nothing found 未找到", err=True)


@approval.command()
@store_option
@click.option("--soon", is_flag=True, help="Also those whose last day is near.")
@_day_option
@_json_option
def overdue(
    store: str,
    soon: bool,  # noqa: FBT001 - a command's flag
    today: datetime | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """List filings and announcements whose last day has passed, the oldest first."""
    found: list[dict[str, Any]] = []
    day = _today(today)
    with open_store(store) as opened, opened.read() as connection:
        lexicon = lexicon_of(opened, connection)
        for state in ("overdue", "soon")[: 2 if soon else 1]:
            after: tuple[date, int] | None = None
            while True:
                part, after = list_clocks(
                    connection, OPERATOR, lexicon, day, state=state, after=after, limit=MAX_LIMIT
                )
                found += part
                if after is None:
                    break
    if as_json:
        _say(found)
        return
    for one in found:
        left = one["days_left"]
        told = f"逾期 {-left} 天" if left < 0 else f"剩余 {left} 天"
        click.echo(
            f"{one['number']}\t{one['name']}\t{one['zh']}\t{one['due_on']}\t{told}\t{one['body']}"
        )
    if not found:
        click.echo("nothing overdue 没有逾期事项", err=True)


@approval.command()
@store_option
@click.argument("identity", type=int)
@_day_option
@_json_option
def show(
    store: str,
    identity: int,
    today: datetime | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Show one application: how it stands, what was done, what comes next."""
    with open_store(store) as opened, opened.read() as connection:
        case = show_case(connection, identity, OPERATOR, _today(today))
    if as_json:
        _say(case)
        return
    for line in _lines(case):
        click.echo(line)


def _lines(case: Mapping[str, Any]) -> list[str]:
    said = [
        f"{case['number']}\t{case['kind_zh']}\t{case['name']}\t{case['name_class_zh']}",
        f"状态\t{case['state_zh']} {case['filing_state_zh']} {case['announcement_state_zh']}",
        f"批准机关\t{case['approving_body']}",
    ]
    said += [f"期限\t{c['zh']}\t{c['due_on'] or '—'}\t{c['state']}" for c in case["clocks"]]
    findings = (case["check"] or {}).get("findings", [])
    said += [f"规则\t{f['severity']}\t{f['zh']}" for f in findings]
    said += [f"缺少\t{p['zh']}" for p in case["missing_papers"]]
    said += [f"已办\t{s['taken_on']}\t{s['zh']}\t{s['note'] or ''}".rstrip() for s in case["steps"]]
    said += [
        f"可办\t{step['step']}\t{step['zh']}\t{cited(step['article'], 'zh')}"
        for step in case["next"]
    ]
    said += [f"文书\t{one['document']}\t{one['zh']}" for one in case["documents"]]
    return said


@approval.command()
@store_option
@click.argument("identity", type=int)
@click.argument("code")
@click.option("--to", type=click.Path(path_type=Path), help="File or folder; here by default.")
def document(store: str, identity: int, code: str, to: Path | None) -> None:
    """Write a document of an application as DOCX: application, decision, announcement."""
    with open_store(store) as opened, opened.read() as connection:
        made = write_document(connection, identity, code, OPERATOR)
    target = to or Path()
    if target.is_dir():
        target /= made.file_name
    target.write_bytes(made.content)
    click.echo(str(target))


def _today(given: datetime | None) -> date:
    return given.date() if given else deadlines.today()


def _say(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
