"""Write the sample region into a new store, with its inspection files and licences beside it."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from boundary.marker_tables import marker_line
from boundary.tables import line, marker, witness_object
from data.geometry import to_wkb
from data.progress import Report as Progress
from data.sample import Sample, build_sample, write_inspection_files
from data.store import Store, create_store
from data.transaction import Transaction
from gazetteer.divisions import load_past
from gazetteer.following import make_countable, make_searchable
from gazetteer.tables import division, place, place_name

_ACTOR = "ovoo sample"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: records by kind, licence lines, and where the inspection files are."""

    counts: Mapping[str, int]
    licences: tuple[str, ...]
    folder: Path


def write_sample(url: str, seed: int, folder: Path, progress: Progress | None = None) -> Written:
    """Build the sample region in a store that does not exist yet.

    A file grows under another name and takes its own when it is whole, so that a build that was
    stopped leaves no half store behind.

    Args:
        url: the new store's address.
        seed: what the synthetic part grows from.
        folder: where the inspection files and the licence file go.
        progress: told of each step: its name, how much is done, of how much.

    Raises:
        InvalidValue: a store is there already.
        DataError: the packages of the sample are not installed.
    """
    sample = build_sample(seed, progress)
    embedded = "://" not in url
    target = url + _UNFINISHED if embedded else url
    if embedded:
        _remove_remains(target)
        if Path(url).exists():
            create_store(url)  # refuses with the sentence for it
    with create_store(target) as store:
        counts = _fill(store, sample, progress)
    if embedded:
        os.replace(target, url)  # noqa: PTH105 - both are plain file names here
        _remove_remains(target)
    folder.mkdir(parents=True, exist_ok=True)
    write_inspection_files(sample, folder, seed)
    (folder / "LICENCES.txt").write_text("\n".join(sample.licences) + "\n", encoding="utf-8")
    return Written(counts, sample.licences, folder)


def _remove_remains(target: str) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(target + ending).unlink(missing_ok=True)


def _fill(store: Store, sample: Sample, progress: Progress | None) -> dict[str, int]:
    with store.write(_ACTOR, "build the sample region") as transaction:
        counts = {"divisions": len(_insert(transaction, division, sample.divisions))}
        place_ids = _insert(transaction, place, sample.places, leave={"id"})
        names = _point_at(_rows(sample.place_names), "place_id", sample.places, place_ids)
        counts["places"] = len(place_ids)
        counts["names"] = len(transaction.insert_many(place_name, names))
        counts["lines"] = len(_insert(transaction, line, sample.lines))
        marker_ids = _insert(transaction, marker, sample.markers, leave={"id"})
        witnesses = _point_at(
            _rows(sample.witness_objects), "marker_id", sample.markers, marker_ids
        )
        meeting = _point_at(_rows(sample.marker_lines), "marker_id", sample.markers, marker_ids)
        transaction.insert_many(marker_line, meeting)
        counts["markers (synthetic)"] = len(marker_ids)
        counts["witness objects (synthetic)"] = len(
            transaction.insert_many(witness_object, witnesses)
        )
        counts["past events of divisions"] = load_past(transaction).events
        if progress:
            progress("text index", 1, 2)
    make_searchable(store)
    make_countable(store)
    if progress:
        progress("done", 2, 2)
    return counts


def _insert(
    transaction: Transaction,
    table: Any,
    records: Iterable[Any],
    leave: frozenset[str] | set[str] = frozenset(),
) -> range:
    rows = _rows(records)
    kept = ({name: value for name, value in row.items() if name not in leave} for row in rows)
    return transaction.insert_many(table, kept)


def _rows(records: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for record in records:
        row = {field.name: getattr(record, field.name) for field in fields(record)}
        if "geom" in row:
            row["geom"] = to_wkb(row["geom"])
        yield row


def _point_at(
    rows: Iterable[dict[str, Any]], field: str, records: Iterable[Any], ids: range
) -> Iterator[dict[str, Any]]:
    """Rows whose `field` names a record of the sample, with the id it has in the store."""
    known = {record.id: identity for record, identity in zip(records, ids, strict=True)}
    return ({**row, field: known[row[field]]} for row in rows)
