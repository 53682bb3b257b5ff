"""What the templates compute. Pure: values in, text out; no web framework.

`install` makes these known to a Jinja environment. Functions that need the page's language read
`lang` of its context.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from data.reference import cited, find_term, terms
from web.site import formatting
from web.site.catalogues import SOURCE, Texts, spoken, translate
from web.site.forms import REFUSED, form_of
from web.site.texts import SHARED, SOURCES

TEMPLATES: Final = Path(__file__).parent / "templates"

# fmt: off
_WINDS: Final = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)
# fmt: on
_WINDS_ZH: Final = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_KILOMETRE_M: Final = 1000.0
_FINE_BELOW_M: Final = 10.0
# The Mongolian block of Unicode without its punctuation: a name has at least one such letter.
_MONGOLIAN: Final = range(0x1820, 0x18AB)
_TELLING: Final = ("name", "marker_no", "verdict", "condition", "level", "line_name", "code")
# What people call the media types of other formats.
_SHORT: Final = {
    "application/json": "JSON",
    "application/geo+json": "GeoJSON",
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}
_TERM: Final = frozenset({"code", "zh", "en"})
_SHARES: Final = "shares"
# Properties whose values are codes, and the family of their texts.
_CODED: Final = {
    "condition": "condition",
    "kind": "kind",
    "level": "level",
    "material": "material",
    "method": "method",
    "status": "status",
    "survey_method": "method",
    "verdict": "verdict",
}


def metres(distance_m: float | None, lang: str) -> str:
    """A distance with the digits that matter at its size; a dash where there is none.

    >>> metres(1.834, "zh"), metres(412.61, "en"), metres(5123.0, "en"), metres(None, "zh")
    ('1.83 m', '412.6 m', '5.12 km', '—')
    """
    if distance_m is None:
        return "—"
    if distance_m >= _KILOMETRE_M:
        return f"{formatting.number(distance_m / _KILOMETRE_M, lang, 2)} km"
    digits = 2 if distance_m < _FINE_BELOW_M else 1
    return f"{formatting.number(distance_m, lang, digits)} m"


@pass_context
def metres_of(context: Context, distance_m: float | None) -> str:
    """A distance as the page's language writes it."""
    return metres(distance_m, context["lang"])


def wind(bearing_deg: float, lang: str) -> str:
    """The wind of a bearing, clockwise from north: 16 winds in English, 8 in Chinese.

    >>> wind(78.2, "en"), wind(78.2, "zh"), wind(359.0, "zh")
    ('ENE', '东', '北')
    """
    names = _WINDS if lang == "en" else _WINDS_ZH
    return names[int(bearing_deg % 360 * len(names) / 360 + 0.5) % len(names)]


@pass_context
def displacement(context: Context, distance_m: float | None, bearing_deg: float | None) -> str:
    """A displacement as "1.83 m → 78° ENE"."""
    if distance_m is None or bearing_deg is None:
        return metres(distance_m, context["lang"])
    bearing = int(bearing_deg + 0.5) % 360
    return (
        f"{metres(distance_m, context['lang'])} → {bearing}° {wind(bearing_deg, context['lang'])}"
    )


@pass_context
def wind_of(context: Context, bearing_deg: float | None) -> str:
    """The wind of a bearing in the page's language; nothing where there is no bearing."""
    return "" if bearing_deg is None else wind(bearing_deg, context["lang"])


@pass_context
def term(context: Context, table: str, code: str | None) -> str:
    """The words of a code of one of the term tables; a code without words as it came."""
    found = find_term(table, code or "")
    if found is None:
        return code or "—"
    return found.en if context["lang"] == "en" else found.zh


@pass_context
def cite(context: Context, text: str | None) -> str:
    """A rule's article, or a text that cites some, in the page's language."""
    return cited(text or "", "en" if context["lang"] == "en" else "zh")


@pass_context
def choices_of(context: Context, table: str) -> list[tuple[str, str]]:
    """The codes of a term table and their words, in its order, to choose from."""
    return [(one.code, term(context, table, one.code)) for one in terms(table)]


