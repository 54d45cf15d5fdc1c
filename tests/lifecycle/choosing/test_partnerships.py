"""The priority partnerships of a year, as they are on record."""

from lifecycle.choosing.partnerships import priority_partnerships
from lifecycle.dossiers import Part, dossiers
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.conftest import Staging
from tests.stage import Stage, policy_file


def prioritised(stage: Stage, year: int) -> list[tuple[Ref, int]]:
    """Return the priority partnerships of a year, each with its line."""
    with stage.store.reading() as reader:
        found = priority_partnerships(dossiers(reader, Part.RECORDS), year)
        return [(one.dossier.ref, one.n) for one in found]


def test_priority_partnerships_of_a_year_are_listed_once_each(staged: Staging) -> None:
    """By their records that count (R13): not for another year, nor declined, nor retracted."""
    stage = staged(policy_file({"priority_partnerships_per_year": None}))
    first, other, ended, declined = (
        stage.reach(State.ACTIVE),
        stage.propose(),
        stage.reach(State.EVALUATION),
        stage.reach(State.DECISION),
    )
    lines: dict[Ref, int] = {}
    for ref in (first, first, ended, declined, other):
        lines.setdefault(ref, stage.record(ref, Record("priority", stage.day, year=2027)).n)
    stage.correct_record(other, lines[other], Record("priority", stage.day, year=2028))
    stage.pull(declined, Trigger.DECLINE)
    stage.pull(ended, Trigger.SUNSET)
    assert prioritised(stage, 2027) == [(first, lines[first]), (ended, lines[ended])]
    assert [ref for ref, _n in prioritised(stage, 2028)] == [other]
