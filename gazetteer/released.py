"""How the records of the second floor are released; see `data.releases`."""

from typing import Final

from sqlalchemy import Table

from data.releases import AnyOf, Derived, Level, Of, Own, Release, release
from gazetteer.approvals.tables import (
    approval,
    approval_opinion,
    approval_paper,
    approval_step,
    expert,
)
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.heritage.tables import (
    heritage,
    heritage_evidence,
    heritage_inspection,
    heritage_picture,
    heritage_story,
)
from gazetteer.identifiers.tables import identifier
from gazetteer.indicators.tables import publication
from gazetteer.search.tables import DIVISION, PLACE, search_form, search_term
from gazetteer.signs.tables import (
    sign,
    sign_inspection,
    sign_repair,
    sign_submission,
    sign_submission_report,
)
from gazetteer.statistics.marks import Mark
from gazetteer.statistics.tables import name_tally, name_year, place_fact
from gazetteer.tables import division, place, place_extra, place_name

_OWN_FILE: Final = (
    "EXISTS ({codes}) OR EXISTS (SELECT 1 FROM ({own}) me"
    " WHERE substr({p}.sent_by, 1, length(me.code) + 2) = me.code || ' (')"
)
_MY_CASE: Final = (
    "EXISTS (SELECT 1 FROM {main}approval_opinion asked JOIN {main}expert me"
    " ON me.id = asked.expert_id WHERE asked.approval_id = {p}.id AND me.account IN ({own}))"
)
"""An expert sees the cases that he or she was asked about."""

_FACTS: Final = "FROM {main}place_fact t WHERE {seen}"
_TALLY: Final = (
    "SELECT SUBSTR(t.division_code, 1, 6) AS county_code, t.category_code, t.status, t.heritage,"
    " COUNT(*) AS count, "
    + ", ".join(
        f"SUM(CASE WHEN (t.marks & {mark.value}) <> 0 THEN 1 ELSE 0 END) AS {mark.column}"
        for mark in Mark
    )
    + f" {_FACTS} GROUP BY 1, 2, 3, 4"
)
_YEARS: Final = (
    "SELECT y.year, y.county_code, SUM(y.begun) AS begun, SUM(y.ended) AS ended FROM ("
    "SELECT t.begun_year AS year, SUBSTR(t.division_code, 1, 6) AS county_code, 1 AS begun,"
    f" 0 AS ended {_FACTS} AND t.begun_year IS NOT NULL UNION ALL"
    " SELECT t.ended_year, SUBSTR(t.division_code, 1, 6), 0, 1"
    f" {_FACTS} AND t.ended_year IS NOT NULL) y GROUP BY 1, 2"
)
"""The sums of `gazetteer.statistics`, over the names that a reader sees."""

_BODIES: Final = ("division_code", "approving_code", "filing_code", "announcing_code")
_RELEASES: Final[tuple[tuple[Table, Release], ...]] = (
    (division, Own(("code",))),
    (place, Own(("division_code",))),
    (place_name, Of(place, "place_id")),
    (place_extra, Of(place, "place_id", Level.INTERNAL)),
    (division_event, Own()),
    (division_event_line, Of(division_event, "event_id")),
    (
        identifier,
        AnyOf((Of(place, "place_id"), Of(division, "division_code", key="code"))),
    ),
    (publication, Own(("division_code",))),
    (heritage, Own(("division_code",))),
    (heritage_evidence, Of(heritage, "heritage_id")),
    (heritage_picture, Of(heritage, "heritage_id")),
    (heritage_story, Of(heritage, "heritage_id")),
    (heritage_inspection, Of(heritage, "heritage_id", Level.INTERNAL)),
    (sign, Own(("division_code",))),
    (sign_inspection, Of(sign, "sign_id", Level.INTERNAL)),
    (sign_repair, Of(sign, "sign_id", Level.INTERNAL)),
    (sign_submission, Own((), _OWN_FILE)),
    (sign_submission_report, Of(sign_submission, "submission_id")),
    (approval, Own(_BODIES, _MY_CASE)),
    (approval_step, Of(approval, "approval_id")),
    (approval_paper, Of(approval, "approval_id")),
    (approval_opinion, Of(approval, "approval_id")),
    (expert, Own(("division_code",), "{p}.account IN ({own})")),
    (place_fact, Of(place, "place_id")),
    (name_tally, Derived(place_fact, _TALLY)),
    (name_year, Derived(place_fact, _YEARS)),
    (
        search_form,
        AnyOf(
            (
                Of(place, "target_id", where=f"{{t}}.feature = {PLACE}"),
                Of(division, "target_id", where=f"{{t}}.feature = {DIVISION}"),
            )
        ),
    ),
    (search_term, Of(search_form, "ordinal", key="ordinal")),
)


def declare_releases() -> None:
    """Say of every table of this floor how its records are released."""
    for table, how in _RELEASES:
        release(table, how)
