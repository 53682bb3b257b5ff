"""From a file's rows to verdicts: read, matched, held against what the store knows.

A register can also be a file of its own; then nothing is known of earlier visits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from boundary.assessment import Assessment, AssessmentSettings, RegisteredMarker, Visit
from boundary.assessment.engine import Matched, judge_matched, match_rows
from boundary.diagnosis import DiagnosisRules
from boundary.diagnosis.findings import Proposal
from boundary.observations import ObservationRow
from boundary.past import read_campaign, read_experience, read_visits
from boundary.register import read_region, read_register
from data.coordinates import (
    DatumParameters,
    ReferenceSystem,
    operator_parameters,
)
from data.errors import Fault, FaultsFound
from data.formats import UPLOAD_LIMITS, Limits, Samples, column_uses, map_table, open_table
from data.received import fault_json

INSPECTION_LIMITS = replace(UPLOAD_LIMITS, max_rows=20_000)
"""A visit has some thousands of markers; the report of each row takes some kilobytes of memory."""

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Derived:
    """A row that takes another's part: a confirmed correction of it.

    `row` is the row as it came, `number` that of the row derived from it.
    """

    row: int
    number: int
    proposal: Proposal
    confirmed_by: str
    confirmed_on: date | None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the report says of it."""
        return {
            "row": self.row,
            "derived_row": self.number,
            **self.proposal.as_json(),
            "confirmed_by": self.confirmed_by,
            "confirmed_on": self.confirmed_on.isoformat() if self.confirmed_on else None,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file's rows as typed, by row number, and what the assessment says of them.

    `rows` holds derived rows under numbers of their own, beside the rows they are derived from.
    """

    rows: Mapping[int, Cells]
    assessment: Assessment
    notes: tuple[Fault, ...]
    corrections: tuple[Derived, ...] = ()
    columns: tuple[Mapping[str, Any], ...] = ()

    def report(self) -> dict[str, Any]:
        """The part of a submission's report that the file itself determines."""
        notes = [fault_json(note) for note in self.notes]
        corrections = [one.as_json() for one in self.corrections]
        return {
            **self.assessment.as_json(),
            "notes": notes,
            "corrections": corrections,
            "columns": list(self.columns),
        }


@dataclass(frozen=True, slots=True)
class FileRows:
    """A file as it was read: cells by row number, faults of cells, notes, the columns' names.

    `columns` says of each column what it was taken for (`data.formats.column_uses`).
    """

    rows: Mapping[int, Cells]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    column_of: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Mapping[str, Any], ...] = ()

    def derived(self, corrections: Sequence[Derived]) -> Mapping[int, Cells]:
        """The rows to judge: those with a correction give way to the row derived from them."""
        rows = dict(self.rows)
        for one in corrections:
            cells = rows.pop(one.row)
            rows[one.number] = {**cells, **{name: after for name, _, after in one.proposal.changes}}
        return rows


def read_rows(
    path: Path,
    file_name: str,
    limits: Limits = INSPECTION_LIMITS,
    overrides: Mapping[str, str] | None = None,
) -> FileRows:
    """Read an inspection file's rows by canonical field.

    Args:
        path: the file.
        file_name: its sender's name for it.
        limits: on size, rows, memory and time.
        overrides: columns that a person named: column → field (see `data.formats.map_columns`).

    Raises:
        InvalidFile: the file cannot be read.
        FaultsFound: its columns cannot be recognised; `beside` holds them as `columns`.
    """
    said = overrides or {}
    with open_table(path, limits=limits, file_name=file_name) as table:
        columns = map_table("inspections", table, said)
        samples = Samples.of(table)
        if columns.faults:
            samples.draw(table)
            raise FaultsFound(
                columns.faults, {"columns": column_uses(table, columns, samples, said)}
            )
        rows: dict[int, Cells] = {}
        faults: list[Fault] = []
        for row in table.rows:
            samples.look(row)
            faults.extend(row.faults)
            rows[row.number] = _own_system(columns.cells(row))
        names = {name: columns.column_of(name) or "" for name in columns.fields}
        uses = tuple(column_uses(table, columns, samples, said))
        return FileRows(rows, tuple(faults), (*table.notes, *columns.notes), names, uses)


def _own_system(cells: Cells) -> Cells:
    """GeoJSON can state no datum (RFC 7946): its numbers are the store's own, as ours are."""
    if cells.get("crs") == "OGC:CRS84":
        return {name: text for name, text in cells.items() if name != "crs"}
    return cells


