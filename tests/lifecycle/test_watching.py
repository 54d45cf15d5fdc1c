"""What is watched of an agreement: derived from its row, its document and its records."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace as restated

from guards.policy import Policy
from lifecycle.watching import (
    WATCHED_IN,
    astray,
    juncture,
    moved_on,
    same_watch,
    watches,
)
from states.agreement import Agreement, Endorsement, Obligation
from states.records import Record
from states.standing import Approval, Standing
from states.table import TRANSITIONS
from states.vocabulary import IN_FORCE, DueRule, Guard, Role, Rule, Severity, State
from states.watch import JUNCTURES
from tests.builders import (
    END,
    SIGNED,
    complete_agreement,
    complete_objective,
    complete_project,
    open_ended_policy,
    policy,
    policy_with_type,
    standing,
)

EXAMINED = date(2029, 9, 30)
PROJECT = complete_project(id="mission", end=date(2029, 6, 30), examined=EXAMINED)
AGREEMENT = complete_agreement(
    projects=(PROJECT,), obligations=(Obligation("o1", "partner", "A report.", date(2028, 5, 1)),)
)


def active(**changes: object) -> Standing:
    """Return an agreement that was signed under the program and runs."""
    known = {
        "state": State.ACTIVE,
        "signed_on": SIGNED.isoformat(),
        "signed_term": 1,
        "opened_on": date(2026, 9, 1),
        "due": END + timedelta(days=1),
        "due_rule": DueRule.TERM_OVER,
        "activated": True,
    }
    return restated(standing(), **{**known, **changes})


def dates(
    row: Standing,
    *records: Record,
    agreement: Agreement = AGREEMENT,
    rules: Policy | None = None,
) -> dict[tuple[Rule, str], date]:
    """Return the dates that are watched, by rule and item."""
    found = watches(row, agreement, records, rules or policy())
    return {(watch.rule, watch.item): watch.due for watch in found}


def test_running_agreement_is_watched_for_all_that_it_owes() -> None:
    """Its juncture, project, milestone, obligation, reports, activity, publication."""
    found = dates(active())
    (milestone,) = AGREEMENT.milestones
    assert found == {
        (Rule.TERM_OVER, ""): date(2030, 1, 1),
        (Rule.PROJECT_ENDED, "mission"): date(2029, 7, 1),
        (Rule.EXAMINATION_DUE, "mission"): EXAMINED,
        (Rule.MILESTONE_DUE, milestone.id or ""): milestone.due,
        (Rule.OBLIGATION_DUE, "o1"): date(2028, 5, 1),
        (Rule.DORMANT, ""): date(2029, 1, 1),
        (Rule.UNPUBLISHED, ""): SIGNED + timedelta(days=30),
        (Rule.ANNUAL_DUE, "2027"): date(2028, 3, 31),
        (Rule.ANNUAL_DUE, "2028"): date(2029, 4, 1),
        (Rule.ANNUAL_DUE, "2029"): date(2030, 4, 1),
    }


def test_what_is_on_record_is_watched_no_more() -> None:
    """A milestone met, an obligation answered, a report given."""
    (milestone,) = AGREEMENT.milestones
    found = dates(
        active(),
        Record("milestone", date(2027, 9, 1), item=milestone.id),
        Record("obligation", date(2028, 4, 1), item="o1", outcome="delivered"),
        Record("annual", date(2028, 2, 1), "What was done.", year=2027),
    )
    gone = {(Rule.MILESTONE_DUE, milestone.id), (Rule.OBLIGATION_DUE, "o1")}
    assert not {*gone, (Rule.ANNUAL_DUE, "2027")} & set(found)
    assert (Rule.ANNUAL_DUE, "2028") in found


@pytest.mark.parametrize(
    ("record", "wakes"),
    [
        (Record("activity", date(2028, 3, 5), "A visit."), True),
        (Record("actual", date(2028, 3, 5), item="x", value=Decimal(1), source="s"), True),
        (Record("correspondence", date(2028, 3, 5), "A letter.", direction="received"), True),
        (Record("correspondence", date(2028, 3, 5), "A letter.", direction="sent"), False),
        (Record("note", date(2028, 3, 5), "A thought."), False),
        (Record("annual", date(2028, 3, 5), "A report.", year=2027), False),
    ],
)
def test_only_what_was_done_or_received_ends_dormancy(record: Record, *, wakes: bool) -> None:
    """A letter sent, a note or a report says nothing of life on the other side (R46)."""
    due = dates(active(), record)[(Rule.DORMANT, "")]
    assert due == (date(2030, 3, 5) if wakes else date(2029, 1, 1))


def test_project_whose_results_were_measured_at_its_end_is_examined() -> None:
    """Each indicator once, on or after the project's last day; earlier figures don't do (R21)."""
    name = "businesses reached"
    early = Record("actual", date(2028, 1, 1), item=name, value=Decimal(5), source="s")
    late = replace(early, on=date(2029, 6, 30), project="mission")
    assert (Rule.EXAMINATION_DUE, "mission") in dates(active(), early)
    assert (Rule.EXAMINATION_DUE, "mission") not in dates(active(), early, late)
    assert (Rule.EXAMINATION_DUE, "mission") not in dates(active(), replace(late, project=None))
    assert (Rule.EXAMINATION_DUE, "mission") in dates(active(), replace(late, item="other"))


def test_project_without_a_day_or_an_indicator_is_watched_for_what_it_states() -> None:
    """A draft may lack them."""
    bare = complete_project(id="bare", end=None, examined=None)
    plain = complete_project(
        id="plain", end=END, examined=None, objectives=(complete_objective(indicators=()),)
    )
    found = dates(active(), agreement=complete_agreement(projects=(bare, plain)))
    assert {at for at in found if at[0] in {Rule.PROJECT_ENDED, Rule.EXAMINATION_DUE}} == {
        (Rule.PROJECT_ENDED, "plain")
    }


def test_later_term_does_not_count_what_was_done_in_the_one_before() -> None:
    """Its milestones and obligations are its own (R43); a year's report stays a year's report."""
    (milestone,) = AGREEMENT.milestones
    done = Record("milestone", date(2027, 9, 1), item=milestone.id)
    report = Record("annual", date(2027, 9, 1), "Done.", year=2030)
    begun = {"term": 2, "signed_term": 2, "signed_on": "2029-12-01"}
    begun |= {"term_start": date(2030, 1, 1)}
    later = active(**begun, term_end=date(2032, 12, 31))
    found = dates(later, done, report)
    assert (Rule.MILESTONE_DUE, milestone.id) in found
    assert [at for at in found if at[0] is Rule.ANNUAL_DUE] == [
        (Rule.ANNUAL_DUE, "2031"),
        (Rule.ANNUAL_DUE, "2032"),
    ]
    undated = active(term=2, signed_term=2, term_start=None, term_end=None)
    assert (Rule.MILESTONE_DUE, milestone.id) not in dates(undated, done)


def test_agreement_without_an_end_owes_the_next_report() -> None:
    """One at a time, since its years never end."""
    row = active(term_start=None, term_end=None, review=date(2028, 1, 1), due=date(2028, 1, 1))
    rules = open_ended_policy()
    first = [at for at in dates(row, rules=rules) if at[0] is Rule.ANNUAL_DUE]
    report = Record("annual", date(2027, 9, 1), "Done.", year=2026)
    second = [at for at in dates(row, report, rules=rules) if at[0] is Rule.ANNUAL_DUE]
    assert (first, second) == ([(Rule.ANNUAL_DUE, "2026")], [(Rule.ANNUAL_DUE, "2027")])


def test_what_was_taken_over_counts_from_the_day_of_entry() -> None:
    """Nobody is told that it was dormant, or unreported, for the decades before."""
    row = active(
        type="mou",
        taken_over=True,
        signed_on="1986",
        term_start=None,
        term_end=None,
        opened_on=date(2026, 9, 1),
        due=date(2027, 9, 1),
        due_rule=DueRule.REVIEW_DUE,
    )
    found = dates(row, agreement=complete_agreement(type="mou", projects=(), milestones=()))
    assert found == {
        (Rule.REVIEW_DUE, ""): date(2027, 9, 1),
        (Rule.DORMANT, ""): date(2028, 9, 1),
        (Rule.NOT_RECLASSIFIED, ""): date(2026, 9, 1),
    }


def test_entry_of_which_no_day_is_known_counts_from_its_last_move() -> None:
    """A row of the first release says no day of entry until it is upgraded."""
    row = active(taken_over=True, signed_on="1986", opened_on=None, entered_on=date(2027, 2, 3))
    assert dates(row)[(Rule.DORMANT, "")] == date(2029, 2, 3)


def test_type_that_the_policy_does_not_know_is_watched_for_its_document() -> None:
    """What the policy would say of its type nobody can know."""
    found = dates(active(type="unheard-of"))
    assert (Rule.MILESTONE_DUE, "first-mission") in found
    assert (Rule.DORMANT, "") not in found


def test_publication_is_not_watched_where_the_policy_switches_its_guard_off() -> None:
    """Nor told of."""
    off = policy(guards={Guard.PUBLISHED: Severity.OFF})
    assert (Rule.UNPUBLISHED, "") not in dates(active(), rules=off)


def test_endorsement_and_approvals_are_watched_until_they_run_out() -> None:
    """The day after their last; an endorsement only where the type asks for one (R29)."""
    until = date(2026, 12, 31)
    approval = Approval("sign", "dora", "2026-11-01T00:00:00.000000Z", 5, "", until)
    row = active(state=State.NEGOTIATION, signed_term=None, signed_on=None, approvals=(approval,))
    endorsed = complete_agreement(endorsement=Endorsement("Councillor X", date(2026, 11, 2), until))
    asked = policy_with_type(endorsement=True)
    found = dates(row, agreement=endorsed, rules=asked)
    day = date(2027, 1, 1)
    assert found[(Rule.ENDORSEMENT_ENDS, "")] == found[(Rule.APPROVAL_ENDS, "sign by dora")] == day
    assert (Rule.ENDORSEMENT_ENDS, "") not in dates(row, agreement=endorsed)


@pytest.mark.parametrize("changes", [{"state": State.SUNSET}, {"voided": "error"}])
def test_what_is_over_is_watched_no_more(changes: dict[str, object]) -> None:
    """Neither what was sunset nor what was voided."""
    assert dates(active(**changes)) == {}


def test_draft_is_watched_for_its_decision_and_for_nothing_that_it_would_owe() -> None:
    """A milestone that nobody agreed on yet is not late."""
    row = restated(
        standing(), state=State.DECISION, due=date(2027, 1, 1), due_rule=DueRule.DECISION_DUE
    )
    assert dates(row) == {(Rule.DECISION_DUE, ""): date(2027, 1, 1)}
    assert juncture(restated(row, due=None, due_rule=None), policy()) == ()


def test_systems_own_moves_lead_into_no_state_that_asks_more() -> None:
    """They write junctures and nothing else, so that what a state asks was watched before it."""
    for row in TRANSITIONS:
        if Role.SCHEDULER not in row.by:
            continue
        for source in row.sources:
            if source not in IN_FORCE:
                continue
            asked = {rule for rule, states in WATCHED_IN.items() if row.target in states}
            before = {rule for rule, states in WATCHED_IN.items() if source in states}
            assert asked - before <= JUNCTURES, (source, row.target)


def test_difference_between_what_follows_and_what_is_kept_is_found() -> None:
    """Missing, at another day, or there without reason."""
    row = active()
    wanted = watches(row, AGREEMENT, (), policy())
    assert list(astray(wanted, wanted)) == []
    moved = restated(wanted[0], due=END)
    assert list(astray(wanted, (moved, *wanted[1:]))) == [(Rule.TERM_OVER, "")]
    assert list(astray(wanted, wanted[1:])) == [(Rule.TERM_OVER, "")]
    assert list(astray(wanted[1:], wanted)) == [(Rule.TERM_OVER, "")]


def test_what_a_state_asks_no_more_ends_with_the_move_into_it() -> None:
    """What it goes on asking is kept, and the juncture is written anew."""
    row = active(state=State.EVALUATION, due=date(2030, 6, 30), due_rule=DueRule.DECISION_DUE)
    moved = moved_on(row, policy())
    assert [(watch.rule, watch.due) for watch in moved.rows] == [(Rule.DECISION_DUE, row.due)]
    assert {Rule.MILESTONE_DUE, Rule.ANNUAL_DUE} <= moved.kept
    assert not moved.kept & {Rule.DORMANT, Rule.UNPUBLISHED, *JUNCTURES}


def test_approvals_that_still_stand_stay_watched_and_else_end() -> None:
    """A new policy may move a juncture and leave an approval as it was."""
    approval = Approval("sign", "dora", "2026-11-01T00:00:00.000000Z", 5, "", END)
    row = active(state=State.NEGOTIATION, signed_term=None, signed_on=None)
    assert Rule.APPROVAL_ENDS not in moved_on(row, policy()).kept
    assert Rule.APPROVAL_ENDS in moved_on(restated(row, approvals=(approval,)), policy()).kept


def test_policies_that_differ_in_what_is_watched_are_told_apart() -> None:
    """A cap changes nothing; months of dormancy do."""
    assert same_watch(policy(), policy(projects_per_year=9))
    assert not same_watch(policy(), policy(dormancy_months=9))
