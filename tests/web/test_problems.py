"""Problem documents: title and sentence are in one language, which the request chooses."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import web.app  # noqa: F401 - every class of errors is declared once the house is built
from data import OvooError
from web.problems import HTTP, STATUS, status_of

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile("[\u4e00-\u9fff]")


def with_subclasses(kind: type[OvooError]) -> Iterator[type[OvooError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from with_subclasses(one)


CLASSES = {one.__name__: one for one in with_subclasses(OvooError)}


def made_in(path: Path) -> Iterator[tuple[ast.Call, type[OvooError]]]:
    """Every place of a module that makes an error, with the error's class."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in CLASSES:
                yield node, CLASSES[name]


def has_chinese(call: ast.Call, kind: type[OvooError]) -> bool:
    """Whether a sentence in Chinese is given, or the class makes its own."""
    names = [one for one in inspect.signature(kind).parameters if one.endswith("zh")]
    if not names:
        return True
    place = list(inspect.signature(kind).parameters).index(names[-1])
    spread = any(isinstance(one, ast.Starred) for one in call.args)
    return spread or len(call.args) > place or any(one.arg == names[-1] for one in call.keywords)


@pytest.mark.parametrize("floor", ["data", "gazetteer", "boundary", "web"])
def test_every_place_that_makes_an_error_says_it_in_chinese_too(floor: str) -> None:
    paths = sorted((ROOT / floor).rglob("*.py"))
    made = [(path, call, kind) for path in paths for call, kind in made_in(path)]
    silent = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call, kind in made
        if not has_chinese(call, kind)
    ]
    assert made
    # The system's own words, when an address cannot be listened on: they end the command.
    assert [one for one in silent if not one.startswith("web/commands.py")] == []


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_every_class_of_errors_has_a_title_in_both_languages(kind: type[OvooError]) -> None:
    _, english, chinese = status_of(kind)
    assert HAN.search(chinese)
    assert english
    assert not HAN.search(english)


@pytest.mark.parametrize("status", sorted(HTTP))
def test_what_the_framework_refuses_has_both_languages(status: int) -> None:
    for english, chinese in HTTP[status]:
        assert HAN.search(chinese)
        assert not HAN.search(english)


def test_every_status_belongs_to_a_class_that_is_there() -> None:
    assert set(STATUS) <= set(CLASSES.values())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/collections/places/items/999999999", 404),
        ("GET", "/markers/999999999", 404),
        ("GET", "/collections/places/items?bbox=1", 400),
        ("GET", "/collections/places/items?bbox=1,2,3,1", 400),
        ("GET", "/collections/places/items?colour=red", 400),
        ("GET", "/collections/places/items?cursor=x", 400),
        ("GET", "/collections/markers/items?datetime=soon", 400),
        ("GET", "/search?q=a&limit=no", 400),
        ("DELETE", "/search", 405),
        ("POST", "/reconcile", 415),
    ],
)
@pytest.mark.parametrize(
    ("accepted", "chinese"), [(None, True), ("zh-CN", True), ("en", False), ("fr", True)]
)
def test_title_and_sentence_are_in_the_language_of_the_request(
    client: FlaskClient, method: str, path: str, status: int, accepted: str | None, *, chinese: bool
) -> None:
    headers = {"Accept": "application/json"}
    if accepted is not None:
        headers["Accept-Language"] = accepted
    answer = client.open(path, method=method, headers=headers)
    problem = answer.get_json(force=True)
    assert answer.status_code == problem["status"] == status
    assert bool(HAN.search(problem["title"])) is chinese
    assert bool(HAN.search(problem["detail"])) is chinese


def test_the_address_chooses_before_the_header(client: FlaskClient) -> None:
    answer = client.get("/nowhere?lang=en", headers={"Accept-Language": "zh-CN"})
    assert answer.get_json(force=True)["title"] == "Not found"