def inspect_file(
    connection: Connection,
    crs: str,
    path: Path,
    file_name: str,
    today: date,
    limits: Limits = INSPECTION_LIMITS,
    *,
    parameters: Sequence[DatumParameters] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Inspected:
    """Read a file and judge its rows against the store's register; nothing is written.

    Args:
        connection: a reading connection.
        crs: the store's reference system, which a table that names none is taken to be in; a GIS
            file must name its own.
        path: the file.
        file_name: its sender's name for it.
        today: the day that dates must not lie after.
        limits: on size, rows, memory and time.
        parameters: the operator's relations of datums; by default those that
            `OVOO_DATUM_PARAMETERS` names.
        overrides: columns that a person named, as in `read_rows`.

    Raises:
        InvalidFile: the file cannot be read.
        FaultsFound: its columns cannot be recognised.
    """
    rows = read_rows(path, file_name, limits, overrides)
    return judge_rows(connection, crs, rows, today, parameters=parameters)


def judge_rows(
    connection: Connection,
    crs: str,
    file: FileRows,
    today: date,
    *,
    corrections: Sequence[Derived] = (),
    before: str | None = None,
    parameters: Sequence[DatumParameters] | None = None,
) -> Inspected:
    """Judge a file's rows by the store's register and all that the store knows.

    Args:
        connection: a reading connection.
        crs: the store's reference system.
        file: the rows.
        today: the day that dates must not lie after.
        corrections: confirmed corrections of rows.
        before: outcomes recorded later are not learned from (UTC, ISO 8601).
        parameters: as in `inspect_file`.
    """
    rows = file.derived(corrections)
    settings = _settings(crs, today, read_region(connection), parameters)
    who = {cells.get(name, "").strip() for cells in rows.values() for name in _WHO}
    settings = replace(
        settings,
        diagnosis=DiagnosisRules(experience=read_experience(connection, who, before)),
    )
    matched = match_rows(read_register(connection), _observation_rows(rows), settings)
    matched, visits = _with_past(connection, matched, today)
    return _inspected(file, rows, judge_matched(matched, visits), corrections)


_WHO = ("surveyor", "device")


def judge_rows_alone(
    register: Sequence[RegisteredMarker],
    crs: str,
    file: FileRows,
    today: date,
    *,
    parameters: Sequence[DatumParameters] | None = None,
) -> Inspected:
    """Judge a file's rows by a register without a store: no visits, campaign or experience."""
    settings = _settings(crs, today, None, parameters)
    matched = match_rows(register, _observation_rows(file.rows), settings)
    return _inspected(file, file.rows, judge_matched(matched))


def _settings(
    crs: str, today: date, region: Any, parameters: Sequence[DatumParameters] | None
) -> AssessmentSettings:
    return AssessmentSettings(
        today=today,
        system=ReferenceSystem.parse(crs),
        region=region,
        default_crs=crs,
        datum_parameters=tuple(operator_parameters() if parameters is None else parameters),
    )


def _observation_rows(rows: Mapping[int, Cells]) -> list[ObservationRow]:
    return [ObservationRow(number, cells) for number, cells in rows.items()]


def _with_past(
    connection: Connection, matched: Matched, today: date
) -> tuple[Matched, dict[int, tuple[Visit, ...]]]:
    """The campaign's p-values in the settings, and the visits that matter by register index."""
    ids = {
        place: marker_id
        for place in matched.concerned
        if (marker_id := matched.markers[place].marker_id) is not None
    }
    meant = {
        matched.markers[case.marker].marker_id
        for case in matched.cases if case.marker is not None
    }  # fmt: skip
    campaign = read_campaign(connection, today, (one for one in meant if one is not None))
    visits = read_visits(connection, list(ids.values()))
    settings = replace(matched.settings, campaign_p_values=campaign)
    known = {place: visits[one] for place, one in ids.items() if one in visits}
    return replace(matched, settings=settings), known


def _inspected(
    file: FileRows,
    rows: Mapping[int, Cells],
    assessment: Assessment,
    corrections: Sequence[Derived] = (),
) -> Inspected:
    named = (
        replace(fault, column=file.column_of.get(fault.column or "") or None)
        for fault in assessment.faults
    )
    faults = (*file.faults, *named)
    return Inspected(
        {**file.rows, **rows},
        replace(assessment, faults=faults),
        file.notes,
        tuple(corrections),
        file.columns,
    )
