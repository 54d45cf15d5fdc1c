"""An agreement's dates for calendars: what is watched, and what comes after it."""

from datetime import date, timedelta

import msgspec

from lifecycle.dates import Dated, dates
from states.ref import Ref
from states.vocabulary import Rule, State
from states.watch import Watch
from tests.builders import START
from tests.stage import Stage

END = date(2029, 12, 31)


def of(stage: Stage, ref: Ref) -> list[Dated]:
    """Return an agreement's dates."""
    with stage.store.reading() as reader:
        batch = reader.dated(ref.key - 1, 1)
    return [
        one
        for standing, _changed, watches in batch
        if standing.key == ref.key
        for one in dates(standing, watches)
    ]


def on(found: list[Dated], rule: Rule) -> list[date]:
    """Return the days of a rule."""
    return [one.day for one in found if one.rule is rule]


def test_a_signed_agreement_has_its_first_and_its_last_day(stage: Stage) -> None:
    """Only the first is watched until the term has begun; the end comes all the same."""
    found = of(stage, stage.reach(State.SIGNED))
    assert on(found, Rule.TERM_STARTS) == [START]
    assert on(found, Rule.TERM_OVER) == [END]
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_an_active_agreement_has_its_last_day_once(stage: Stage) -> None:
    """It is the last day that is included, as the document has it, and not the day after."""
    ref = stage.reach(State.ACTIVE)
    found = of(stage, ref)
    assert on(found, Rule.TERM_OVER) == [END]
    assert not on(found, Rule.TERM_STARTS)
    [project] = stage.document(ref).projects
    assert on(found, Rule.PROJECT_ENDED) == [project.end]
    assert {one.item for one in found if one.rule is Rule.MILESTONE_DUE}


def test_a_review_that_stands_beside_a_term_is_a_date_too(stage: Stage) -> None:
    """Though the term's end is what is watched."""
    ref = stage.reach(State.ACTIVE)
    review = START + timedelta(days=400)
    standing = msgspec.structs.replace(stage.standing(ref), review=review)
    assert on(dates(standing, ()), Rule.REVIEW_DUE) == [review]
    watched = Watch(Rule.REVIEW_DUE, "", review, None)
    assert on(dates(standing, [watched]), Rule.REVIEW_DUE) == [review]


def test_words_are_the_same_on_whatever_day_they_are_asked_for(stage: Stage) -> None:
    """Told as of before the day, since a calendar is looked at for years."""
    ref = stage.reach(State.SIGNED)
    [one] = [one for one in of(stage, ref) if one.rule is Rule.TERM_OVER]
    assert one.telling.message == f"its term ends on {END}"


def test_what_is_over_or_void_has_no_dates(stage: Stage) -> None:
    """A concluded one has those of what is owed for it, and no end any more."""
    assert not of(stage, stage.reach(State.SUNSET))
    evaluated = of(stage, stage.reach(State.EVALUATION))
    assert on(evaluated, Rule.DECISION_DUE)
    assert not on(evaluated, Rule.TERM_OVER)
    signed = stage.reach(State.SIGNED)
    void = msgspec.structs.replace(stage.standing(signed), voided="error")
    assert not dates(void, ())


def test_an_agreement_without_a_term_has_its_review(stage: Stage) -> None:
    """Nothing is ever without a juncture."""
    ref = stage.take_over()
    assert len(on(of(stage, ref), Rule.REVIEW_DUE)) == 1
