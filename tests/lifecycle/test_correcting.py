"""Correcting a record or a sheet by a compensating entry."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lifecycle.correcting import sheet_kind
from lifecycle.order import Receipt
from lifecycle.subjects import of_sheet
from states.agreement import Term
from states.codec import decode
from states.problem import InvalidInputError
from states.records import RETRACTED, Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, complete_agreement, evaluation, score_sheet
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, codes

NOTE = Record("note", FIRST_DAY, text="They called.")
REACHED = "businesses reached"
LOWER = score_sheet(factors=dict.fromkeys(score_sheet().factors, "Yes, but late."))


def recorded(stage: Stage, ref: Ref) -> list[tuple[str, str]]:
    """Return the kinds and texts of the records that count."""
    with stage.store.reading() as reader:
        return [(record.kind, record.text) for _n, record in reader.records(ref.key)]


def by_two(stage: Stage, ref: Ref, n: int, sheet: ScoreSheet | Evaluation) -> Receipt:
    """Correct a sheet as staff with a decider's approval of exactly this."""
    assert not stage.approve(ref, "correct", of_sheet(n, sheet)).refused
    return stage.correct_sheet(ref, n, sheet)


def test_record_is_corrected_by_a_line_that_names_the_wrong_one(city: Stage) -> None:
    """Staff's, like the record; the version stays and the wrong one too."""
    ref = city.propose()
    n = city.record(ref, NOTE).n
    receipt = city.correct_record(ref, n, replace(NOTE, text="They wrote."), actor=BEN)
    assert (receipt.event, receipt.outcome, receipt.version) == (Event.CORRECTED, Outcome.OK, 1)
    assert recorded(city, ref) == [("note", "They wrote.")]
    with city.store.reading() as reader:
        (content,) = reader.beside(ref.key, receipt.n)
        assert (content.corrects, reader.corrected(ref.key)) == (n, frozenset({n}))
    assert city.last(ref).role is Role.STAFF
    assert city.verify() == []


def test_record_is_retracted_where_nothing_takes_its_place(city: Stage) -> None:
    """With its reason, if one is given."""
    ref = city.propose()
    for reason in ("It was another city.", None):
        n = city.record(ref, NOTE).n
        line = city.correct_record(ref, n, None, reason=reason).n
        with city.store.reading() as reader:
            (content,) = [part for part in reader.beside(ref.key, line) if part.part == "content"]
        assert content.kind == RETRACTED
        assert decode(Record, content.body).text == (reason or NOTE.text)
    assert recorded(city, ref) == []
    assert city.verify() == []


def test_corrected_record_counts_no_more(city: Stage) -> None:
    """An annual report of another year takes the place of the wrong one."""
    ref = city.propose()
    wrong = Record("annual", FIRST_DAY, text="All went well.", year=2025)
    n = city.record(ref, wrong).n
    second = city.correct_record(ref, n, replace(wrong, year=2026)).n
    with city.store.unit() as unit:
        assert unit.annual_years(ref.key) == {2026}
    city.correct_record(ref, second, None)
    with city.store.unit() as unit:
        assert unit.annual_years(ref.key) == frozenset()
    assert city.verify() == []


def test_line_without_a_record_that_counts_is_bad_input(city: Stage) -> None:
    """None, one that was corrected already, or a retraction."""
    ref = city.propose()
    n = city.record(ref, NOTE).n
    retraction = city.correct_record(ref, n, None).n
    for line in (1, n, retraction, 99):
        with pytest.raises(InvalidInputError) as caught:
            city.correct_record(ref, line, NOTE)
        assert [problem.code for problem in caught.value.problems] == ["no_record"]


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (Record("activity", FIRST_DAY, text="A mission."), "other_kind"),
        (Record("note", FIRST_DAY + timedelta(days=1), text="Soon."), "future"),
        (Record("actual", FIRST_DAY, item=REACHED, value=Decimal(1), source="y"), "other_kind"),
        (Record("note", FIRST_DAY, text="Seen.", project="other"), "not_allowed"),
        (Record("deferral", FIRST_DAY, text="Later.", until=date(2026, 10, 1)), "deferral"),
    ],
)
def test_correction_of_another_kind_or_of_the_future_is_bad_input(
    city: Stage, fact: Record, code: str
) -> None:
    """It is held against what a record of its kind is held against."""
    ref = city.propose()
    n = city.record(ref, NOTE).n
    with pytest.raises(InvalidInputError) as caught:
        city.correct_record(ref, n, fact)
    assert code in [problem.code for problem in caught.value.problems]


