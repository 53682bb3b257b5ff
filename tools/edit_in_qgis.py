"""Edit a feature from QGIS as a person would: add, change, delete over OGC API - Features.

    python3 tools/edit_in_qgis.py ADDRESS TOKEN

Run by the Python that has `qgis.core` (Debian: python3-qgis), against a service where TOKEN is an
editor's. Versions below 3.28 only read: that is said, and what they read is counted. A place is
added, its name changed, and the place deleted again; each step is read back over plain HTTP.
"""

import json
import os
import sys
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

FIRST_THAT_EDITS = 32_800


def main(address: str, token: str) -> int:
    """Try each step; returns the process's exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import (  # type: ignore[import-not-found]
        Qgis,
        QgsApplication,
        QgsFeature,
        QgsGeometry,
        QgsPointXY,
        QgsVectorLayer,
    )

    application = QgsApplication([], False)
    application.initQgis()
    headers = ""
    if Qgis.QGIS_VERSION_INT >= FIRST_THAT_EDITS:
        headers = f"http-header:Authorization='Bearer {token}' http-header:If-Match='*'"
    source = f"typename='places' url='{address}' {headers} pagingEnabled='true'"
    layer = QgsVectorLayer(source, "places", "OAPIF")
    if not layer.isValid():
        print(f"QGIS does not open the layer: {layer.error().summary()}")
        return 1
    able = int(layer.dataProvider().capabilities())
    print(f"QGIS {Qgis.QGIS_VERSION}: {layer.featureCount()} places, capabilities {able:#x}")
    if Qgis.QGIS_VERSION_INT < FIRST_THAT_EDITS:
        print("this version only reads OGC API - Features; 3.28 and newer edit")
        return 0
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(111.5, 41.5)))
    feature["name"] = "QGIS 试验"
    added = layer.dataProvider().addFeatures([feature])[1][0]
    print("added:", _names(address, token))
    layer.dataProvider().changeAttributeValues(
        {added.id(): {layer.fields().indexOf("name"): "QGIS 试验二"}}
    )
    print("changed:", _names(address, token))
    layer.dataProvider().deleteFeatures([added.id()])
    print("deleted:", _names(address, token))
    application.exitQgis()
    return 0


def _names(address: str, token: str) -> list[str]:
    """The names of the places that this trial has made, as the service has them."""
    parts = urlsplit(address)
    asked = "/collections/places/items?bbox=111.49,41.49,111.51,41.51&limit=1000&f=json"
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    path = f"{parts.path.rstrip('/')}{asked}"
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    found = json.load(connection.getresponse())["features"]
    return sorted(n for one in found if (n := one["properties"]["name"]).startswith("QGIS"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
