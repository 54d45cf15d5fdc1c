"""What adopting a policy would change, told beforehand and held against adopting it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lifecycle.checking import check
from lifecycle.impact import DueChange, Exceeded, Gone, Impact, Overrun, Word
from lifecycle.rehearsal import STEPS
from lifecycle.survey import impact_of
from states.agreement import Agreement, TakenOver
from states.ref import Ref
from states.vocabulary import Guard, Severity, State, Trigger
from store.reader import Reader
from tests.builders import (
    DORA,
    complete_agreement,
    complete_project,
    friendship,
    funding,
    partner_party,
    staff,
    with_objective,
    with_resources,
)
from tests.conftest import Staging
from tests.stage import TORONTO, Stage, parsed, policy_file, with_cap

NEW = {"in_flight": "new"}
BARE = complete_agreement(
    term=None, projects=(), milestones=(), taken_over=TakenOver("1986", "The archive.")
)
UNDER_WAY = [State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.SIGNED]


def impact(stage: Stage, body: bytes) -> Impact:
    """Return what adopting a policy today would change."""
    with stage.store.reading() as reader:
        return impact_of(reader, parsed(body), stage.day)


def changed(stage: Stage, changes: Mapping[str, Any]) -> Impact:
    """Return what adopting Toronto's policy with some keys changed would change."""
    return impact(stage, policy_file(changes))


def steps(told: Impact) -> list[tuple[str, str, str, str]]:
    """Return agreement, trigger, condition and what becomes of it."""
    return [(s.ref, s.trigger, f"{s.guard}:{s.code}", s.becomes) for s in told.steps]


def checked(stage: Stage, ref: Ref) -> Counter[tuple[str, str, str | None, Severity]]:
    """Return what `check` finds unmet for an agreement's next step today."""
    standing = stage.standing(ref)
    step = STEPS[standing.state]
    with stage.store.reading() as reader:
        (move,) = check(reader, stage.order(actor=DORA), standing, step)
    return Counter((u.guard, u.code, u.field, severity) for severity, u in move.unmet)


def test_nothing_changes_in_an_empty_program(stage: Stage) -> None:
    """Cap and places are told all the same."""
    assert changed(stage, {}) == Impact(cap=10, cap_before=10)


def test_policy_that_says_the_same_changes_nothing(stage: Stage) -> None:
    """Agreements in every state stay as they are; only what is kept is named."""
    refs = {state: stage.reach(state, complete_agreement()) for state in State}
    told = impact(stage, TORONTO)
    kept = [str(refs[State.DECISION]), str(refs[State.NEGOTIATION])]
    held = sum(stage.standing(ref).counted for ref in refs.values())
    assert told == Impact(
        agreements=9, kept=kept, counted_before=held, counted_after=held, cap=10, cap_before=10
    )


def test_due_dates_that_change_are_told_from_and_to(stage: Stage) -> None:
    """With the rule; one whose decision keeps its policy stays due as it was."""
    ref, kept = stage.reach(State.EVALUATION), stage.reach(State.DECISION)
    told = changed(stage, {"deadlines": {"evaluation_days": 10, "decision_days": 10}})
    before, entered = stage.standing(ref), stage.standing(ref).entered_on
    after = date.fromordinal(entered.toordinal() + 10)
    assert told.due == [DueChange(str(ref), before.due, "decision_due", after, "decision_due")]
    assert (told.due_changed, told.kept) == ([str(ref)], [str(kept)])


def test_places_are_told_before_and_after_and_how_many_are_too_many(stage: Stage) -> None:
    """A type that no longer counts frees its places; a smaller cap is over at once."""
    for _ in range(3):
        stage.take_over()
    stage.take_over(replace(BARE, type="friendship"))
    told = impact(stage, with_cap(2, types={"friendship": {"counts": False}}))
    assert (told.counted_before, told.counted_after) == (4, 3)
    assert (told.cap_before, told.cap, told.over_cap) == (10, 2, 1)
    without = changed(stage, {"cap": None})
    assert (without.counted_after, without.cap, without.over_cap) == (0, None, 0)


def test_types_that_it_does_not_know_are_told(stage: Stage) -> None:
    """An agreement of such a type can take no step but to its end."""
    ref = stage.reach(State.ACTIVE)
    assert changed(stage, {"types": {"friendship": None}}).unknown_types == []
    stage.adopt(policy_file({"types": {"twin": {"title": "Twin", "term_years": {"max": 5}}}}))
    assert changed(stage, {"types": {"partnership": None}}).unknown_types == [str(ref)]


