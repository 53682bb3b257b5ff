"""`/lines`: boundary lines with all that belongs to them, and what may be written about them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request

from boundary import (
    LinesQuery,
    Paper,
    Section,
    add_finding,
    add_line_document,
    add_safe_boundary,
    apart_findings,
    describe,
    drafted_course,
    inspection_template,
    line_page,
    line_results,
    list_lines,
    read_document,
    read_line,
    results_docx,
    results_xlsx,
    rounds,
    set_sections,
    settle_finding,
)
from data import InvalidValue, NotFound, Role, read_file, today
from web.addresses import root
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.negotiation import (
    HTML,
    JSON,
    json_response,
    page_language,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.pages.lines import line_extras
from web.paging import page_links
from web.parameters import form_query, query, whole
from web.uploads import upload

blueprint = Blueprint("lines", __name__)

LIST_PARAMETERS = ("level", "state", "party", "name", "cursor", "limit")
_MOST, _DEFAULT, _HIGHEST = 1_000, 100, 2**62
_SECTION_FIELDS = tuple(Section.__dataclass_fields__)
_PAPER = ("kind", "title", "number", "dated_on")


@blueprint.get("/lines")
def listed() -> Response:
    """Lines in force, by level, state, party or name."""
    values = form_query(LIST_PARAMETERS)
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    asked = LinesQuery(
        **{name: values.get(name) for name in ("level", "state", "party", "name")},
        after=whole(values, "cursor", 0, 0, _HIGHEST),
        limit=limit,
    )
    with current_store().read() as connection:
        found = list_lines(connection, asked)
    rows = [row | {"links": [_link(f"lines/{row['id']}", "item")]} for row in found[:limit]]
    links = page_links("lines", str(rows[-1]["id"]) if len(found) > limit else None)
    title = page_text("collection.lines")
    return respond("lines.html", {"lines": rows, "links": links}, title)


def _link(path: str, rel: str, media_type: str = JSON, title: str = "") -> dict[str, str]:
    link = {"href": f"{root()}{path}", "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


@blueprint.get("/lines/<int:identity>")
def show(identity: int) -> Response:
    """One line with all that belongs to it."""
    query(())
    store = current_store()
    with store.read() as connection:
        page = line_page(connection, identity, store.crs, today())
        due_on = rounds.due_of_line(connection, identity, page["line"]["approved_on"])
        page |= {"due_on": due_on, "rounds": rounds.list_rounds(connection, line_id=identity)}
    own = f"lines/{identity}"
    links = [
        _link(own, "self"),
        _link(f"{own}?f=html", "alternate", HTML),
        _link(f"collections/lines/items/{identity}", "item", "application/geo+json"),
        _link(f"{own}/course", "related", title="走向说明（草稿） course description, drafted"),
        _link(f"{own}/checks", "related", title="核对 checks"),
        _link(f"{own}/results.docx", "enclosure", DOCX, "界桩成果表 DOCX"),
        _link(f"{own}/results.xlsx", "enclosure", XLSX, "界桩成果表 XLSX"),
        _link(f"{own}/inspection-template.xlsx", "enclosure", XLSX, "检查记录模板 template"),
    ]
    document = page | {"links": links}
    if not wants_html():
        return json_response(document)
    with store.read() as connection:
        document["page"] = line_extras(connection, page, store.crs, page_language())
    return render_page("line.html", document, str(page["line"]["name"]))


@blueprint.get("/lines/<int:identity>/course")
def course(identity: int) -> Response:
    """A draft of a line's course description, from its geometry and markers."""
    query(())
    store = current_store()
    with store.read() as connection:
        record = read_line(connection, identity)
        sections = drafted_course(connection, identity, store.crs)
    drafted = [
        {
            "from_marker": one.from_marker,
            "to_marker": one.to_marker,
            "length_m": round(one.length_m, 2),
            "azimuth_deg": round(one.azimuth_deg, 3),
            "direction": one.direction,
            "course": describe(one),
        }
        for one in sections
    ]
    document = {"name": record["name"], "status": "draft", "sections": drafted}
    return respond("document.html", document, f"{record['name']} 走向说明")


@blueprint.get("/lines/<int:identity>/checks")
def checks(identity: int) -> Response:
    """What does not fit about a line's own record, parties apart from it among it."""
    query(())
    store = current_store()
    with store.read() as connection:
        page = line_page(connection, identity, store.crs, today())
        record = read_line(connection, identity)
        apart = [one.as_json() for one in apart_findings(connection, record, store.crs)]
    document = {"name": record["name"], "checks": [*page["checks"], *apart]}
    return respond("document.html", document, f"{record['name']} 核对")


@blueprint.get("/lines/<int:identity>/results.docx")
@blueprint.get("/lines/<int:identity>/results.xlsx")
@blueprint.get("/lines/<int:identity>/results.json")
def results(identity: int) -> Response:
    """A line's table of markers (界桩成果表) as DOCX, XLSX or JSON."""
    query(())
    store = current_store()
    with store.read() as connection:
        record = read_line(connection, identity)
        rows = line_results(connection, record["code"], store.crs)
    name = f"{record['name']}{record['section'] or ''}"
    if kind_asked() == "docx":
        return download(results_docx(name, rows, datetime.now(UTC)), DOCX, f"{name}界桩成果表.docx")
    if kind_asked() == "xlsx":
        return download(results_xlsx(rows), XLSX, f"{name}界桩成果表.xlsx")
    return json_response({"name": name, "markers": [dict(row.values) for row in rows]})