@pass_context
def labels_of(context: Context, family: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes and their texts, to choose from."""
    return [(code, label(context, family, code)) for code in codes]


@pass_context
def year(context: Context, value: int) -> str:
    """A year in words; a negative one is before our era."""
    if value > 0:
        return formatting.day(f"{value:04}", context["lang"])
    return translate("year.before_era", context["lang"]).format(year=-value)


@pass_context
def position(context: Context, lon_lat: Iterable[float]) -> str:
    """A position for reading, longitude first, of however many dimensions it is."""
    lon, lat = list(lon_lat)[:2]
    return formatting.position(lon, lat, context["lang"])


@pass_context
def number(context: Context, value: float | None, digits: int | None = None) -> str:
    """A number as the page's language writes it."""
    return formatting.number(value, context["lang"], digits)


@pass_context
def share(context: Context, value: float | None) -> str:
    """A share of one as per cent."""
    return formatting.share(value, context["lang"])


def is_mongolian(text: object) -> bool:
    """Whether a text is in Mongolian script, which stands upright.

    >>> is_mongolian("ᠬᠥᠬᠡᠬᠣᠲᠠ"), is_mongolian("呼和浩特"), is_mongolian(7)
    (True, False, False)
    """
    return isinstance(text, str) and any(ord(letter) in _MONGOLIAN for letter in text)


@pass_context
def link(context: Context, address: str) -> str:
    """An address of this service that keeps the page's language.

    Chinese is said where the reader chose it: a browser that prefers English would lose it.
    """
    chosen = context["lang"] != SOURCE or query_value(context, "lang") != ""
    return with_query(address, lang=context["lang"]) if chosen else address


@pass_context
def page_link(context: Context, address: str) -> str:
    """A link of a JSON answer as the address of the same thing for a browser."""
    if parse_qsl(urlsplit(address).query).count(("f", "json")):
        address = with_query(address, f="html")
    return str(link(context, address))


def with_query(address: str, **values: str) -> str:
    """The address with these query parameters set, the others kept in their order.

    >>> with_query("/search?q=%E5%91%BC&lang=zh", lang="en")
    '/search?q=%E5%91%BC&lang=en'
    """
    parts = urlsplit(address)
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in values
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()])))


@pass_context
def other_languages(context: Context, address: str = "") -> list[tuple[Texts, str]]:
    """The other languages that are installed, each with the address of this page in it.

    `address` is what is led to where this page itself cannot be asked for.
    """
    request = context.get("request")
    if context.get(REFUSED) is not None:
        address = self_path(context, context["doc"])
    elif not address:
        address = "/" if request is None else str(request.full_path).rstrip("?")
    known = spoken()
    return [
        (known.of(tag), with_query(address, lang=tag))
        for tag in known.tags
        if tag != context["lang"]
    ]


def html_lang(tag: str) -> str:
    """A language as markup names it.

    >>> html_lang("zh"), html_lang("en"), html_lang("mn-Mong")
    ('zh-CN', 'en', 'mn-Mong')
    """
    return "zh-CN" if tag == SOURCE else tag


def script_texts(lang: str, families: Collection[str] = ()) -> dict[str, str]:
    """The texts that a page's script says, by key: those of some families, or all of the map's."""
    by_key = spoken().of(lang).by_key
    keys = [key for key in SOURCES if key.partition(".")[0] in families] if families else SHARED
    return {key: by_key[key] for key in keys}


@pass_context
def other_formats(context: Context) -> list[dict[str, str]]:
    """This page in formats for programs: the alternates given, or else the same address as JSON."""
    alternates = [one for one in context.get("alternate") or () if one.get("type") != "text/html"]
    given = [{"title": _SHORT.get(one["type"], one["type"])} | dict(one) for one in alternates]
    request = context.get("request")
    if given or request is None or request.method not in {"GET", "HEAD"}:
        return given
    address = with_query(str(request.full_path).rstrip("?"), f="json")
    return [{"href": address, "type": "application/json", "title": "JSON"}]


@pass_context
def query_value(context: Context, name: str) -> str:
    """A query parameter of this page's address, empty where there is none."""
    request = context.get("request")
    return "" if request is None else str(request.args.get(name, ""))


@pass_context
def own_address(context: Context) -> str:
    """The path and query of this page, to come back to; the front page where it cannot be asked."""
    request = context.get("request")
    if request is None or request.method not in {"GET", "HEAD"}:
        return "/"
    return str(request.full_path).rstrip("?")


@pass_context
def day(context: Context, value: str | None) -> str:
    """A calendar day in words."""
    return formatting.day(value, context["lang"])


