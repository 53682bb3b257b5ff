"""Real names in Mongolian script, found through the index of both stores."""

import csv
from itertools import permutations
from pathlib import Path

import pytest

from data.store import Store
from gazetteer.search import SearchRequest, rebuild, search
from gazetteer.tables import place, place_name


@pytest.mark.shared
def test_every_variant_pair_is_found_and_the_misspelt_one_only_by_the_second_pass(
    store: Store, shared: Path
) -> None:
    path = shared / "data" / "gazetteer" / "im_mongolian_script_names.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    with store.write("tester", "names in Mongolian script") as transaction:
        listed = [{"name": row["name_zh"], "status": "standard"} for row in rows]
        ids = list(transaction.insert_many(place, listed))
        names = ("place_id", "text", "language", "kind")
        transaction.insert_many(
            place_name,
            (
                dict(zip(names, (i, r["name_mong"], "mn-Mong", "local"), strict=True))
                for i, r in zip(ids, rows, strict=True)
            ),
        )
        rebuild(transaction)
    numbered = list(zip(ids, rows, strict=True))
    for (_, asked), (identity, wanted) in permutations(numbered, 2):
        found = search(store, SearchRequest(asked["name_mong"], limit=50, second="always")).results
        way = next((r for r in found if r.id == identity), None)
        if asked["name_zh"] != wanted["name_zh"]:
            assert way is None or way.second
            continue
        assert way is not None
        assert way.second is ("misspelt" in asked["note"] + wanted["note"])
