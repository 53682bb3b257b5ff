"""The journal looked into: newest first, by keyset, of one person or one record."""

import pytest
import region

from data import Store
from data.journal import read_head
from data.journal_entries import EntriesQuery, read_entries
from gazetteer.tables import place


@pytest.fixture
def told(store: Store) -> Store:
    region.fill(store)
    for number in range(3):
        with store.write("巴图", "correct a remark") as transaction:
            transaction.update(place, 1, number + 1, {"source": f"第{number}版"})
    return store


def test_pages_follow_each_other_without_gap_or_repeat(told: Store) -> None:
    with told.read() as connection:
        last = read_head(connection).sequence
        seen: list[int] = []
        before = 0
        while True:
            page = read_entries(connection, EntriesQuery(before=before, limit=3))
            seen += [one["sequence"] for one in page.entries]
            if page.next_before is None:
                break
            before = page.next_before
    assert seen == list(range(last, 0, -1))


def test_a_record_and_a_person_are_found_with_what_changed(told: Store) -> None:
    with told.read() as connection:
        of_record = read_entries(connection, EntriesQuery(table="place", record=1)).entries
        of_person = read_entries(connection, EntriesQuery(actor="巴图")).entries
        nobody = read_entries(connection, EntriesQuery(actor="无此人"))
    assert [one["action"] for one in of_record] == ["update"] * 3 + ["insert"]
    assert [one["actor"] for one in of_person] == ["巴图"] * 3
    changed = {one["field"]: one for one in of_record[0]["changes"]}
    assert changed["source"] == {"field": "source", "before": "第1版", "after": "第2版"}
    assert set(changed) == {"source", "version"}
    assert (nobody.entries, nobody.next_before) == ((), None)


def test_a_page_looks_through_one_stretch_and_says_where_the_next_begins(
    told: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.journal_entries.STRETCH", 5)
    with told.read() as connection:
        last = read_head(connection).sequence
        page = read_entries(connection, EntriesQuery(actor="无此人"))
        assert (page.entries, page.next_before) == ((), last - 4)
        later = read_entries(connection, EntriesQuery(actor="无此人", before=last - 4))
        assert later.next_before == last - 9
        # A record is found by its index, whatever the stretch.
        whole = read_entries(connection, EntriesQuery(table="place", record=1))
        assert (len(whole.entries), whole.next_before) == (4, None)
