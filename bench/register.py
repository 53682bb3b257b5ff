"""A whole register made up at scale, as an office of a region would have it after years of work.

12 leagues of 8 banners of 10 townships; 300,000 names, 20,000 applications, 50,000 signs, and what
goes with them. Drawn once into an empty GeoPackage; the same each time.
"""

import csv
import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import shapely

from bench import boundaries
from bench.names import EAST, NORTH, SOUTH, WEST, made_names
from bench.servers import ROOT
from boundary.line_tables import boundary_document, line_finding
from boundary.repair_tables import repair_order
from boundary.round_tables import joint_round, round_line
from boundary.sensor_tables import sensor_alarm
from boundary.tables import submission
from data import Store, create_store, open_store
from data.geometry import point_wkb, to_wkb
from data.stored_files import keep_file
from data.transaction import Transaction
from gazetteer import make_searchable
from gazetteer.approvals.tables import approval, approval_opinion, approval_step, expert
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.heritage.tables import heritage
from gazetteer.identifiers.tables import identifier
from gazetteer.indicators.tables import publication
from gazetteer.problem_reports.tables import problem_report
from gazetteer.signs.tables import sign, sign_inspection, sign_repair, sign_submission
from gazetteer.tables import division

NAMES: Final = 300_000
APPLICATIONS: Final = 20_000
SIGNS: Final = 50_000
LEAGUES, BANNERS, TOWNSHIPS = 12, 8, 10
HERITAGE, EXPERTS, REPORTS, IDENTIFIERS, PUBLICATIONS = 5_000, 2_000, 10_000, 20_000, 2_000
SIGN_ORDERS, ORDERS, ROUNDS, FILES, FINDINGS, ALARMS, EVENTS = (
    8_000, 8_000, 1_000, 3_000, 5_000, 3_000, 1_000
)  # fmt: skip
_MADE_UP: Final = "made up for a benchmark"
_SIZED: Final = {"synthetic": True}