@pytest.mark.parametrize(
    ("limit", "places"),
    [
        ({"per": "country"}, {"CN": 2, "IT": 2}),
        ({"per": "region"}, {"asia": 3, "IT": 2}),
        ({"per": "program"}, {"program": 6}),
        ({"per": "year"}, {"2027": 2}),
        ({"per": "program", "types": ["friendship"]}, {}),
        ({"per": "country", "states": ["evaluation"]}, {}),
    ],
)
def test_limits_that_are_exceeded_already_are_told(
    stage: Stage, limit: Mapping[str, Any], places: Mapping[str, int]
) -> None:
    """With place, count and agreements; what has no country or year is counted nowhere."""
    refs = [str(stage.reach(State.ACTIVE)) for _ in range(2)]
    for country in ("IT", "IT", "JP", None):
        stage.take_over(replace(BARE, parties=(partner_party(country=country),)))
    stage.take_over(replace(BARE, type="mou"))
    rules = {
        "limits": [{"code": "few", "at_most": 1, "types": ["partnership"], **limit}],
        "regions": {"asia": ["CN", "JP"]},
    }
    told = changed(stage, rules).limits
    assert {each.place: each.count for each in told} == places
    if limit["per"] == "year":
        assert told == [Exceeded("few", 1, "year", "2027", 2, refs)]


def test_budget_overruns_are_told_with_who_commits(stage: Stage) -> None:
    """What a smaller budget makes visible, and what was to be seen before."""
    ref = stage.reach(State.SIGNED)
    stage.reach(State.NEGOTIATION)
    assert changed(stage, {"program": {"budget": {"2027": 60_000}}}).budget == []
    told = changed(stage, {"program": {"budget": {"2027": 59_999}}}).budget
    overrun = Overrun(2027, Decimal(60_000), Decimal(59_999), newly=True, refs=[str(ref)])
    assert told == [overrun]
    stage.adopt(policy_file({"program": {"budget": {"2027": 50_000}}}))
    again = changed(stage, {"program": {"budget": {"2027": 59_999}}}).budget
    assert again == [replace(overrun, newly=False)]


def test_budget_in_another_currency_counts_what_is_committed_in_it(stage: Stage) -> None:
    """Money of two currencies is never added up."""
    ref = stage.reach(
        State.SIGNED,
        with_resources((funding(), funding(amount=Decimal(7), currency="EUR"), staff())),
    )
    told = changed(stage, {"program": {"currency": "EUR", "budget": {"2027": 5}}}).budget
    assert told == [Overrun(2027, Decimal(7), Decimal(5), newly=True, refs=[str(ref)])]


def test_words_that_it_does_not_know_are_told_with_their_documents(stage: Stage) -> None:
    """Of current documents: what is over needs no more edits."""
    refs = [str(stage.reach(State.ACTIVE)), str(stage.reach(State.PROPOSAL))]
    stage.reach(State.DECLINED)
    words = {"roles": ["host"], "project_kinds": ["visit"]}
    types = {code: {"serves": None} for code in ("partnership", "friendship")}
    told = changed(stage, {"vocabulary": words, "types": types}).words
    assert told == [
        Word("projects.kind", "outbound_mission", refs),
        Word("role", "catalyst", refs),
    ]


def test_bodies_and_conditions_that_disappear_are_told(staged: Staging) -> None:
    """With the agreements whose documents name them."""
    asked = {"code": "legal", "question": "Has the solicitor read it?", "trigger": "sign"}
    home = {"name": "Culture Division", "home_side": True}
    stage = staged(policy_file({"conditions": [asked], "bodies": [home, {"name": "Mayor"}]}))
    document = with_objective(responsible="Culture Division")
    ref = str(stage.propose(replace(document, conditions={"legal": "yes, on 3 May"})))
    told = changed(stage, {"bodies": [{"name": "Mayor"}]})
    assert told.bodies_gone == [Gone("Culture Division", [ref])]
    assert told.conditions_gone == [Gone("legal", [ref])]
    same = impact(stage, policy_file({"conditions": [asked], "bodies": [{"name": "Mayor"}, home]}))
    assert (same.bodies_gone, same.conditions_gone) == ([], [])


STRICTER: Mapping[str, Any] = {
    **NEW,
    "types": {
        "partnership": {"term_years": {"min": 4, "max": 5}, "endorsement": True},
        "friendship": {"may_be_created": False, "guards": {"endorsed": "off"}},
    },
    "criteria": {"version": "2030"},
    "cap": {"at_most": 1},
    "guards": {"project_focus": "block", "guidelines_stated": "off", "factors_answered": "warn"},
    "projects_per_year": 1,
    "limits": [{"code": "per_country", "at_most": 1, "per": "country"}],
    "conditions": [{"code": "legal", "question": "Has the solicitor read it?", "trigger": "sign"}],
    "program": {"budget": {"2027": 70_000}},
}
DRAFTS: Mapping[str, Agreement] = {
    "complete": complete_agreement(),
    "friendship": friendship(),
    "bare": complete_agreement(renewal_guidelines=""),
    "many": complete_agreement(
        projects=(complete_project(), complete_project(id="second", name="Second"))
    ),
}


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("state", UNDER_WAY)
def test_next_steps_are_judged_as_they_would_be(stage: Stage, state: State, draft: str) -> None:
    """What is told beforehand is what `check` says after adopting, and did not say before."""
    stage.reach(State.ACTIVE)
    ref = stage.reach(State.NEGOTIATION if state is State.SIGNED else state, DRAFTS[draft])
    if state is State.SIGNED:
        stage.apply(ref, replace(DRAFTS[draft], renewal_guidelines="Renewed if it serves."))
        stage.pull(ref, Trigger.SIGN)
    before, body = checked(stage, ref), policy_file(STRICTER)
    told = impact(stage, body)
    stage.adopt(body)
    after = checked(stage, ref)
    word = {"refused": Severity.BLOCK, "warned": Severity.WARN}
    now = Counter(
        (s.guard, s.code, s.field, word[s.becomes]) for s in told.steps if s.becomes in word
    )
    gone = Counter((s.guard, s.code, s.field) for s in told.steps if s.becomes == "met")
    assert now == after - before
    assert gone == Counter(k[:3] for k in before) - Counter(k[:3] for k in after)
    assert {s.ref for s in told.steps} <= {str(ref)}
    assert {s.trigger for s in told.steps} <= {STEPS[state]}


