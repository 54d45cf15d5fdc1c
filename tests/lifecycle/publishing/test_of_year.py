"""The public reports on years: the annual report's figures, and what agreements reported."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from lifecycle.dossiers import dossiers
from lifecycle.publishing.of_agreement import PARTS as OF_AGREEMENT
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_year import PARTS, YearsTally
from lifecycle.publishing.public_year import PublicReport
from lifecycle.publishing.signed import wanted
from lifecycle.results.program import figures, program_year
from lifecycle.subjects import of_document
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import (
    START,
    complete_agreement,
    complete_objective,
    complete_project,
    policy,
)
from tests.lifecycle.publishing.published import showing
from tests.stage import NEXT_TERM, Stage


def reports(stage: Stage) -> dict[int, PublicReport]:
    """Return the public reports on all years, by year."""
    rules, tally = showing(State.PROPOSAL), YearsTally(policy(), stage.day)
    with stage.store.reading() as reader:
        for dossier in dossiers(reader, *PARTS, *OF_AGREEMENT, wanted=wanted(rules)):
            public = public_agreement(dossier, rules, stage.day)
            assert public is not None
            tally.add(dossier, public)
    return {one.year: one for one in tally.reports()}


def measured(stage: Stage, ref: Ref, value: int) -> None:
    """Record what an indicator is at."""
    fact = Record(
        "actual", stage.day, item="businesses reached", value=Decimal(value), source="A count"
    )
    assert not stage.record(ref, fact).refused


def story(stage: Stage) -> tuple[Ref, Ref]:
    """Let two agreements have three years: one with reports, amended; one in its second term."""
    investing = complete_objective(kind="attract_investment")
    first = stage.reach(
        State.ACTIVE, complete_agreement(projects=(complete_project(objectives=(investing,)),))
    )
    stage.propose()
    measured(stage, first, 10)
    stage.record(first, Record("milestone", stage.day, item="first-mission"))
    stage.record(first, Record("annual", stage.day, "Two missions.", year=2027, item="goals"))
    stage.on(date(2028, 3, 1))
    stage.record(first, Record("annual", stage.day, "All went well.", year=2027))
    plant = Record("annual", stage.day, "A plant.", year=2028, item="investments", source="Letter")
    stage.record(first, replace(plant, value=Decimal(7), currency="CAD"))
    measured(stage, first, 30)
    amended = replace(stage.document(first), reporting="Each spring.")
    stage.approve(first, "amend", of_document(amended))
    assert not stage.amend(first, amended).refused
    second = stage.along(NEXT_TERM)
    stage.apply(second, complete_agreement(title="Never agreed on"))
    return first, second


def test_r39_figures_are_those_of_the_annual_report_in_every_year(stage: Stage) -> None:
    """Though they are added up agreement by agreement."""
    story(stage)
    found = reports(stage)
    assert list(found) == [2028, 2027]
    assert [one.over for one in found.values()] == [False, True]
    for year, report in found.items():
        with stage.store.reading() as reader:
            whole = program_year(reader, policy(), year, stage.day, wanted(policy()))
        told = [(one.name, one.unit, one.value) for one in report.figures]
        assert told == [(one.code, one.unit, one.value) for one in figures(whole)]
    sums = [(one.unit, one.value) for one in found[2028].figures if one.name == "new_investments"]
    assert sums == [("CAD", Decimal(7)), ("businesses", Decimal(20))]


def test_r39_year_tells_what_was_reported_met_and_measured_in_it(stage: Stage) -> None:
    """With the progress of then; what has nothing to tell is not listed."""
    first, second = story(stage)
    found = reports(stage)
    (own,) = [one for one in found[2027].agreements if one.ref == str(first)]
    assert (own.goals, own.summary) == (("Two missions.",), ("All went well.",))
    assert [(one.status, one.met) for one in own.milestones] == [("met", START)]
    assert [(one.actual, one.done) for one in own.indicators] == [(Decimal(10), 25)]
    (later,) = [one for one in found[2028].agreements if one.ref == str(first)]
    assert later.investments == ("A plant.",)
    assert [(one.actual, one.done) for one in later.indicators] == [(Decimal(30), 75)]
    titles = {one.title for report in found.values() for one in report.agreements}
    assert titles == {"Trade and innovation with Chongqing"}
    assert str(second) in {one.ref for one in found[2028].agreements}


def test_year_in_which_nothing_was_in_force_is_told_by_what_was_reported_of_it(
    stage: Stage,
) -> None:
    """Without figures, since there are none."""
    ref = stage.reach(State.ACTIVE, complete_agreement(milestones=()))
    stage.record(ref, Record("annual", stage.day, "The year of the talks.", year=2025))
    found = reports(stage)
    assert list(found) == [2027, 2025]
    assert (found[2025].figures, found[2025].agreements[0].summary) == (
        (),
        ("The year of the talks.",),
    )
    assert (len(found[2027].figures) > 0, found[2027].agreements) == (True, ())


def test_agreement_that_ended_is_in_no_year_after(stage: Stage) -> None:
    """It was in force in its own years, to which its documents of then belong."""
    ref = stage.reach(State.ACTIVE)
    stage.on(START + timedelta(days=100)).pull(ref, Trigger.TERMINATE)
    stage.pull(ref, Trigger.SUNSET)
    stage.on(date(2030, 5, 1))
    assert list(reports(stage)) == [2027]
