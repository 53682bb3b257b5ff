"""Edit features from QGIS as a person would, over OGC API - Features, and see what is refused.

    python3 tools/edit_in_qgis.py ADDRESS TOKEN

Run by the Python that has `qgis.core` (Debian: python3-qgis, qgis-providers), against a service
where people sign in and TOKEN is an editor's. Places are read and filtered; one is added, renamed,
moved and deleted, a marker's remark is changed; a standard name and a marker's position must stay,
and what another one has changed since. Prints each step; exit code 1 where one went otherwise.
Versions below 3.28 only read: that is said.
"""

import os
import sys
import tempfile
from typing import Any

FIRST_THAT_EDITS = 32_800
NAME, RENAMED = "QGIS 试验", "QGIS 试验二"
_failed: list[str] = []


def told(step: str, *, as_wanted: bool) -> None:
    """Say how a step went."""
    print(f"{'ok    ' if as_wanted else 'FAILED'} {step}")
    if not as_wanted:
        _failed.append(step)


def main(address: str, token: str) -> int:
    """Try each step; returns the process's exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QGIS_AUTH_DB_DIR_PATH", tempfile.mkdtemp())
    from qgis.core import Qgis, QgsApplication  # type: ignore[import-not-found]

    application = QgsApplication([], False)
    application.initQgis()
    print(f"QGIS {Qgis.QGIS_VERSION}")
    _try(address, token, edits=Qgis.QGIS_VERSION_INT >= FIRST_THAT_EDITS)
    application.exitQgis()
    return 1 if _failed else 0


def _try(address: str, token: str, *, edits: bool) -> None:
    """Each step; no layer is left when it returns, for QGIS ends badly while there is one."""
    headers = _headers_kept(token) if edits else ""
    places = _layer(address, "places", headers)
    markers = _layer(address, "markers", headers)
    told("both layers open", as_wanted=places.isValid() and markers.isValid())
    if _failed:
        return
    _read(places)
    if not edits:
        print("this version only reads OGC API - Features; 3.28 and newer edit")
        return
    _edit(places)
    _remark(markers, "a marker's remark is changed")
    _ask_what_is_forbidden(places, markers)
    older = _layer(address, "markers", _headers_kept(token, '"of an older version"'))
    _remark(older, "what another one has changed since is not changed", refused=True)


def _remark(markers: Any, step: str, *, refused: bool = False) -> None:
    """Write a remark on a marker; it is there then, or nothing is."""
    one = next(markers.getFeatures())
    field, text = markers.fields().indexOf("remark"), f"QGIS: {step}"
    write = lambda: markers.changeAttributeValue(one.id(), field, text)  # noqa: E731 - an act
    _commit(markers, step, write, refused=refused)
    markers.dataProvider().reloadData()
    seen = next(two for two in markers.getFeatures() if two["marker_no"] == one["marker_no"])
    told("it is seen so", as_wanted=(seen["remark"] == text) != refused)


def _headers_kept(token: str, known: str = "*") -> str:
    """The authentication that a person makes for a connection, kind API Header, as a source's."""
    from qgis.core import QgsApplication, QgsAuthMethodConfig

    manager = QgsApplication.authManager()
    manager.setMasterPassword("for this trial", True)
    kept = QgsAuthMethodConfig()
    kept.setName("ovoo")
    kept.setMethod("APIHeader")
    kept.setConfig("Authorization", f"Bearer {token}")
    kept.setConfig("If-Match", known)
    manager.storeAuthenticationConfig(kept)
    return f"authcfg={kept.id()}"


def _layer(address: str, name: str, headers: str) -> Any:
    from qgis.core import QgsVectorLayer

    source = f"typename='{name}' url='{address}' {headers} pagingEnabled='true'"
    return QgsVectorLayer(source, name, "OAPIF")


def _read(places: Any) -> None:
    from qgis.core import QgsFeatureRequest

    first = next(places.getFeatures())
    quoted = str(first["name"]).replace("'", "''")
    same = QgsFeatureRequest().setFilterExpression(f"\"name\" = '{quoted}'")
    found = {one["name"] for one in places.getFeatures(same)}
    told(f"{places.featureCount()} places; a filter finds one", as_wanted=found == {first["name"]})


def _edit(places: Any) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY

    middle = places.extent().center()
    feature = QgsFeature(places.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(middle)))
    feature["name"] = NAME
    _commit(places, "a place is added", lambda: places.addFeature(feature))
    made = _named(places, NAME)
    told("it is there", as_wanted=made is not None)
    if made is None:
        return
    field = places.fields().indexOf("name")
    rename = lambda: places.changeAttributeValue(made.id(), field, RENAMED)  # noqa: E731 - an act
    _commit(places, "its name is changed", rename)
    elsewhere = QgsGeometry.fromPointXY(QgsPointXY(middle.x() + 0.01, middle.y()))
    _commit(places, "it is moved", lambda: places.changeGeometry(made.id(), elsewhere))
    seen = _named(places, RENAMED)
    moved = seen is not None and abs(seen.geometry().asPoint().x() - middle.x() - 0.01) < 1e-6  # noqa: PLR2004 - degrees
    told("both are seen", as_wanted=moved)
    _commit(places, "it is deleted", lambda: places.deleteFeature(made.id()))
    told("it is gone", as_wanted=_named(places, RENAMED) is None)


def _ask_what_is_forbidden(places: Any, markers: Any) -> None:
    from qgis.core import QgsGeometry, QgsPointXY

    standard = next(one for one in places.getFeatures() if one["status"] == "standard")
    field = places.fields().indexOf("name")
    rename = lambda: places.changeAttributeValue(standard.id(), field, RENAMED)  # noqa: E731 - an act
    _commit(places, "a standard name is not changed", rename, refused=True)
    remove = lambda: places.deleteFeature(standard.id())  # noqa: E731 - an act
    _commit(places, "a standard name is not deleted", remove, refused=True)
    marker = next(markers.getFeatures())
    point = marker.geometry().asPoint()
    away = QgsGeometry.fromPointXY(QgsPointXY(point.x() + 0.1, point.y()))
    move = lambda: markers.changeGeometry(marker.id(), away)  # noqa: E731 - an act
    _commit(markers, "a marker's position is not changed", move, refused=True)


def _commit(layer: Any, step: str, act: Any, *, refused: bool = False) -> None:
    """Edit as a person does: begin, act, save; give up where it is refused."""
    layer.startEditing()
    act()
    done = layer.commitChanges()
    if not done:
        print("      ", " ".join(one.strip() for one in layer.commitErrors()))
        layer.rollBack()
    told(step, as_wanted=done != refused)


def _named(places: Any, name: str) -> Any:
    return next((one for one in places.getFeatures() if one["name"] == name), None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
