"""Every division's work with one partner, together (R35)."""

from datetime import date
from decimal import Decimal

from lifecycle.partners.divisions import divisions
from states.records import Record
from tests.builders import complete_project
from tests.lifecycle.partners.made import KYIV, dossier, with_parties

MISSION = complete_project(division="Economic Development")
FESTIVAL = complete_project(name="Festival", id="festival", start=date(2028, 5, 1))
SPENT = Record(
    "expenditure", date(2028, 1, 9), value=Decimal(9), currency="CAD", project="festival", year=2027
)


def test_r35_the_work_of_every_division_with_one_partner_stands_together() -> None:
    """A record is of its own division, else of its project's, else of its agreement's."""
    held = Record("activity", date(2027, 4, 1), "Mission held.", project="trade-mission")
    visit = Record("activity", date(2027, 3, 1), "A visit.", division="ECONOMIC  development")
    note = Record("note", date(2027, 3, 1), "No work.")
    agreement = with_parties(KYIV, projects=(MISSION, FESTIVAL), division="Culture")
    other = with_parties(KYIV, projects=(), division=" ")
    alone = Record("activity", date(2026, 1, 1), "A talk.")
    first = dossier(1, agreement, held, visit, note, SPENT)
    culture, economic, unstated = divisions([first, dossier(2, other, alone)])
    assert (culture.name, economic.name, unstated.name) == (
        "Culture",
        "Economic Development",
        None,
    )
    assert [(work.kind, work.year, work.n) for work in culture.work] == [
        ("expenditure", 2027, 14),
        ("project", 2028, None),
    ]
    assert [(work.kind, work.year, work.n) for work in economic.work] == [
        ("project", 2027, None),
        ("activity", 2027, 12),
        ("activity", 2027, 11),
    ]
    assert [work.record for work in unstated.work] == [alone]
    assert [work.project for work in economic.work] == [MISSION, None, MISSION]


def test_r35_a_project_whose_start_nobody_knows_is_of_no_year() -> None:
    """Neither it nor its term says when it begins; it comes first."""
    (none,) = divisions(
        [dossier(1, with_parties(KYIV, term=None), Record("activity", date(2029, 6, 30)))]
    )
    assert [(work.kind, work.year) for work in none.work] == [("project", None), ("activity", 2029)]
