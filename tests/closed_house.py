"""A house where people sign in: a record of every kind in the upper league, readers of all roles.

The marker's position has digits that occur nowhere else, so that an answer that tells it is found.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import region
import shapely
from flask import Flask
from PIL import Image

from boundary.evidence_tables import inspection_evidence
from boundary.line_tables import boundary_document, line_finding, line_section, safe_boundary
from boundary.marker_tables import marker_version, photo
from boundary.repair_tables import repair_order
from boundary.round_tables import joint_round, round_line
from boundary.tables import inspection, line, marker, submission, submission_report, witness_object
from data import Actor, Grant, Role, Store
from data.accounts import issue_token, open_account
from data.formats.writing import FORMATS
from data.geometry import point_wkb, to_wkb
from data.stored_files import keep_file
from gazetteer.approvals.tables import approval, expert
from gazetteer.divisions.tables import division_event
from gazetteer.heritage.tables import heritage
from gazetteer.identifiers.tables import identifier
from gazetteer.signs.tables import sign, sign_repair, sign_submission, sign_submission_report
from web.api import exports
from web.app import create_app
from web.catalogue import COLLECTIONS
from web.rights import rights
from web.settings import ACCOUNTS, Settings

OWN, OTHER = "990100", "990200"
LON, LAT = 112.0123457, 41.2198763
DIGITS = ("0123457", "2198763")
"""The decimals of the marker's degrees."""
TILE = 6129, 13289
"""Row and column of the marker's tile of level 14 in WebMercatorQuad."""
TIE_M, HEIGHT_M = 37.4159, 1234.5678
ROOT = Actor.operator("root")
ROLES = tuple(role.value for role in Role)
READERS = (
    "anonymous",
    *(f"{role}@{place}" for role in ROLES for place in ("own", "other")),
    "administrator",
)
"""Nobody; each role in the division of the records and in another; who administers everything."""