def test_what_keeps_its_policy_is_not_judged_anew(stage: Stage) -> None:
    """Under "keep", only proposals and what is signed fall under the new policy at once."""
    refs = {state: stage.reach(state) for state in UNDER_WAY}
    told = changed(stage, {**STRICTER, "in_flight": "keep"})
    assert {s.ref for s in told.steps} <= {str(refs[State.PROPOSAL]), str(refs[State.SIGNED])}
    assert told.kept == [str(refs[State.DECISION]), str(refs[State.NEGOTIATION])]


def test_what_goes_back_to_the_policy_of_its_last_decision_is_judged_by_that(
    stage: Stage,
) -> None:
    """A policy that took all may be followed by one that leaves what is decided alone."""
    ref = stage.reach(State.NEGOTIATION)
    asked = {"code": "legal", "question": "Has the solicitor read it?", "trigger": "sign"}
    stage.adopt(policy_file({**NEW, "conditions": [asked]}))
    told = changed(stage, {"conditions": [asked]})
    assert steps(told) == [(str(ref), Trigger.SIGN, f"{Guard.CONDITIONS_MET}:legal", "met")]


def test_place_is_free_or_taken_as_it_would_be(stage: Stage) -> None:
    """What stands before activation is judged on its first day, under the new cap."""
    stage.take_over()
    ref = stage.reach(State.SIGNED)
    told = impact(stage, with_cap(1))
    condition = f"{Guard.CAP_AVAILABLE}:cap.full"
    assert steps(told) == [(str(ref), Trigger.ACTIVATE, condition, "refused")]
    assert told.steps[0].message == "1 agreements hold the 1 places of the cap."
    stage.adopt(with_cap(1))
    assert steps(impact(stage, TORONTO)) == [(str(ref), Trigger.ACTIVATE, condition, "met")]


def test_due_dates_and_places_are_those_that_adopting_gives(stage: Stage) -> None:
    """Told beforehand, done afterwards: every row is as it was foretold."""
    refs = [stage.reach(state) for state in State]
    body = policy_file(
        {
            **NEW,
            "deadlines": {"decision_days": 20, "evaluation_days": None, "renewal_days": 9},
            "cap": {"states": ["signed", "active"]},
        }
    )
    told = impact(stage, body)
    before = {str(ref): stage.standing(ref) for ref in refs}
    stage.adopt(body)
    after = {str(ref): stage.standing(ref) for ref in refs}
    assert told.counted_before == sum(row.counted for row in before.values())
    assert told.counted_after == sum(row.counted for row in after.values())
    moved = {ref: row for ref, row in after.items() if row.due != before[ref].due}
    assert {(d.ref, d.due_before, d.due_after) for d in told.due} == {
        (ref, before[ref].due, row.due) for ref, row in moved.items()
    }


def test_nothing_is_written(stage: Stage) -> None:
    """The log and the rows are the same afterwards."""
    refs = [stage.reach(state) for state in UNDER_WAY]
    before = [stage.raw(ref) for ref in refs], [stage.standing(ref) for ref in refs]
    changed(stage, STRICTER)
    assert before == ([stage.raw(ref) for ref in refs], [stage.standing(ref) for ref in refs])
    assert stage.verify() == []


def test_portfolio_is_read_in_batches(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as many agreements of one batch take not one statement more."""
    seen: Counter[str] = Counter()
    rows, row = Reader._rows, Reader._row  # noqa: SLF001 - the one place that all reading goes by
    monkeypatch.setattr(Reader, "_rows", lambda *a, **k: (seen.update(["q"]), rows(*a, **k))[1])
    monkeypatch.setattr(Reader, "_row", lambda *a, **k: (seen.update(["q"]), row(*a, **k))[1])

    def taken() -> int:
        seen.clear()
        changed(stage, STRICTER)
        return seen["q"]

    stage.reach(State.DECISION)
    few = taken()
    for _ in range(9):
        stage.reach(State.DECISION)
    assert taken() == few


def test_signed_agreement_without_a_term_is_judged_today(stage: Stage) -> None:
    """It may be activated at once; there is no first day to wait for."""
    ref = stage.take_over(state=State.SIGNED)
    stage.take_over()
    told = impact(stage, with_cap(1))
    assert (str(ref), Trigger.ACTIVATE, "cap_available:cap.full", "refused") in steps(told)
