"""A region's boundaries at scale: a line's page, and judging every marker again.

    python -m bench.boundaries [FOLDER [MARKERS]]

2,000 lines, 30,000 markers (or as many as are asked for), 500,000 inspections, 100,000 records of
photographs, made up; the store is kept in FOLDER, where it is named, and used again.
"""

import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import select

from boundary.lines import line_page
from boundary.marker_tables import photo
from boundary.status.rejudging import judge_all
from boundary.tables import inspection, line, marker, submission, witness_object
from data.geometry import point_wkb, to_wkb
from data.store import Store, create_store, open_store
from data.stored_files import keep_file

LINES, MARKERS, INSPECTIONS, PHOTOS = 2_000, 30_000, 500_000, 100_000
VERTICES = 400
MOVED = 0.01
TODAY = date(2026, 11, 23)
_FIRST = date(2006, 5, 1)
_PARTIES = tuple([f"15{number:04d}" for number in range(100)])


def build(
    store: Store,
    *,
    parties: Sequence[str] = _PARTIES,
    markers: int = MARKERS,
    inspections: int = INSPECTIONS,
    photos: int = PHOTOS,
) -> None:
    """Fill a store that has no lines; each lies between two of the parties."""
    chance = random.Random(5)
    with store.write("bench", "made up for a benchmark") as transaction:
        transaction.insert_many(line, _lines(chance, parties))
        transaction.insert_many(marker, _markers(chance, parties, markers))
        transaction.insert_many(
            witness_object,
            (
                {"marker_id": one, "ordinal": k, "name": "树", "azimuth_deg": 120.0 * k}
                | {"azimuth_kind": "grid", "distance_m": 20.0 + k}
                for one in range(1, markers + 1)
                for k in (1, 2, 3)
            ),
        )
        # A marker has each photograph once, so a few files stand for all.
        files = [keep_file(transaction, b"made up %d" % k) for k in range(-(-photos // markers))]
        sha256 = files[0]
        sent = {"sha256": sha256, "file_name": "a.csv", "sent_by": "bench", "state": "committed"}
        key = transaction.insert(submission, sent | {"received_at": transaction.at})
        transaction.insert_many(inspection, _inspections(chance, key, markers, inspections))
        transaction.insert_many(photo, _photos(files, transaction.at, markers, photos))


def _lines(chance: random.Random, parties: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number in range(LINES):
        west, south = 98 + number % 50 * 0.5, 38 + number // 50 * 0.3
        points = [
            (west + 0.45 * k / VERTICES, south + chance.uniform(0.1, 0.11)) for k in range(VERTICES)
        ]
        yield {
            "code": f"{1000 + number}", "name": f"线{number}", "level": "county",
            "party_a": parties[number % len(parties)],
            "party_b": parties[(number + 1) % len(parties)],
            "length_m": 40_000.0, "length_basis": "agreed", "synthetic": True,
            "geom": to_wkb(shapely.MultiLineString([points])),
        }  # fmt: skip


def _markers(chance: random.Random, parties: Sequence[str], count: int) -> Iterator[dict[str, Any]]:
    per_line = count // LINES
    for number in range(count):
        owner, place = divmod(number, per_line)
        west, south = 98 + owner % 50 * 0.5, 38 + owner // 50 * 0.3
        yield {
            "marker_no": f"{1000 + owner}{place + 1:03d}Q", "line_code": f"{1000 + owner}",
            "line_name": f"线{owner}", "sequence": place + 1, "kind": "Q", "faces": 2,
            "sigma_m": 0.05, "tolerance_m": 0.2, "level": "county", "synthetic": True,
            "managing_party": parties[owner % len(parties)],
            "geom": point_wkb(west + 0.45 * place / per_line, south + chance.uniform(0.1, 0.11)),
        }  # fmt: skip


def _inspections(
    chance: random.Random, key: int, markers: int, count: int
) -> Iterator[dict[str, Any]]:
    conditions = ["intact"] * 90 + ["damaged", "inscription_unclear", "not_found", "unreachable"]
    for number in range(count):
        moved = chance.random() < MOVED
        distance = chance.uniform(0.5, 3.0) if moved else abs(chance.gauss(0, 0.05))
        day = _FIRST + timedelta(days=chance.randrange(7_300))
        yield {
            "submission_id": key, "row": number, "marker_id": number % markers + 1,
            "marker_no": "x", "observed_on": day, "surveyor": chance.choice("甲乙"),
            "method": "网络RTK", "grade": "survey", "ties": 0,
            "condition": chance.choice(conditions),
            "verdict": "displaced" if moved else "in_place", "east_m": distance, "north_m": 0.0,
            "distance_m": distance, "bearing_deg": 90.0, "sigma_m": 0.056, "tolerance_m": 0.2,
            "mdd_m": 0.21, "raw": "{}", "synthetic": True,
        }  # fmt: skip


def _photos(files: list[str], at: str, markers: int, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        round_, owner = divmod(number, markers)
        yield {
            "marker_id": owner + 1, "sha256": files[round_], "public_sha256": files[round_],
            "file_name": hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest(),
            "added_at": at,
        }  # fmt: skip


def measure(store: Store) -> None:
    """Time what the page of a line needs, and judging the whole region again."""
    chance = random.Random(7)
    taken = []
    with store.read() as connection:
        for one in [chance.randint(1, LINES) for _ in range(200)]:
            start = time.perf_counter()
            line_page(connection, one, store.crs, TODAY)
            taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    print(f"line page        p50 {statistics.median(taken):.1f} ms  p95 {taken[190]:.1f} ms")
    for title in ("judge --all", "judge --all, nothing new"):
        start, cpu = time.perf_counter(), time.process_time()
        found = judge_all(store, "bench", today=TODAY)
        print(
            f"{title:24} {time.perf_counter() - start:.1f} s"
            f" (processor {time.process_time() - cpu:.1f} s): {found.markers} markers,"
            f" {found.inspections} inspections, {len(found.changed)} changed,"
            f" {len(found.ordered)} orders opened"
        )


def main() -> None:
    """Build, or open what was built, and measure."""
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)
        path = folder / "boundaries.gpkg"
        if not path.exists():
            start = time.perf_counter()
            with create_store(str(path)) as store:
                build(store, markers=int(sys.argv[2]) if len(sys.argv) > 2 else MARKERS)  # noqa: PLR2004
            print(f"built in {time.perf_counter() - start:.0f} s", flush=True)
        with open_store(str(path)) as store:
            with store.read() as connection:
                assert connection.scalar(select(line.c.id).limit(1))  # noqa: S101 - a benchmark
            measure(store)
            print(datetime.now(UTC).isoformat(timespec="seconds"))


if __name__ == "__main__":
    main()
