"""Photographs of markers: the original under its hash, a public copy, and what does not fit.

A photograph is never refused for what its camera wrote or left out: that is a finding beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pyproj import Geod
from sqlalchemy import Connection, select

from boundary.authority import require
from boundary.field_tables import field_visit
from boundary.marker_tables import photo
from boundary.markers.versions import marker_parties, read_marker
from data.actors import Actor, Role
from data.coordinates import ReferenceSystem
from data.errors import InvalidValue, NotFound
from data.geometry import point_xy
from data.pictures import Picture, read_picture
from data.reference import boundary_rule
from data.store import Store
from data.stored_files import keep_file
from data.transaction import Transaction

PHOTO_SENDERS: Final = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
"""Who may add a photograph to a marker, in a division of one of its parties."""
_SPLIT = "|"
_SHOWN = (
    *("id", "marker_id", "inspection_id", "file_name", "caption", "claimed_on", "taken_at"),
    *("taken_lon", "taken_lat", "bearing_deg", "distance_m", "width_px", "height_px", "sha256"),
    "findings",
)

FINDINGS: Mapping[str, tuple[str, str]] = {
    "no_time": ("照片未记录拍摄时间", "the photograph says no time"),
    "other_time": ("拍摄日期与所称检查日期不符", "it was taken on another day than claimed"),
    "no_position": ("照片未记录拍摄位置", "the photograph says no place"),
    "other_place": ("拍摄位置离界桩过远", "it was taken far from the marker"),
    "used_elsewhere": ("同一照片已用于另一界桩", "the same photograph shows another marker"),
}
"""What may not fit about a photograph, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender of a photograph says of it.

    Attributes:
        file_name: its name.
        claimed_on: the day of the visit; None where not said.
        caption: what it shows.
        inspection_id: the inspection it belongs to.
        visit: the number (`client_id`) of the visit that it was taken on.
    """

    file_name: str
    claimed_on: date | None = None
    caption: str | None = None
    inspection_id: int | None = None
    visit: str | None = None


def photo_findings(
    picture: Picture, claimed_on: date | None, distance_m: float | None, *, elsewhere: bool = False
) -> list[str]:
    """What does not fit between a photograph and what is claimed of it: codes of `FINDINGS`.

    Args:
        picture: the photograph.
        claimed_on: the day of the visit; None where nothing is claimed.
        distance_m: from the camera's place to the marker; None where the camera says none.
        elsewhere: whether the same bytes show another marker.
    """
    found = []
    if picture.taken_at is None:
        found.append("no_time")
    elif claimed_on is not None:
        days = abs((datetime.fromisoformat(picture.taken_at).date() - claimed_on).days)
        if days > boundary_rule("photo_days"):
            found.append("other_time")
    if distance_m is None:
        found.append("no_position")
    elif distance_m > boundary_rule("photo_far_m"):
        found.append("other_place")
    return [*found, "used_elsewhere"] if elsewhere else found


def add_photo(
    store: Store, actor: Actor, marker_id: int, content: bytes, claim: Claim
) -> dict[str, Any]:
    """Keep a photograph of a marker; the same bytes again are the same photograph.

    Args:
        store: the store.
        actor: one of `PHOTO_SENDERS` of any party of the marker.
        marker_id: the marker.
        content: the file's bytes.
        claim: what the sender says.

    Returns:
        The photograph's record, with its findings.

    Raises:
        InvalidFile, FileTooLarge, UnknownFormat: it is no picture that can be read.
        NotFound, Forbidden: as they say.
    """
    picture = read_picture(content)
    with store.write(actor.name, f"keep a photograph of marker {marker_id}") as transaction:
        connection = transaction.connection
        record = read_marker(connection, marker_id)
        parties = marker_parties(connection, record)
        require(connection, actor, PHOTO_SENDERS, parties, "add a photograph")
        visit_id, own_inspection = _visit(connection, marker_id, claim.visit)
        inspection_id = claim.inspection_id or own_inspection
        _check_inspection(connection, marker_id, inspection_id)
        sha256 = keep_file(transaction, content)
        known = select(photo.c.marker_id, photo.c.id).where(photo.c.sha256 == sha256)
        by_marker = {row.marker_id: row.id for row in connection.execute(known)}
        if marker_id in by_marker:
            return read_photo(connection, by_marker[marker_id])
        distance_m = _distance_m(store, picture, record)
        elsewhere = bool(by_marker)
        findings = photo_findings(picture, claim.claimed_on, distance_m, elsewhere=elsewhere)
        identity = transaction.insert(
            photo,
            {
                "marker_id": marker_id,
                "inspection_id": inspection_id,
                "visit_id": visit_id,
                "sha256": sha256,
                "public_sha256": keep_file(transaction, picture.public),
                "file_name": claim.file_name,
                "caption": claim.caption,
                "claimed_on": claim.claimed_on,
                "taken_at": picture.taken_at,
                "taken_lon": picture.lon,
                "taken_lat": picture.lat,
                "bearing_deg": picture.bearing_deg,
                "distance_m": distance_m,
                "width_px": picture.width_px,
                "height_px": picture.height_px,
                "findings": _SPLIT.join(findings) or None,
                "added_at": transaction.at,
            },
        )
        return read_photo(connection, identity)


def _visit(
    connection: Connection, marker_id: int, client_id: str | None
) -> tuple[int | None, int | None]:
    """The visit of that number, and its inspection where it is committed."""
    from boundary.tables import inspection

    if client_id is None:
        return None, None
    own = field_visit.c.client_id == client_id, field_visit.c.marker_id == marker_id
    row = connection.execute(select(field_visit).where(*own)).one_or_none()
    if row is None:
        raise InvalidValue(
            "client_id", client_id, "no visit to this marker was received under that number",
            "send the inspection first", "没有收到该编号对此界桩的检查；请先发送检查记录",
        )  # fmt: skip
    committed = select(inspection.c.id).where(
        inspection.c.submission_id == row.submission_id, inspection.c.marker_id == marker_id
    )
    return row.id, connection.scalar(committed)


def link_photos(
    transaction: Transaction, submission_id: int, inspections: Mapping[int, int]
) -> None:
    """Let the photographs of the visits that a file holds belong to the inspections it became.

    Args:
        transaction: in which the file is committed.
        submission_id: the file.
        inspections: ids by the marker's id.
    """
    statement = (
        select(photo.c.id, photo.c.marker_id)
        .join(field_visit, field_visit.c.id == photo.c.visit_id)
        .where(field_visit.c.submission_id == submission_id)
    )
    for row in transaction.connection.execute(statement).all():
        if row.marker_id in inspections:
            values = {"inspection_id": inspections[row.marker_id]}
            transaction.change_many(photo, [row.id], values)


def _check_inspection(connection: Connection, marker_id: int, inspection_id: int | None) -> None:
    from boundary.tables import inspection

    if inspection_id is None:
        return
    statement = select(inspection.c.marker_id).where(inspection.c.id == inspection_id)
    if connection.scalar(statement) != marker_id:
        raise InvalidValue(
            "inspection_id", inspection_id, "this is no inspection of the marker",
            "leave it out, or name one of the marker's own", "该检查记录不属于此界桩",
        )  # fmt: skip


def _distance_m(store: Store, picture: Picture, record: Mapping[str, Any]) -> float | None:
    """How far from the marker it was taken; the metre between WGS 84 and CGCS2000 does not show."""
    if picture.lon is None or picture.lat is None or record["geom"] is None:
        return None
    ellipsoid = ReferenceSystem.parse(store.crs).datum.ellipsoid
    geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
    _, _, distance_m = geod.inv(picture.lon, picture.lat, *point_xy(record["geom"]))
    return round(float(distance_m), 1)


def read_photo(connection: Connection, photo_id: int) -> dict[str, Any]:
    """A photograph's record.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(photo).where(photo.c.id == photo_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no photograph {photo_id}", f"没有编号为 {photo_id} 的照片")
    return _shown(dict(row)) | {"public_sha256": row["public_sha256"]}


def photos_of(connection: Connection, marker_id: int) -> list[dict[str, Any]]:
    """The photographs of a marker, oldest first."""
    statement = select(photo).where(photo.c.marker_id == marker_id).order_by(photo.c.id)
    return [_shown(dict(row)) for row in connection.execute(statement).mappings()]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    codes = row["findings"].split(_SPLIT) if row["findings"] else []
    said = [{"code": code, "zh": FINDINGS[code][0], "en": FINDINGS[code][1]} for code in codes]
    return {name: row[name] for name in _SHOWN} | {"findings": said}
