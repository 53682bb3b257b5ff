"""What a check reads, it reads by the index of terms."""

from sqlalchemy import text

from data.store import Store
from gazetteer import name_check


def test_candidates_are_found_by_their_term(register: Store) -> None:
    with register.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    sql = name_check._FOUND + name_check._IN_FORCE + " ORDER BY t.ordinal LIMIT 2000"
    explain = "EXPLAIN QUERY PLAN " if register.embedded else "EXPLAIN "
    mark = "?" if register.embedded else "%s"
    with register.read() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(explain + sql.replace("?", mark), ("hxinhuadajie",))
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        cursor.close()
    if register.embedded:
        assert "SEARCH t USING PRIMARY KEY (term=?)" in plan
        assert "SEARCH f USING INTEGER PRIMARY KEY" in plan
    else:
        assert "search_term_pkey" in plan
        assert "Seq Scan" not in plan