def furnish(store: Store) -> dict[str, int]:
    """Fill a store with the drawn region and one record of every kind; their ids by table."""
    region.fill(store)
    with store.write("tests", "furnish the house") as transaction:

        def add(table: Any, **values: Any) -> int:
            ids[table.name] = transaction.insert(table, values)
            return ids[table.name]

        ids: dict[str, int] = {"division": 4, "place": 1}
        today = date(2026, 5, 3)
        shape = shapely.MultiLineString([[(112.0, 41.0), (LON, LAT), (112.05, 41.9)]])
        add(line, name="曲线", code="9902", level="county", party_a="990101", party_b="990102",
            geom=to_wkb(shape), start_point=f"{LON}, {LAT}")  # fmt: skip
        add(line_section, line_id=ids["line"], ordinal=1, kind="land", state="agreed",
            from_marker="a", to_marker="b", course=f"自东经{LON}北纬{LAT}起")  # fmt: skip
        add(line_finding, line_id=ids["line"], kind="other", text=f"{LON}", state="open")
        add(safe_boundary, line_id=ids["line"], title="平安边界协议")
        add(marker, marker_no="9902006Q", line_code="9902", line_name="曲线", kind="Q", faces=2,
            tolerance_m=0.2, sigma_m=0.05, coordinate_text=f"{LON} {LAT}", crs_text="CGCS2000",
            geom=point_wkb(LON, LAT), level="county", height_m=HEIGHT_M,
            position_description=f"{LON}", remark=f"{LAT}", status="normal")  # fmt: skip
        add(witness_object, marker_id=ids["marker"], ordinal=1, name="井", azimuth_deg=12.5,
            azimuth_kind="grid", distance_m=TIE_M)  # fmt: skip
        add(marker_version, marker_id=ids["marker"], kind="set_up", happened_on=today)
        paper = keep_file(transaction, b"%PDF-1.4 a paper")
        add(boundary_document, owner="line", owner_id=ids["line"], kind="agreement", title="协议",
            sha256=paper, file_name="a.pdf", media_type="application/pdf")  # fmt: skip
        report = _report(ids["marker"])
        plain = '{"row_count": 1, "results": [], "faults": []}'
        for files, reports, said in (
            (submission, submission_report, report),
            (sign_submission, sign_submission_report, plain),
        ):
            identity = add(
                files, sha256=keep_file(transaction, _visit(files.name)), file_name="a.csv",
                sent_by="somebody (127.0.0.1)", received_at="2026-05-03", state="committed",
                report_sha256=hashlib.sha256(said.encode()).hexdigest(),
            )  # fmt: skip
            transaction.connection.execute(
                reports.insert().values(submission_id=identity, json=said)
            )
        add(inspection, submission_id=ids["submission"], row=1, marker_id=ids["marker"],
            marker_no="9902006Q", observed_on=today, verdict="in_place", condition="intact",
            raw=f"{LON}", reason_zh=f"{LON}", reason_en=f"{LAT}", east_m=0.1, north_m=0.1,
            geom=point_wkb(LON, LAT))  # fmt: skip
        transaction.connection.execute(
            inspection_evidence.insert().values(
                inspection_id=ids["inspection"], marker_id=ids["marker"], observed_on=today
            )
        )
        picture = keep_file(transaction, _jpeg())
        add(photo, marker_id=ids["marker"], sha256=picture, public_sha256=picture,
            file_name="a.jpg", taken_lon=LON, taken_lat=LAT, added_at="2026-05-03")  # fmt: skip
        add(repair_order, marker_id=ids["marker"], marker_no="9902006Q", reason="damaged",
            severity=2, state="open", opened_on=today, managing_party="990101",
            parties="990101|990102")  # fmt: skip
        add(joint_round, name="联检", kind="regular", state="planned", due_on=today,
            route=str(ids["marker"]))  # fmt: skip
        add(round_line, round_id=ids["joint_round"], line_id=ids["line"])
        add(division_event, digest="d", kind="renamed", effective_on=today, dated_by="decision")
        add(identifier, scheme="local", value="X1", place_id=1)
        add(expert, name="张三", fields="language", division_code="990101")
        add(approval, kind="naming", name_class="natural", category_code="22200", name="新山",
            division_code="990101", applicant="甲", reasons="乙", authority="a",
            approving_body="丙", approving_code="990100", announcing_body="丙",
            announcing_code="990100", announcement_clock="announce", state="applied",
            applied_on=today)  # fmt: skip
        add(heritage, place_id=1, name="白音敖包", division_code="990101", list_level="region",
            category="town", state="nominated", first_record="志", first_record_source="志",
            geom=point_wkb(111.25, 41.25))  # fmt: skip
        add(
            sign, sign_no="S1", name="白音敖包", division_code="990101", geom=point_wkb(111.3, 41.3)
        )
        add(sign_repair, sign_id=ids["sign"], sign_no="S1", division_code="990101",
            condition="damaged", state="open", opened_on=today, due_on=today)  # fmt: skip
    return ids


def _visit(name: str) -> bytes:
    """A file of one row, with a position."""
    return f"{name},lon,lat\n1,{LON},{LAT}\n".encode()


def _report(marker_id: int) -> str:
    """A report as the service keeps it, of one row about the marker."""
    row = dict.fromkeys(
        ("east_m", "north_m", "distance_m", "remaining_east_m", "remaining_north_m", "remaining_m"),
        0.01,
    ) | {"row": 1, "marker_id": marker_id, "marker_no": "9902006Q", "match": "number"}
    row |= {"condition": "intact", "verdict": "in_place", "registered": [LON, LAT]}
    row |= {"observed": [LON, LAT], "predicted_east_m": None, "predicted_north_m": None}
    row |= {"sigma_m": 0.05, "tolerance_m": 0.2, "ellipse": None, "cause": "", "synthetic": True}
    row |= {"zh": f"{LON} {LAT}", "en": f"{LON} {LAT}", "proposal": None, "grade": "survey"}
    lists = {name: [] for name in ("faults", "findings", "notes", "corrections")}
    return json.dumps({"row_count": 1, "summary": {"in_place": 1}, "results": [row], **lists})


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(file, "JPEG")
    return file.getvalue()


