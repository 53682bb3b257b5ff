"""Applications for names in the drawn region: who acts, and a case led as far as asked."""

from dataclasses import replace
from datetime import date

from data.actors import Actor, Grant, Role
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import Act, Application, Decision
from gazetteer.approvals.cases import read_case
from gazetteer.tables import place, place_name

TODAY = date(2026, 3, 20)
APPLIED = date(2026, 3, 1)
DECIDED = date(2026, 3, 5)
NUMBER = "东政发〔2026〕3号"
PDF = b"%PDF-1.4 a paper of a test"


def actor(name: str, role: Role, division: str | None = None) -> Actor:
    return Actor(name, frozenset({Grant(role, division)}))


EDITOR = actor("editor", Role.EDITOR, "990101")
APPROVER = actor("approver", Role.APPROVER, "990101")
OTHER_APPROVER = actor("second approver", Role.APPROVER, "990101")
UPPER = actor("upper", Role.APPROVER, "990100")
ELSEWHERE = actor("elsewhere", Role.APPROVER, "990202")
VIEWER = actor("viewer", Role.VIEWER, "990101")
STRANGER = Actor("stranger")
NATION = actor("nation", Role.APPROVER)

STREET = Application(
    kind="naming",
    name_class="street",
    division="990101",
    name="丁香路",
    romanization="Dīngxiāng Lù",
    reasons="新建道路，尚无名称",
    position="东起人民路，西至建设街",
    extent="长 1850 米，宽 24 米",
    nature="城市次干路",
    meaning="沿线遍植丁香",
    lon=111.25,
    lat=41.25,
    applied_on=APPLIED,
)
ANSWERS = {
    "paper:assessment": "规模较小，未作评估",
    "paper:expert-report": "未作论证",
    "paper:consultation": "已公示",
}


def version(store: Store, identity: int) -> int:
    with store.read() as connection:
        return int(read_case(connection, identity)["version"])


def case(store: Store, identity: int) -> dict[str, object]:
    with store.read() as connection:
        return read_case(connection, identity)


def applied(store: Store, application: Application = STREET) -> int:
    return approvals.apply(store, application, EDITOR, TODAY)


def accepted(store: Store, application: Application = STREET) -> int:
    identity = applied(store, application)
    approvals.accept(store, identity, version(store, identity), "", APPROVER, TODAY)
    return identity


def approved(
    store: Store,
    application: Application = STREET,
    decided_on: date = DECIDED,
    by: Actor = APPROVER,
) -> int:
    identity = accepted(store, application)
    decision = Decision(True, DECIDED, NUMBER, answers=ANSWERS)
    approvals.decide(store, identity, version(store, identity), decision, APPROVER, TODAY)
    return identity


def filed(store: Store, application: Application = STREET) -> int:
    identity = approved(store, application)
    act = Act(date(2026, 3, 10), "东政备〔2026〕1号")
    approvals.file(store, identity, version(store, identity), act, APPROVER, TODAY)
    act = Act(date(2026, 3, 12))
    approvals.accept_filing(store, identity, version(store, identity), act, UPPER, TODAY)
    return identity


def street(store: Store, name: str = "旧街", *, heritage: bool = False) -> int:
    """A street of the register, with its names."""
    with store.write("tests", "a street") as transaction:
        identity = transaction.insert(
            place,
            {
                "name": name,
                "romanization": "Jiù Jiē",
                "status": "standard",
                "category_code": "2351",
                "division_code": "990101",
                "heritage": heritage,
                "valid_from": date(1990, 1, 1),
                "source": "drawn for a test",
            },
        )
        forms = (
            (name, "zh-Hans", "standard"),
            ("Jiù Jiē", "zh-Latn-pinyin", "standard"),
            ("ᠬᠠᠭᠤᠴᠢᠨ ᠵᠡᠭᠡᠯᠢ", "mn-Mong", "standard"),
            ("老街", "zh-Hans", "alias"),
        )
        for text, language, kind in forms:
            transaction.insert(
                place_name,
                {"place_id": identity, "text": text, "language": language, "kind": kind}
                | {"status": "standard", "valid_from": date(1990, 1, 1)},
            )
    return identity


def renaming(place_id: int) -> Application:
    return replace(STREET, kind="renaming", place_id=place_id)


def ending(place_id: int, successor: int | None = None) -> Application:
    return Application(
        kind="停止使用",
        name_class="street",
        division="990101",
        place_id=place_id,
        successor_place_id=successor,
        reasons="道路已不存在",
        applied_on=APPLIED,
    )
