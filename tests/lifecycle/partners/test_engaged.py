"""What alternative partners were to do, and what the record says that they did (R24, R36)."""

from datetime import date
from decimal import Decimal

from lifecycle.partners.engaged import engaged
from states.records import Record
from tests.builders import complete_objective, complete_project
from tests.lifecycle.partners.made import BOARD, KYIV, dossier, with_parties

REACHED = "businesses reached"
THEIRS = complete_project(objectives=(complete_objective(responsible="BOARD OF TRADE"),))
OURS = complete_project(id="ours")


def actual(on: date, value: int, project: str | None = "trade-mission") -> Record:
    """Return how many businesses were reached by a day."""
    return Record("actual", on, item=REACHED, value=Decimal(value), project=project, source="List")


def test_r36_an_alternative_partner_is_told_with_the_results_it_answers_for() -> None:
    """Of each objective that names it, the latest actual of each indicator with its line."""
    facts = (
        actual(date(2028, 5, 1), 30),
        actual(date(2028, 5, 1), 31, None),
        actual(date(2028, 1, 1), 12),
        actual(date(2028, 6, 1), 99, "ours"),
        Record("actual", date(2028, 6, 1), item="other", value=Decimal(1), project="trade-mission"),
    )
    first = dossier(1, with_parties(BOARD, KYIV, projects=(THEIRS, OURS)), *facts)
    second = dossier(2, with_parties(BOARD, projects=(THEIRS,)))
    found = engaged([first, second, dossier(3, with_parties(KYIV, projects=(THEIRS,)))], BOARD)
    assert [str(ref) for ref in found.refs] == ["TOR-2026-001", "TOR-2026-002"]
    (task, unmeasured) = found.tasks
    assert (task.project, task.objective) == (THEIRS, THEIRS.objectives[0])
    assert [(one.n, one.actual) for one in task.measured] == [(12, facts[1])]
    assert [(one.n, one.actual) for one in unmeasured.measured] == [(None, None)]


def test_r24_records_that_name_an_alternative_partner_are_told_as_what_it_did() -> None:
    """By whole words, in the text or as the source, under any of its names."""
    named = (
        Record("activity", date(2027, 4, 1), "The board of trade hosted the mission."),
        Record("activity", date(2027, 4, 1), "A scoreboard of trades."),
        Record("actual", date(2027, 4, 1), item=REACHED, source="Board of Trade, survey"),
        Record("note", date(2027, 4, 1), "Met BoT."),
        Record("annual", date(2027, 4, 1), "Board of Trade", year=2027),
    )
    one = dossier(1, with_parties(BOARD, KYIV), *named)
    found = engaged([one], BOARD, ("BoT",))
    assert [mention.n for mention in found.mentions] == [11, 13, 14]
    assert engaged([one], KYIV).mentions == ()