def open_house(store: Store) -> tuple[Flask, Mapping[str, Mapping[str, str]]]:
    """The application, and what each reader sends with a request to be known."""
    places = {"own": OWN, "other": OTHER}
    known: dict[str, dict[str, str]] = {"anonymous": {}}
    for name in READERS[1:]:
        role, _, place = name.partition("@")
        account = name.replace("@", "-")
        grant = Grant(Role(role), places[place] if place else None)
        open_account(store, ROOT, account, [grant], datetime.now(UTC))
        token = issue_token(
            store, account, "test", tuple(Role), timedelta(days=1), datetime.now(UTC)
        )
        known[name] = {"Authorization": f"Bearer {token}"}
    app = create_app(store, Settings(access=ACCOUNTS))
    app.testing = True
    return app, known


def address(route: str, ids: Mapping[str, int], record: str, collection: str = "markers") -> str:
    """A route with values in the place of its variables."""
    own = {"markers": "marker", "lines": "line", "inspections": "inspection"}
    if route.startswith("/account"):  # nobody's: the readers themselves stay as they are
        ids = {}
    if route.startswith(("/atlas", "/books")):
        ids = {"division": int(OWN)}  # a division's code, not its id
    table = own.get(collection, collection.rstrip("s")) if record == "collection" else record
    filled = {
        "<int:identity>": str(ids.get(table, 1 if ids else 987654)),
        "<identity>": str(ids.get(table, 1)),
        "<name>": collection,
        "<document>": "application",
        "<int:paper>": "1",
        "<int:picture>": "1",
        "<code>": "990101",
        "<value>": "X1",
        "<secret>": "x",
        "<int:number>": "1",
        "<grid>": "WebMercatorQuad",
        "<level>": "14",
        "<row>": str(TILE[0]),
        "<column>": str(TILE[1]),
        "<path:filename>": "site.css",
    }
    for variable, value in filled.items():
        route = route.replace(variable, value)
    return route


def told(content: bytes, secrets: Iterable[bytes]) -> list[bytes]:
    """Which secrets stand in some bytes, also inside of archives."""
    import zipfile

    found = [secret for secret in secrets if secret in content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                found += told(archive.read(name), secrets)
    return found


def every_address(ids: Mapping[str, int]) -> list[str]:
    """Every GET address, each collection's in every format, reference system and filter."""
    paths = [
        address(right.route, ids, right.record, name)
        for right in rights().values()
        if right.method == "GET" and right.route != "/static/<path:filename>"
        for name in (COLLECTIONS if "<name>" in right.route else ["markers"])
    ]
    box = f"{LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}"
    for name in ("markers", "lines", "inspections"):
        items, item = f"/collections/{name}/items", f"/collections/{name}/items/{ids[name[:-1]]}"
        paths += [f"{items}?f=html", f"{item}?f=html", f"{items}?bbox={box}"]
        paths += [f"{items}?f={one}" for one in exports.page_formats(COLLECTIONS[name])]
        paths += [f"{items}?crs=http://www.opengis.net/def/crs/EPSG/0/{code}"
                  for code in (4490, 4326, 3857, 4512)]  # fmt: skip
        paths += [f"{items}?filter=S_INTERSECTS(geom,BBOX({box}))", f"{items}?sortby=-id"]
        paths += [f"/collections/{name}/export?f={one}" for one in FORMATS]
    paths += [
        f"/where?lon={LON:.3f}&lat={LAT:.3f}",
        "/search?q=9902006Q",
        "/rounds/calendar?year=2026",
    ]
    paths += [f"/markers/{ids['marker']}?f=html", f"/lines/{ids['line']}?f=html"]
    return paths
