"""`ovoo line-changes`: what a change of divisions does to lines; `ovoo line history`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from boundary.changes.applying import apply_lines
from boundary.changes.history import line_history
from boundary.changes.reading import Previewed, event_lines, preview_lines
from boundary.changes.survey_checks import REFUSES
from boundary.changes.surveying import check_survey, read_survey, take_survey
from boundary.changes.values import KINDS, MARKER_KINDS
from boundary.lines.commands import json_option, line, say
from boundary.lines.keeping import read_line
from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.errors import InvalidFile
from data.progress import bar
from data.store import Store, open_store
from gazetteer.divisions.parsing import parse_event

_TARGET = click.Path(dir_okay=False, path_type=Path)
_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")


@click.group("line-changes")
def line_changes() -> None:
    """Changes of divisions → lines 区划变更引起的界线变更: preview, papers, apply."""


@line_changes.command("preview")
@store_option
@click.argument("event")
@click.option("--papers", type=_TARGET, help="A .docx or .xlsx to write: draft agreement, tables.")
@json_option
def preview(store: str, event: str, papers: Path | None, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """Say what EVENT does to lines: the id of an applied one, or a JSON file; writes nothing."""
    if papers is not None and papers.suffix not in {".docx", ".xlsx"}:
        raise click.BadParameter("give a name that ends in .docx or .xlsx", param_hint="--papers")
    with open_store(store) as opened:
        seen = _seen(opened, event)
    if papers is not None:
        from boundary.changes.papers import changes_docx, changes_xlsx

        made = datetime.now(UTC)
        content = changes_docx(seen, made) if papers.suffix == ".docx" else changes_xlsx(seen)
        papers.write_bytes(content)
    if as_json:
        say(seen.as_json())
        return
    _show(seen)


def _seen(opened: Store, event: str) -> Previewed:
    with opened.read() as connection:
        if event.isdigit():
            return event_lines(connection, int(event))
        try:
            document = json.loads(Path(event).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise InvalidFile(
                f"{event} is neither an event's number nor a JSON file ({error})",
                f"{event} 既不是事件编号，也不是可读的 JSON 文件（{error}）",
            ) from error
        return preview_lines(connection, parse_event(document), today())


def _show(seen: Previewed) -> None:
    for one in seen.changes.effects:
        name = one.line.name if one.line else "—"
        after = "–".join(one.parties) or " ; ".join("–".join(p.parties) for p in one.pieces) or "—"
        click.echo(f"{one.kind}\t{KINDS[one.kind][0]}\t{name}\t→ {after}\t{one.level}")
        for mark in one.markers:
            zh = MARKER_KINDS[mark.kind][0]
            click.echo(f"    {mark.marker.marker_no}\t{zh}\t{mark.line_code or '—'}")
    for zh, en in seen.changes.surveys:
        click.echo(f"勘定\t{zh} — {en}")
    for key, zh, en in seen.changes.undecided:
        click.echo(f"line {key}: {zh} — {en}", err=True)
    if not seen.changes.effects and not seen.changes.undecided:
        click.echo("no line is concerned 不涉及界线", err=True)


@line_changes.command("apply")
@store_option
@click.argument("event_id", type=int)
@click.option("--yes", is_flag=True, help="Apply without asking.")
@_actor
def apply(store: str, event_id: int, yes: bool, actor: str) -> None:  # noqa: FBT001 - a flag
    """Write what applied event EVENT_ID does to lines, in one transaction."""
    with open_store(store) as opened, bar("lines"):
        seen = _seen(opened, str(event_id))
        _show(seen)
        if not yes:
            click.confirm("登记这些界线变更？ Write these changes of lines?", abort=True)
        begun = apply_lines(opened, Actor.operator(actor), event_id, seen.basis)
    told = ", ".join(map(str, begun)) or "none"
    click.echo(f"{len(seen.changes.effects)} effects written; lines that begin: {told}")


@line.command("history")
@store_option
@click.argument("line_id", type=int)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The state on that day.")
@json_option
def history(store: str, line_id: int, as_of: datetime | None, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """What line LINE_ID was in time: parties and level, what it came from, what follows it."""
    with open_store(store) as opened, opened.read() as connection:
        found = line_history(connection, line_id, as_of.date() if as_of else None)
    if as_json:
        say(found)
        return
    states = [found["state"]] if as_of and found["state"] else found["states"]
    if as_of and not found["state"]:
        click.echo("当日不在效力中 not in force on that day")
        return
    for state in states:
        span = f"{state['valid_from'] or '…'} – {state['valid_to'] or '今 today'}"
        who = "–".join(f"{one['name']}({one['code']})" for one in state["parties"])
        click.echo(f"{span}\t{state['level']}\t{who}")
    for key, title in (("predecessors", "前身 from"), ("successors", "后继 to")):
        if found[key]:
            click.echo(f"{title}\t{', '.join(map(str, found[key]))}")


@line.command("survey")
@store_option
@click.argument("line_id", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--crs", help="The file's reference system, where it names none.")
@click.option("--accept", is_flag=True, help="Accept findings that ask; none that refuses.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@json_option
@_actor
def survey(
    store: str,
    line_id: int,
    file: Path,
    crs: str | None,
    accept: bool,  # noqa: FBT001 - a command's flag
    dry_run: bool,  # noqa: FBT001 - the same
    as_json: bool,  # noqa: FBT001 - the same
    actor: str,
) -> None:
    """Take the surveyed line of FILE (勘定) in the place of LINE_ID, which a change drafted."""
    with open_store(store) as opened:
        with bar(f"survey {file.name}"):
            taken = read_survey(file, opened.crs, crs)
        with opened.read() as connection:
            found = check_survey(connection, line_id, taken.shape, opened.crs)
            version = read_line(connection, line_id)["version"]
        if not dry_run:
            who = Actor.operator(actor)
            found = take_survey(opened, who, line_id, version, taken, accept=accept)
    if as_json:
        say(found.as_json())
        return
    for one in found.findings:
        word = "拒绝 refused" if one.severity == REFUSES else "待确认 to be accepted"
        click.echo(f"{word}\t{one.kind}\t{one.zh} — {one.en}", err=True)
    done = "checked" if dry_run else "taken 已登记"
    click.echo(f"line {line_id}: {found.length_m:.3f} m {done}")