@pass_context
def moment(context: Context, value: str | None) -> str:
    """A moment in UTC as the day and the minute in China."""
    return formatting.moment(value, context["lang"])


@pass_context
def self_path(context: Context, document: Mapping[str, Any]) -> str:
    """The path of a document's own address, from its self link or else from the request."""
    own = links_of(document, "self")
    if own:
        return urlsplit(str(own[0]["href"])).path
    request = context.get("request")
    return "" if request is None else str(request.path)


def links_of(document: Mapping[str, Any], rel: str) -> list[Mapping[str, Any]]:
    """The links of a document with that relation."""
    return [one for one in document.get("links", ()) if one.get("rel") == rel]


@pass_context
def label(context: Context, family: str, code: object) -> str:
    """The text of a code such as a verdict; a code without a text as it came."""
    key = f"{family}.{code}"
    text = translate(key, context["lang"])
    return str(code) if text == key else text


@pass_context
def value_text(context: Context, name: str, value: object) -> str:
    """A property's value for reading: codes in words, lists on one line, nothing as a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return translate("value.yes" if value else "value.no", context["lang"])
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list | tuple):
        return " · ".join(str(value_text(context, name, one)) for one in value) or "—"
    if isinstance(value, Mapping):
        return _mapping_text(context, name, value)
    return str(label(context, _CODED[name], value)) if name in _CODED else str(value)


def _mapping_text(context: Context, name: str, value: Mapping[str, Any]) -> str:
    """A term in the page's language, before its number; anything else part by part."""
    if value.keys() == _TERM:
        code = str(value["code"])
        return f"{sentence(context, value)} {code if code.isdigit() else ''}".rstrip()
    return " · ".join(
        f"{label(context, 'property', key)} {part_text(context, name, key, one)}"
        for key, one in value.items()
    )


@pass_context
def part_text(context: Context, whole: str, name: str, value: object) -> str:
    """A value of a mapping that stands under a name of its own: shares are told as per cent."""
    if whole == _SHARES and isinstance(value, float):
        return share(context, value)
    return value_text(context, name, value)


@pass_context
def sentence(context: Context, both: Mapping[str, Any]) -> str:
    """The sentence in the page's language, or the other one when it is missing."""
    first, second = ("en", "zh") if context["lang"] == "en" else ("zh", "en")
    return str(both.get(first) or both.get(second) or "")


def columns_of(features: Iterable[Mapping[str, Any]], most: int) -> list[str]:
    """The properties that a table shows: flat ones with a value, the telling ones first."""
    seen: dict[str, None] = {}
    for feature in features:
        properties: Mapping[str, Any] = feature.get("properties") or {}
        seen.update(dict.fromkeys(name for name in properties if _is_shown(properties[name])))
    telling = [name for name in _TELLING if name in seen]
    rest = [name for name in seen if name not in {*_TELLING, "version", "synthetic", "in_region"}]
    return [*telling, *rest][:most]


def is_records(value: object) -> bool:
    """Whether a value is a list of records, which a page shows as a table.

    >>> is_records([{"row": 1}]), is_records([1, 2]), is_records([])
    (True, False, False)
    """
    return (
        isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
    )


def keys_of(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every key of some records, in the order of their first appearance, without links."""
    seen = dict.fromkeys(key for record in records for key in record)
    return [key for key in seen if key != "links"]


def _is_shown(value: object) -> bool:
    return value is not None and value != "" and not isinstance(value, list | tuple | Mapping)


def install(environment: Environment) -> None:
    """Make the functions of this room known to the templates of an environment."""
    environment.globals.update(
        choices_of=choices_of,
        cite=cite,
        columns_of=columns_of,
        day=day,
        displacement=displacement,
        form_of=form_of,
        html_lang=html_lang,
        is_mongolian=is_mongolian,
        is_records=is_records,
        keys_of=keys_of,
        label=label,
        labels_of=labels_of,
        link=link,
        links_of=links_of,
        metres=metres_of,
        moment=moment,
        number=number,
        other_formats=other_formats,
        other_languages=other_languages,
        own_address=own_address,
        page_link=page_link,
        part_text=part_text,
        position=position,
        query_value=query_value,
        script_texts=script_texts,
        self_path=self_path,
        share=share,
        sentence=sentence,
        term=term,
        value_text=value_text,
        wind_of=wind_of,
        year=year,
        with_query=with_query,
    )
