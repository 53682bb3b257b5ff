"""What the service says of itself, in both versions."""

from typing import Any, Final

from web.addresses import root
from web.api.reconcile.reading import BATCH_SIZE
from web.negotiation import HTML, JSON
from web.site import Lang

VERSION: Final = "0.2"
VERSION_V1: Final = "1.0-draft"
TITLES: Final = {"zh": "敖包地名匹配服务", "en": "Ovoo place-name reconciliation"}
PREVIEW_PX: Final = (400, 260)
_SCHEMA: Final = "https://schema.org/Place"
_TYPES: Final = ("division", "place")


def manifest(lang: Lang, names: dict[str, str]) -> dict[str, Any]:
    """The manifest of version 0.2; `names` are those of types."""
    address = f"{root()}reconcile"
    width, height = PREVIEW_PX

    def suggest(kind: str) -> dict[str, str]:
        return {
            "service_url": root().rstrip("/"),
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
        }

    return {
        **_common(lang, names, VERSION),
        "identifierSpace": f"{address}/view?id=",
        "schemaSpace": _SCHEMA,
        "view": {"url": f"{address}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{address}/preview?id={{{{id}}}}",
            "width": width,
            "height": height,
        },
        "suggest": {kind: suggest(kind) for kind in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {
                "service_url": root().rstrip("/"),
                "service_path": "/reconcile/properties",
            },
            "property_settings": [],
        },
        "links": _links(address),
    }


def manifest_v1(lang: Lang, names: dict[str, str]) -> dict[str, Any]:
    """The manifest of the 1.0 draft."""
    width, height = PREVIEW_PX
    return {
        **_common(lang, names, VERSION_V1),
        "lang": "zh-Hans" if lang == "zh" else "en",
        "dir": "ltr",
        "standardizedScore": True,
        "view": {"url": f"{root()}reconcile/view?id={{id}}"},
        "preview": {"width": width, "height": height},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "links": _links(f"{root()}reconcile/v1"),
    }


def _common(lang: Lang, names: dict[str, str], version: str) -> dict[str, Any]:
    return {
        "versions": [version],
        "name": TITLES[lang],
        "documentation": f"{root()}api?f=html",
        "logo": f"{root()}static/cairn.svg",
        "defaultTypes": [{"id": kind, "name": names[kind]} for kind in _TYPES],
        "batchSize": BATCH_SIZE,
    }


def _links(address: str) -> list[dict[str, str]]:
    return [
        {"href": address, "rel": "self", "type": JSON},
        {"href": f"{address}?f=html", "rel": "alternate", "type": HTML},
    ]