@blueprint.get("/lines/<int:identity>/inspection-template.xlsx")
def template(identity: int) -> Response:
    """A workbook to fill in along a line, its markers' numbers in it."""
    query(())
    with current_store().read() as connection:
        name, content = inspection_template(connection, identity)
    return download(content, XLSX, f"{name}检查记录.xlsx")


def kind_asked() -> str:
    """The format that this request's address ends in."""
    return request.path.rsplit(".", 1)[-1]


@blueprint.put("/lines/<int:identity>/sections")
def put_sections(identity: int) -> Response:
    """Put a line's sections in the place of those it had."""
    query(())
    fields = body(("version", "sections"))
    sections = [_section(one) for one in fields.records("sections")]
    version = set_sections(current_store(), current_actor(), identity, fields.version(), sections)
    return json_response({"id": identity, "version": version, "sections": len(sections)})


def _section(values: Mapping[str, Any]) -> Section:
    unknown = sorted(set(values) - set(_SECTION_FIELDS))
    if unknown:
        raise InvalidValue(
            unknown[0], values[unknown[0]], "a section has no such field",
            f"it has {', '.join(_SECTION_FIELDS)}", f"界线段没有字段“{unknown[0]}”",
        )  # fmt: skip
    fields = Fields(values)
    texts = {name: fields.text(name) for name in _SECTION_FIELDS if name != "length_m"}
    named = {name: text for name, text in texts.items() if text is not None}
    return Section(**({"kind": ""} | named), length_m=fields.number("length_m"))


@blueprint.post("/lines/<int:identity>/documents")
def add_document(identity: int) -> Response:
    """Keep a document of a line: fields, and the file as `file`."""
    query(())
    key = add_line_document(current_store(), current_actor(), identity, paper(body(_PAPER)))
    return created({"id": key}, f"documents/{key}")


def paper(fields: Fields) -> Paper:
    """The document that a request brings."""
    file = upload()
    return Paper(
        fields.required("kind"),
        fields.required("title"),
        fields.text("number"),
        fields.day("dated_on"),
        file.content if file else None,
        file.name if file else None,
    )


def created(document: Mapping[str, Any], path: str) -> Response:
    """The answer to a record that was made, with its address."""
    response = json_response(document, 201)
    response.headers["Location"] = f"{root()}{path}"
    return response


@blueprint.get("/documents/<int:identity>")
def document(identity: int) -> Response:
    """A document's bytes, for whoever has any role."""
    query(())
    current_actor().require_somewhere(tuple(Role), "read a document")
    with current_store().read() as connection:
        record = read_document(connection, identity)
        if record["sha256"] is None:
            raise NotFound(
                f"document {identity} is known by its number alone; no file was handed in",
                f"文件 {identity} 只登记了文号，没有电子件",
            )
        content = read_file(connection, record["sha256"])
    return download(content, record["media_type"], record["file_name"] or f"document-{identity}")


@blueprint.post("/lines/<int:identity>/safe-boundaries")
def add_agreement(identity: int) -> Response:
    """Keep a safe-boundary agreement (平安边界协议), with its file where there is one."""
    query(())
    days = ("signed_on", "valid_from", "valid_to")
    fields = body(("title", "level", "number", "remark", *days))
    values: dict[str, Any] = {name: fields.text(name) for name in ("title", "level", "remark")}
    values |= {name: fields.day(name) for name in days}
    file = upload()
    papers = []
    if file or fields.text("number"):
        papers.append(
            Paper(
                "safe_boundary_agreement",
                fields.required("title"),
                fields.text("number"),
                fields.day("signed_on"),
                file.content if file else None,
                file.name if file else None,
            )
        )
    key = add_safe_boundary(current_store(), current_actor(), identity, values, papers)
    return created({"id": key}, f"lines/{identity}")


@blueprint.post("/lines/<int:identity>/findings")
def add_line_finding(identity: int) -> Response:
    """Record what was found on a line; its agreed geometry stays."""
    query(())
    fields = body(("kind", "text", "section_ordinal", "feature_state", "found_on", "found_by"))
    values = {
        "section_ordinal": fields.whole("section_ordinal"),
        "feature_state": fields.text("feature_state"),
        "found_on": fields.day("found_on") or today(),
        "found_by": fields.text("found_by"),
    }
    kind, text = fields.required("kind"), fields.required("text")
    key = add_finding(current_store(), current_actor(), identity, kind, text, values)
    return created({"id": key}, f"lines/{identity}")


@blueprint.post("/findings/<int:identity>/settle")
def settle(identity: int) -> Response:
    """Close a finding with what was done about it."""
    query(())
    fields = body(("settlement", "settled_on"))
    day = fields.day("settled_on") or today()
    settle_finding(current_store(), current_actor(), identity, fields.required("settlement"), day)
    return json_response({"id": identity, "state": "settled"})