def test_deferral_is_neither_corrected_nor_retracted(city: Stage) -> None:
    """It is a decider's, and moves what is owed."""
    ref = city.reach(State.DECISION)
    until = city.day + timedelta(days=30)
    fact = Record("deferral", city.day, text="Wait for the budget.", until=until)
    n = city.record(ref, fact, actor=DORA).n
    for instead in (None, replace(fact, until=until + timedelta(days=1))):
        with pytest.raises(InvalidInputError) as caught:
            city.correct_record(ref, n, instead)
        assert [problem.code for problem in caught.value.problems] == ["deferral"]
    assert city.fields(ref, "deferred", "due") == (until, until)
    assert city.verify() == []


@pytest.mark.parametrize("state", [State.NEGOTIATION, State.SUNSET])
def test_scores_are_corrected_by_two_people(city: Stage, state: State) -> None:
    """Also when their decision was long ago; the corrected ones count."""
    ref = city.reach(state)
    n = city.standing(ref).score_n or 0
    receipt, line = by_two(city, ref, n, LOWER), city.last(ref)
    assert (receipt.event, receipt.outcome, receipt.to) == (Event.CORRECTED, Outcome.OK, None)
    assert (line.actor.id, line.approver) == (ANNA, DORA)
    assert city.fields(ref, "score_n", "approvals") == (receipt.n, ())
    with city.store.unit() as unit:
        assert unit.sheet(ScoreSheet, ref.key, receipt.n) == LOWER
    assert city.verify() == []


def test_evaluation_is_corrected_by_two_people(city: Stage) -> None:
    """It stays the one of its term."""
    ref = city.reach(State.RENEWAL)
    n = city.standing(ref).evaluation_n or 0
    receipt = by_two(city, ref, n, evaluation(projects=()))
    assert city.fields(ref, "evaluation_n", "evaluation_term") == (receipt.n, 1)
    assert city.verify() == []


def test_first_terms_corrected_evaluation_is_not_the_second_terms(city: Stage) -> None:
    """A new term is decided on its own evaluation."""
    ref = city.along(NEXT_TERM)
    begins = city.day.replace(year=city.day.year + 1, month=1, day=1)
    ends = begins.replace(year=begins.year + 3) - timedelta(days=1)
    project = replace(complete_agreement().projects[0], start=begins, end=ends, examined=ends)
    city.apply(ref, complete_agreement(term=Term(begins, ends), projects=(project,), milestones=()))
    for trigger in (Trigger.SIGN, Trigger.ACTIVATE, Trigger.TERMINATE):
        city.pull(ref, trigger)
    n = city.standing(ref).evaluation_n or 0
    by_two(city, ref, n, evaluation())
    assert city.fields(ref, "signed_term", "evaluation_term") == (2, 1)
    assert "evaluation.missing" in codes(city.advance(ref, Trigger.RENEW))
    assert city.verify() == []


def test_other_line_or_other_sheet_is_bad_input(city: Stage) -> None:
    """Only the sheet that counts today is corrected, by one of its kind."""
    ref = city.reach(State.DECISION)
    old, new = city.score(ref).n, city.score(ref).n
    for line, sheet, code in (
        (old, LOWER, "no_sheet"),
        (1, LOWER, "no_sheet"),
        (new, evaluation(), "other_kind"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            city.correct_sheet(ref, line, sheet)
        assert [problem.code for problem in caught.value.problems] == [code]


def test_same_key_corrects_once(city: Stage) -> None:
    """A retry is answered with the first receipt, for records and for sheets."""
    ref = city.propose()
    n = city.record(ref, NOTE).n
    first = city.correct_record(ref, n, None, key="k")
    assert city.correct_record(ref, n, None, key="k").entry == first.entry
    line = city.score(ref).n
    city.approve(ref, "correct", of_sheet(line, LOWER))
    second = city.correct_sheet(ref, line, LOWER, key="l")
    assert city.correct_sheet(ref, line, LOWER, key="l").entry == second.entry


def test_agreement_changed_meanwhile_or_void_is_not_corrected(city: Stage) -> None:
    """Neither its records nor its sheets."""
    ref = city.propose()
    n, line = city.record(ref, NOTE).n, city.score(ref).n
    assert codes(city.correct_record(ref, n, None, expect_version=9)) == ["version_conflict"]
    assert codes(city.correct_sheet(ref, line, LOWER, expect_version=9)) == ["version_conflict"]
    city.voided(ref)
    assert codes(city.correct_record(ref, n, None)) == ["agreement.void"]
    assert codes(city.correct_sheet(ref, line, LOWER)) == ["agreement.void"]
    assert city.verify() == []


def test_what_stands_beside_a_line_is_told_by_its_kind(city: Stage) -> None:
    """So that who corrects a line knows what it brought."""
    ref = city.propose()
    lines = (1, city.record(ref, NOTE).n, city.score(ref, reason="As seen.").n)
    with city.store.unit() as unit:
        assert [sheet_kind(unit, ref, n) for n in lines] == [None, "record.note", "scores"]
