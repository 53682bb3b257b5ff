"""Announced decisions are for everybody; cases before that are not told."""

from naming_cases import APPROVER, DECIDED, TODAY, approved, version
from sqlalchemy import select

from data import Store
from gazetteer import approvals
from gazetteer.approvals import Act
from gazetteer.approvals.tables import approval
from web.app import create_app
from web.settings import ACCOUNTS, Settings


def place_of(store: Store, identity: int) -> int:
    with store.read() as connection:
        found = select(approval.c.place_id).where(approval.c.id == identity)
        return int(connection.scalars(found).one())


def test_a_decision_is_told_once_it_is_announced(filled: Store) -> None:
    identity = approved(filled)
    place_id = place_of(filled, identity)
    with filled.read() as connection:
        assert approvals.announced_of(connection, place_id) == []
    act = Act(DECIDED, medium="政府门户网站")
    approvals.announce(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    with filled.read() as connection:
        (told,) = approvals.announced_of(connection, place_id)
    assert (told["name"], told["announced_in"]) == ("丁香路", "政府门户网站")
    assert "applicant" not in told
    stranger = create_app(filled, Settings(access=ACCOUNTS)).test_client()
    page = stranger.get(
        f"/collections/places/items/{place_id}?lang=zh", headers={"Accept": "text/html"}
    )
    assert "政府门户网站" in page.get_data(as_text=True)