def draw(path: Path, today: date) -> None:
    """Draw the register into a new GeoPackage at a path."""
    with create_store(str(path)) as store, store.write("bench", _MADE_UP) as transaction:
        transaction.insert_many(division, _divisions())
    table = path.with_suffix(".csv")
    _write_names(table)
    command = [sys.executable, "-m", "ovoo", "load", "names", str(table), "--store", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    table.unlink()
    with open_store(str(path)) as store:
        boundaries.build(store, parties=banner_codes(), inspections=60_000, photos=30_000)
        with store.write("bench", _MADE_UP) as transaction:
            _names_at_work(transaction, random.Random(3), today)
            _signs_at_work(transaction, random.Random(4), today)
            _boundaries_at_work(transaction, random.Random(5), today)
        make_searchable(store)


def banner_codes() -> list[str]:
    """The codes of all banners."""
    return [_banner(column, row) for column in range(LEAGUES) for row in range(BANNERS)]


def _banner(column: int, row: int) -> str:
    return f"15{column + 1:02d}{row + 1:02d}"


def _cell(column: int, row: int) -> tuple[float, float, float, float]:
    wide, high = (EAST - WEST) / LEAGUES, (NORTH - SOUTH) / BANNERS
    west, south = WEST + column * wide, SOUTH + row * high
    return west, south, west + wide, south + high


def _code_at(lon: float, lat: float) -> str:
    column = int((lon - WEST) / (EAST - WEST) * LEAGUES)
    row = int((lat - SOUTH) / (NORTH - SOUTH) * BANNERS)
    return _banner(min(column, LEAGUES - 1), min(row, BANNERS - 1))


def _divisions() -> Iterator[dict[str, Any]]:
    common = {"in_region": True, "source": _MADE_UP, **_SIZED}
    yield (
        common
        | {"code": "150000", "name": "试验区", "level": "region"}
        | _box(WEST, SOUTH, EAST, NORTH)
    )
    for column in range(LEAGUES):
        code = f"15{column + 1:02d}00"
        west, _, east, _ = _cell(column, 0)
        league = {"code": code, "name": f"第{column + 1}盟", "level": "prefecture"}
        yield common | league | {"parent_code": "150000"} | _box(west, SOUTH, east, NORTH)
    for column in range(LEAGUES):
        for row in range(BANNERS):
            code = _banner(column, row)
            named = {"code": code, "name": f"第{column + 1}盟{row + 1}旗", "level": "county"}
            above = {"parent_code": f"{code[:4]}00"}
            yield common | named | above | _box(*_cell(column, row))
            for number in range(TOWNSHIPS):
                below = {"code": f"{code}{number + 100}", "name": f"{column}{row}{number}苏木"}
                yield common | below | {"level": "township", "parent_code": code}


def _box(west: float, south: float, east: float, north: float) -> dict[str, bytes]:
    return {"geom": to_wkb(shapely.MultiPolygon([shapely.box(west, south, east, north)]))}


def _write_names(table: Path) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in made_names(NAMES):
            row["行政区划代码"] = _code_at(float(row["经度"]), float(row["纬度"]))
            if writer is None:
                writer = csv.DictWriter(file, row)
                writer.writeheader()
            writer.writerow(row)


def _names_at_work(transaction: Transaction, chance: random.Random, today: date) -> None:
    codes = banner_codes()
    transaction.insert_many(approval, _applications(chance, codes, today))
    transaction.insert_many(approval_step, _steps(chance, today))
    transaction.insert_many(expert, _experts(chance, codes))
    transaction.insert_many(approval_opinion, _opinions(chance, today))
    transaction.insert_many(heritage, _heritage(chance))
    transaction.insert_many(problem_report, _reports(chance, codes, today))
    transaction.insert_many(identifier, _identifiers())
    transaction.insert_many(publication, _publications(chance, codes, today))
    transaction.insert_many(division_event, _events(chance, today))
    transaction.insert_many(division_event_line, _event_lines(chance, codes))


_STATES: Final = (
    ("applied", 10), ("returned", 5), ("accepted", 10), ("approved", 20), ("refused", 5),
    ("withdrawn", 5), ("closed", 45),
)  # fmt: skip


def _applications(chance: random.Random, codes: list[str], today: date) -> Iterator[dict[str, Any]]:
    states, weights = zip(*_STATES, strict=True)
    for number in range(APPLICATIONS):
        state, code = chance.choices(states, weights)[0], chance.choice(codes)
        decided = today - timedelta(days=chance.randint(0, 40))
        done, open_ = state == "closed", state == "approved"
        yield {
            "kind": chance.choices(("naming", "renaming", "ending"), (7, 2, 1))[0],
            "name_class": chance.choice(("street", "residential", "building", "transport")),
            "category_code": "2351", "name": f"第{number}路", "division_code": code,
            "applicant": _MADE_UP, "reasons": _MADE_UP, "authority": "street",
            "approving_body": "made up", "approving_code": code, "filing_body": "made up",
            "filing_code": f"{code[:4]}00", "announcing_body": "made up", "announcing_code": code,
            "filing_clock": "filing", "announcement_clock": "announcement-of-approval",
            "state": state, "applied_on": decided - timedelta(days=30),
            "filing_state": "due" if open_ else "filed" if done else None,
            "announcement_state": "due" if open_ else "announced" if done else None,
            "decided_on": decided if open_ or done else None,
            "due_on": decided + timedelta(days=15) if open_ else None, **_SIZED,
        }  # fmt: skip


def _steps(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    for number in range(1, APPLICATIONS + 1):
        for step, state in (("apply", "applied"), ("accept", "accepted")):
            yield {
                "approval_id": number, "step": step, "state": state, "at": today.isoformat(),
                "taken_by": chance.choice(("editor", "approver", "somebody")), "taken_on": today,
            }  # fmt: skip


def _experts(chance: random.Random, codes: list[str]) -> Iterator[dict[str, Any]]:
    fields = ("history", "geography", "linguistics", "mongolian", "law", "surveying")
    for number in range(EXPERTS):
        yield {
            "name": f"（专家{number}）", "fields": "|".join(chance.sample(fields, 2)),
            "division_code": chance.choice([*codes, None]), "retired": number % 20 == 0,
        }  # fmt: skip


def _opinions(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    for number in range(1, APPLICATIONS, 4):
        for ordinal, one in enumerate(chance.sample(range(1, EXPERTS + 1), 3), 1):
            yield {
                "approval_id": number, "expert_id": one, "invited_on": today, "ordinal": ordinal,
                "invited_by": "approver", "state": "invited",
            }  # fmt: skip


def _heritage(chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, HERITAGE + 1):
        lon, lat = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        yield {
            "place_id": number, "name": f"第{number}街", "division_code": _code_at(lon, lat),
            "list_level": chance.choice(("national", "region", "league", "banner")),
            "batch": f"第{chance.randint(1, 9)}批",
            "category": chance.choice(("street", "village", "landscape", "minority")),
            "state": chance.choices(("listed", "candidate", "removed"), (8, 2, 1))[0],
            "first_record": "志", "first_record_source": "志书", "first_record_year": 1700,
            "geom": point_wkb(lon, lat), **_SIZED,
        }  # fmt: skip


def _reports(chance: random.Random, codes: list[str], today: date) -> Iterator[dict[str, Any]]:
    states = ("received", "in_work", "settled", "dismissed")
    for number in range(REPORTS):
        yield {
            "code_hash": hashlib.sha256(b"%d" % number).hexdigest(),
            "kind": chance.choice(("sign_wrong", "marker_damaged", "name_misused", "other")),
            "told": _MADE_UP, "division_code": chance.choice(codes),
            "received_on": today - timedelta(days=chance.randint(0, 900)),
            "state": chance.choices(states, (2, 1, 6, 1))[0],
        }  # fmt: skip


def _identifiers() -> Iterator[dict[str, Any]]:
    for number in range(1, IDENTIFIERS + 1):
        yield {"scheme": "heritage_no", "value": f"HN-{number}", "place_id": number}


def _publications(chance: random.Random, codes: list[str], today: date) -> Iterator[dict[str, Any]]:
    for number in range(PUBLICATIONS):
        yield {
            "division_code": chance.choice(codes), "title": f"第{number}册",
            "kind": chance.choice(("chronicle", "name_list", "protection_list", "atlas")),
            "published_on": today - timedelta(days=chance.randint(0, 9_000)),
        }  # fmt: skip


def _events(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    for number in range(EVENTS):
        day = today - timedelta(days=chance.randint(0, 15_000))
        yield {
            "digest": f"{number:064d}", "kind": chance.choice(("renamed", "recoded", "merged")),
            "effective_on": day, "approved_on": day, "dated_by": "document",
            "completed_on": day if number % 9 else None,
            "codes_published_on": day if number % 7 else None,
        }  # fmt: skip


def _event_lines(chance: random.Random, codes: list[str]) -> Iterator[dict[str, Any]]:
    for number in range(1, EVENTS + 1):
        for place in range(3):
            code = chance.choice(codes)
            yield {
                "event_id": number, "number": place + 1, "kind": "renamed", "old_code": code,
                "old_name": "旧", "new_code": code, "new_name": "新",
            }  # fmt: skip


def _signs_at_work(transaction: Transaction, chance: random.Random, today: date) -> None:
    transaction.insert_many(sign, _signs(chance, today))
    transaction.insert_many(sign_submission, _files(transaction, b"sign file %d", FILES // 3))
    transaction.insert_many(
        sign_inspection,
        (
            {"submission_id": 1 + n % (FILES // 3), "row": n, "sign_id": 1 + n, "raw": "{}"}
            | {"condition": "damaged", "observed_on": today}
            for n in range(SIGN_ORDERS)
        ),
    )
    transaction.insert_many(sign_repair, _sign_orders(chance, today))


def _signs(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    for number in range(SIGNS):
        lon, lat = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        yield {
            "sign_no": f"S{number:06d}", "name": f"第{number}牌", "place_id": 1 + number,
            "kind": chance.choice(("street", "village", "natural", "door")),
            "division_code": _code_at(lon, lat), "text_han": f"第{number}牌",
            "text_state": chance.choices(("right", "wrong", "doubt", "unknown"), (8, 1, 1, 2))[0],
            "condition": chance.choice(("intact", "missing", "damaged")),
            "inspected_on": today - timedelta(days=chance.randint(0, 2_000)),
            "geom": point_wkb(lon, lat), **_SIZED,
        }  # fmt: skip


def _sign_orders(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    codes = banner_codes()
    for number in range(1, SIGN_ORDERS + 1):
        opened = today - timedelta(days=chance.randint(0, 120))
        yield {
            "sign_id": number, "inspection_id": number, "sign_no": f"S{number - 1:06d}",
            "division_code": chance.choice(codes), "condition": "damaged",
            "state": chance.choices(("open", "done", "cancelled"), (5, 4, 1))[0],
            "opened_on": opened, "due_on": opened + timedelta(days=30),
        }  # fmt: skip


def _files(transaction: Transaction, content: bytes, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "sha256": keep_file(transaction, content % number), "file_name": f"{number}.csv",
            "sent_by": "surveyor", "received_at": transaction.at,
            "state": "preview" if number % 5 == 0 else "committed",
        }  # fmt: skip


def _boundaries_at_work(transaction: Transaction, chance: random.Random, today: date) -> None:
    transaction.insert_many(submission, _files(transaction, b"marker file %d", FILES))
    transaction.insert_many(repair_order, _orders(chance, today))
    transaction.insert_many(joint_round, _rounds(chance, today))
    transaction.insert_many(
        round_line,
        (
            {"round_id": n, "line_id": one}
            for n in range(1, ROUNDS + 1)
            for one in chance.sample(range(1, boundaries.LINES + 1), 2)
        ),
    )
    transaction.insert_many(line_finding, _findings(chance, today))
    transaction.insert_many(
        boundary_document,
        (
            {"owner": "line", "owner_id": 1 + n % boundaries.LINES, "kind": "approval"}
            | {"title": f"第{n}号文件", "number": f"{n}", "dated_on": today}
            for n in range(10_000)
        ),
    )
    transaction.insert_many(
        sensor_alarm,
        (
            {"marker_id": 1 + n, "kind": chance.choice(("tilt", "moved", "battery", "offline"))}
            | {"raised_at": transaction.at, "cleared_at": None if n % 2 else transaction.at}
            for n in range(ALARMS)
        ),
    )


def _orders(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    codes = banner_codes()
    states = ("open", "assigned", "done", "closed", "cancelled")
    for number in range(1, ORDERS + 1):
        opened = today - timedelta(days=chance.randint(0, 400))
        yield {
            "marker_id": number, "marker_no": f"{number}Q", "severity": chance.randint(1, 9),
            "reason": chance.choice(("lost", "displaced", "damaged", "not_found")),
            "state": chance.choices(states, (3, 2, 1, 5, 1))[0], "opened_on": opened,
            "due_on": opened + timedelta(days=90), "managing_party": chance.choice(codes),
        }  # fmt: skip


def _rounds(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    states = ("planned", "field", "signed", "filed", "cancelled")
    for number in range(ROUNDS):
        day = today - timedelta(days=chance.randint(0, 7_000))
        state = chance.choices(states, (1, 1, 1, 7, 1))[0]
        yield {
            "name": f"第{number}次联检", "number": number, "kind": "regular", "state": state,
            "due_on": day, "completed_on": day if state in {"signed", "filed"} else None,
        }  # fmt: skip


def _findings(chance: random.Random, today: date) -> Iterator[dict[str, Any]]:
    for number in range(FINDINGS):
        yield {
            "line_id": 1 + number % boundaries.LINES, "kind": "other", "text": _MADE_UP,
            "state": chance.choice(("open", "settled")), "found_on": today,
        }  # fmt: skip


def sight(store: Store) -> dict[str, str]:
    """The readers that lists are asked for, by what they are: their tokens."""
    from datetime import UTC, datetime

    from data import Actor, Grant, Role
    from data.accounts import issue_token, open_account

    root, now = Actor.operator("bench"), datetime.now(UTC)
    tokens = {}
    for name, grant in {
        "viewer": Grant(Role.VIEWER, "150100"),
        "surveyor": Grant(Role.SURVEYOR, "150100"),
        "editor": Grant(Role.EDITOR, "150100"),
        "approver": Grant(Role.APPROVER, None),
        "administrator": Grant(Role.ADMINISTRATOR, None),
    }.items():
        open_account(store, root, name, [grant], now)
        tokens[name] = issue_token(store, name, "bench", tuple(Role), timedelta(days=2), now)
    return tokens
