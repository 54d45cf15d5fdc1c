"""What other rules would have said of past decisions: R54, R60."""

from datetime import date, timedelta
from typing import Any

import pytest

from guards.case import Need
from guards.policy_types import judging_as
from guards.registry import NEEDS
from lifecycle.errors import StoreError
from lifecycle.recomputing.narrowing import COUNTING
from lifecycle.recomputing.rejudging import Ruling
from lifecycle.refusing import refuse_as_judged
from lifecycle.subjects import of_document
from states.agreement import Agreement, TakenOver
from states.deeds import pulling
from states.records import Record, Score
from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN, START, complete_agreement, score_sheet
from tests.conftest import Staging
from tests.forging import told
from tests.rejudging import asked, blocking, last, renamed, rulings
from tests.stage import PATHS, TORONTO, Stage, codes, parsed, policy_file, with_cap

pytestmark = pytest.mark.sqlite
"""What is read is the same on each kind of database; `tests/store` reads it on both."""

A_DAY = timedelta(days=1)
COUNCIL = "City Council"
CONDITIONS = {
    "conditions": [{"code": "clerk", "question": "Has the clerk read it?", "trigger": "accept"}]
}
MAYOR = {"bodies": [{"name": "Mayor"}]}


def crowded(staged: Staging, cap: int) -> tuple[Stage, Ref, Ref]:
    """Return a city and two agreements, of which the second asks for a place a day later."""
    city = staged(with_cap(cap), sandbox=False).with_people()
    refs = [city.on(city.day + A_DAY).along(PATHS[State.SIGNED]) for _ in range(2)]
    for day, ref in enumerate(refs):
        city.on(START + day * A_DAY).advance(ref, Trigger.ACTIVATE)
    return city, refs[0], refs[1]


def test_decision_that_other_rules_would_not_have_admitted_is_told_with_its_reason(
    staged: Staging,
) -> None:
    """R54: places are counted as they were then, against the other policy's cap."""
    city, first, second = crowded(staged, 2)
    (told_,) = [one for one in asked(city, with_cap(1)) if one.opinion.ruling is not Ruling.SAME]
    assert (told_.entry.agreement, told_.opinion.ruling) == (str(second), Ruling.NOT_ADMITTED)
    ((unmet,),) = [verdict.unmet for verdict in told_.opinion.verdicts if verdict.blocks]
    assert (unmet.guard, unmet.code, unmet.report) == ("cap_available", "cap.full", "BOX2")
    assert unmet.message == "1 agreements hold the 1 places of the cap."
    assert rulings(city, with_cap(1), first) == {}


def test_refusal_that_other_rules_would_have_admitted_is_told_with_what_refused_it(
    staged: Staging,
) -> None:
    """The other way: it was refused for the cap, and the other policy has a place."""
    city, _first, second = crowded(staged, 1)
    found = last(city, with_cap(2), second)
    assert found.opinion.ruling is Ruling.ADMITTED
    assert [u.code for v in found.opinion.was if v.blocks for u in v.unmet] == ["cap.full"]
    assert rulings(city, with_cap(1), second) == {}


def test_type_that_the_other_policy_does_not_know_is_its_own_answer(staged: Staging) -> None:
    """Unless it is said as which of its types it is to be judged: then that one's rules hold."""
    city = staged(sandbox=False).with_people()
    ref = city.reach(State.SIGNED)
    kinds = {
        "partnership": None,
        "short": {"title": "Short", "term_years": {"min": 1, "max": 2}},
    }
    limit = {"code": "one", "at_most": 1, "types": ["short"], "states": ["signed"]}
    other = policy_file({"types": kinds, "limits": [limit]})
    assert set(rulings(city, other, ref).values()) == {Ruling.TYPE_UNKNOWN}
    known = judging_as(parsed(other), {"partnership": "short"})
    assert known.limits[0].types == ("short", "partnership")
    found = last(city, known, ref)
    assert (found.opinion.ruling, blocking(found)) == (
        Ruling.NOT_ADMITTED,
        ["time_bound:term.too_long"],
    )


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"version": "other"}, ["scores.other_version"]),
        (
            {"items": [{"code": "new", "question": "New?", "mandatory": True}]},
            ["scores.mandatory_missing"],
        ),
    ],
)
def test_question_that_nobody_was_asked_then_is_not_judged(
    city: Stage, criteria: dict[str, Any], expected: list[str]
) -> None:
    """The other policy's criteria and conditions had no answer yet: that says nothing."""
    ref = city.reach(State.NEGOTIATION)
    found = last(city, policy_file({"criteria": criteria, **CONDITIONS}), ref)
    assert found.opinion.ruling is Ruling.NOT_JUDGED
    assert found.opinion.why == "it asks what was not asked then"
    guards = [f"criteria_scored:{code}" for code in expected]
    assert blocking(found) == [*guards, "conditions_met:clerk"]


def test_question_that_was_asked_then_is_judged(staged: Staging) -> None:
    """A score that was there to be given, and a condition with another answer."""
    items = [
        {"code": code, "question": "?", "mandatory": mandatory}
        for code, mandatory in (("trade", True), ("talent", False))
    ]
    mine = {"criteria": {"version": "1", "items": items}, **CONDITIONS}
    city = staged(policy_file(mine), sandbox=False).with_people()
    ref = city.along(PATHS[State.DECISION], complete_agreement(conditions={"clerk": "yes, in May"}))
    some = Score(4, "The minutes.")
    city.score(ref, score_sheet(scores={"trade": some}, criteria="1"))
    assert not city.advance(ref, Trigger.ACCEPT).refused
    strict = [{**item, "mandatory": True} for item in items]
    found = last(city, policy_file({**mine, "criteria": {"version": "1", "items": strict}}), ref)
    assert (found.opinion.ruling, blocking(found)) == (
        Ruling.NOT_ADMITTED,
        ["criteria_scored:scores.mandatory_missing"],
    )
    clerk = [{**CONDITIONS["conditions"][0], "answers": ["no"]}]
    assert blocking(last(city, policy_file({**mine, "conditions": clerk}), ref)) == [
        "conditions_met:clerk"
    ]


def test_scores_are_not_missed_where_none_were_asked_for(staged: Staging) -> None:
    """A program without criteria scores nothing."""
    none = policy_file({"criteria": {"items": []}, "guards": {"factors_answered": "off"}})
    city = staged(none, sandbox=False).with_people()
    ref = city.along(PATHS[State.DECISION])
    city.advance(ref, Trigger.ACCEPT)
    soft = {"guards": {"factors_answered": "off"}}
    found = last(city, policy_file(soft), ref)
    assert (found.opinion.ruling, blocking(found)) == (
        Ruling.NOT_JUDGED,
        ["criteria_scored:scores.missing"],
    )


@pytest.mark.parametrize(
    ("order", "other", "expected"),
    [
        ({"effective_on": date(2026, 9, 1)}, {"backdating_days": 2}, "order:effective_on"),
        (
            {"ground": "dormant"},
            {"vocabulary": {"grounds": ["needs_changed"]}},
            "order:unknown_ground",
        ),
        ({"on_behalf_of": COUNCIL, "item": "EX1"}, MAYOR, "order:unknown_body"),
        (
            {"on_behalf_of": COUNCIL, "item": "EX1"},
            {"bodies": [{"name": COUNCIL, "recorded_by": ["staff"]}]},
            "authority:role.missing",
        ),
    ],
)
def test_order_that_would_have_been_bad_input_is_not_admitted(
    city: Stage, order: dict[str, Any], other: dict[str, Any], expected: str
) -> None:
    """Its day, its ground, its body, and who may enter what a body decided."""
    ref = city.reach(State.DECISION)
    city.on(city.day + 9 * A_DAY)
    assert not city.advance(ref, Trigger.DECLINE, **{"ground": "dormant", **order}).refused
    found = last(city, policy_file(other), ref)
    assert found.opinion.ruling is Ruling.NOT_ADMITTED
    assert expected in blocking(found)


def test_approval_and_waiver_of_the_time_stand_under_other_rules(staged: Staging) -> None:
    """They were given under the rules of their time; who may waive is the other policy's to say."""
    lax = policy_file({"waivers": {"by": "decider", "guards": ["guidelines_stated"]}})
    city = staged(lax, sandbox=False).with_people()
    ref = city.reach(State.NEGOTIATION, complete_agreement(renewal_guidelines=""))
    city.waive(ref, "guidelines_stated:renewal.missing", Trigger.SIGN, actor=ERIN)
    city.approve(ref, "sign")
    assert not city.advance(ref, Trigger.SIGN, actor=BEN).refused
    assert rulings(city, renamed(lax), ref) == {}
    by_staff = parsed(policy_file({"waivers": {"by": "staff", "guards": ["guidelines_stated"]}}))
    found = [one for one in asked(city, by_staff, ref) if one.opinion.ruling is not Ruling.SAME]
    assert [blocking(one) for one in found] == [
        ["authority:role.missing"],
        ["guidelines_stated:renewal.missing"],
    ]


def test_word_that_the_other_policy_does_not_know_is_told_where_it_is_decided_on(
    city: Stage,
) -> None:
    """With every step that decides on the document; drafts decide nothing."""
    other = policy_file({"vocabulary": {"roles": ["host"]}})
    ref = city.reach(State.SIGNED)
    found = asked(city, other, ref)
    assert [blocking(one) for one in found] == [["document:word.unknown"]] * 3
    taken = city.take_over()
    assert blocking(last(city, other, taken)) == ["document:word.unknown"]


def test_record_that_is_a_decision_is_judged(staged: Staging) -> None:
    """R13: how far a decision may be put off, and how many have priority in a year."""
    city = staged(policy_file({"priority_partnerships_per_year": 2}), sandbox=False).with_people()
    refs = [city.on(city.day + A_DAY).reach(State.DECISION) for _ in range(2)]
    for ref in refs:
        city.on(city.day + A_DAY).record(ref, Record("priority", city.day, year=2027))
    later = city.day + 100 * A_DAY
    city.record(refs[0], Record("deferral", city.day, "The budget.", until=later), actor=DORA)
    city.record(refs[0], Record("note", city.day, "A call."))
    tight = policy_file({"priority_partnerships_per_year": 1, "deferral_days": 30})
    found = [asked(city, tight, ref) for ref in refs]
    assert [one.entry.event for one in found[0]] == ["transitioned", "recorded", "recorded"]
    assert [[blocking(one) for one in each[1:]] for each in found] == [
        [[], ["order:out_of_range"]],
        [["cap_available:limit.priority"]],
    ]


def test_reclassifying_is_judged_with_the_review_that_the_other_policy_sets(city: Stage) -> None:
    """What a policy sets by itself is not held against what another one set."""
    ref = city.take_over(mou())
    city.reclassify(ref, "friendship")
    sooner = {"open_ended": True, "review_months": 3}
    assert rulings(city, policy_file({"types": {"friendship": sooner}}), ref) == {}
    never = policy_file({"types": {"friendship": {"reclassify_to": False}}})
    assert blocking(last(city, never, ref)) == ["document:type.not_reclassified"]


def mou() -> Agreement:
    """Return a memorandum of 1986 as it is taken over."""
    origin = TakenOver("1986", "The archive.")
    return complete_agreement(type="mou", term=None, projects=(), milestones=(), taken_over=origin)


def test_refusal_that_no_policy_could_change_stays_one(city: Stage) -> None:
    """Another version, a state that it does not lead from, somebody without the role."""
    ref = city.reach(State.NEGOTIATION)
    refusals = [
        city.advance(ref, Trigger.SIGN, expect_version=1),
        city.advance(ref, Trigger.ACTIVATE, actor=ANNA),
        city.advance(ref, Trigger.SIGN, actor="mallory"),
        city.amend(ref, complete_agreement(title="Other"), actor="mallory"),
    ]
    assert all(receipt.refused for receipt in refusals)
    free = policy_file({"cap": None, "guards": {"criteria_scored": "off"}})
    assert rulings(city, free, ref) == {}


def test_refusal_of_what_was_not_kept_is_not_judged(city: Stage) -> None:
    """A document that was wanted, and files that were brought along, are gone with it."""
    ref, document = city.reach(State.SIGNED), complete_agreement(projects=(), milestones=())
    city.approve(ref, "amend", of_document(document))
    wanted = city.amend(ref, document)
    assert "role.missing" not in codes(wanted)
    other = city.reach(State.DECISION)
    judged = city.advance(other, Trigger.ACCEPT)
    deed = pulling(Trigger.ACCEPT)
    brought = city.do(lambda u, o: refuse_as_judged(u, o, other, deed, judged), actor=DORA)
    for where, receipt in ((ref, wanted), (other, brought)):
        assert receipt.refused
        found = last(city, with_cap(3), where)
        assert found.opinion.ruling is Ruling.NOT_JUDGED
        assert "was not kept when it was refused" in str(found.opinion.why)


def test_who_was_refused_for_their_role_is_judged_on_where_another_policy_gives_it(
    staged: Staging,
) -> None:
    """By the guards then, as anybody else; and no policy leads on from another state."""
    closed = policy_file({"bodies": [{"name": COUNCIL, "recorded_by": ["staff"]}]})
    city = staged(closed, sandbox=False).with_people()
    council: dict[str, Any] = {"actor": DORA, "on_behalf_of": COUNCIL, "item": "EX1"}
    scored, unscored, elsewhere = (city.reach(State.DECISION) for _ in range(3))
    city.score(scored)
    assert all(city.advance(ref, Trigger.ACCEPT, **council).refused for ref in (scored, unscored))
    assert city.advance(elsewhere, Trigger.SIGN, **council).refused
    found = last(city, TORONTO, scored)
    assert found.opinion.ruling is Ruling.ADMITTED
    assert [u.code for v in found.opinion.was for u in v.unmet] == ["role.missing"]
    assert "criteria_scored:scores.missing" in blocking(last(city, TORONTO, unscored))
    assert blocking(last(city, TORONTO, elsewhere)) == ["transition:not_from_here"]
    assert rulings(city, TORONTO, unscored) == rulings(city, TORONTO, elsewhere) == {}
    city.void(scored, **council)
    assert last(city, TORONTO, scored).opinion.ruling is Ruling.NOT_JUDGED
    assert last(city, renamed(closed), scored).opinion.ruling is Ruling.SAME


def test_what_is_gone_since_is_not_judged(city: Stage) -> None:
    """Neither by the scores that a guard would read, nor where it stood beside the line itself."""
    ref = city.reach(State.DECISION)
    city.score(ref)
    accepted = city.advance(ref, Trigger.ACCEPT)
    noted = city.record(ref, Record("note", city.day, "A call."))
    mended = city.correct_record(ref, noted.n, Record("note", city.day, "A letter."))
    both = (accepted, mended)
    assert [receipt.refused for receipt in both] == [False, False]
    city.tamper("DROP TRIGGER beside_no_delete", "DELETE FROM beside WHERE kind = 'scores'")
    forgery = {(ref, mended.n): told(content=None)}
    found = rulings(city, renamed(TORONTO), ref, forgery)
    assert found == {one.n: Ruling.NOT_JUDGED for one in both}


def test_line_that_is_not_in_order_is_not_judged_by_other_rules(city: Stage) -> None:
    """What was forged or altered is for `log verify`; a stream that is gone stops the question."""
    ref = city.reach(State.NEGOTIATION)
    n = city.standing(ref).n
    noted = city.record(ref, Record("note", city.day, "A call."))
    mended = city.correct_record(ref, noted.n, Record("note", city.day, "A letter."))
    forgery = {(ref, n): told(role=Role.STAFF)}
    found = {one.entry.n: one.opinion for one in asked(city, with_cap(3), ref, forgery)}
    assert found[n].ruling is Ruling.NOT_JUDGED
    assert str(found[n].why).startswith("its line is not in order: ")
    drops = [f"DROP TRIGGER {name}_no_update" for name in ("beside", "entry")]
    planted = "UPDATE beside SET kind = 'evaluation' WHERE corrects IS NOT NULL"
    city.tamper(*drops, planted)
    opinion = last(city, with_cap(3), ref).opinion
    assert (mended.refused, opinion.ruling) == (False, Ruling.NOT_JUDGED)
    assert "was altered" in str(opinion.why)
    for stream in (ref.key, 0):
        city.tamper(f"UPDATE entry SET line = '{{}}' WHERE stream = {stream} AND n = 2")  # noqa: S608
        with pytest.raises(StoreError, match="can't be followed"):
            asked(city, with_cap(3))


def close_by(staged: Staging, policy: bytes, trigger: Trigger) -> tuple[Stage, list[Ref]]:
    """Return a city where two agreements ask for the same within the hour."""
    city = staged(policy, sandbox=False).with_people()
    path = PATHS[State.SIGNED][: 2 + (trigger is Trigger.ACTIVATE)]
    refs = [city.on(city.day + A_DAY).along(path) for _ in range(2)]
    city.on(START if trigger is Trigger.ACTIVATE else city.day + A_DAY)
    for ref in refs:
        city.advance(ref, trigger)
    return city, refs


@pytest.mark.parametrize(
    ("changes", "trigger"),
    [
        ({"cap": {"at_most": 1}}, Trigger.ACTIVATE),
        ({"projects_per_year": 1, "guards": {"project_focus": "block"}}, Trigger.ACTIVATE),
        ({"program": {"budget": {"2027": 100_000}}}, Trigger.SIGN),
    ],
)
def test_what_came_first_is_known_from_the_line_where_both_policies_count_alike(
    staged: Staging, changes: dict[str, Any], trigger: Trigger
) -> None:
    """R54: under rules that judge alike, nothing differs, be it written close by or not."""
    policy = policy_file(changes)
    city, refs = close_by(staged, policy, trigger)
    assert [city.standing(ref).n for ref in refs] == [city.last(ref).n for ref in refs]
    for ref in refs:
        assert rulings(city, renamed(policy), ref) == rulings(city, policy, ref) == {}


def test_what_came_first_can_not_be_known_where_another_policy_counts_otherwise(
    staged: Staging,
) -> None:
    """Within the hour either may have been the first; that is what is said."""
    city, refs = close_by(staged, with_cap(1), Trigger.ACTIVATE)
    only_active = policy_file({"cap": {"at_most": 1, "states": ["active"]}})
    assert [last(city, only_active, ref).opinion.ruling for ref in refs] == [
        Ruling.SAME,
        Ruling.NOT_JUDGED,
    ]
    assert [rulings(city, with_cap(2), ref) for ref in refs] == [
        {},
        {city.standing(refs[1]).n: Ruling.ADMITTED},
    ]
    hushed = policy_file({"cap": {"at_most": 1}, "guards": {"cap_available": "warn"}})
    quiet, others = close_by(staged, hushed, Trigger.ACTIVATE)
    assert all(quiet.standing(ref).state is State.ACTIVE for ref in others)
    assert [last(quiet, with_cap(1), ref).opinion.ruling for ref in others] == [
        Ruling.SAME,
        Ruling.NOT_ADMITTED,
    ]
    silent = policy_file({"cap": {"at_most": 1}, "guards": {"cap_available": "off"}})
    mute, others = close_by(staged, silent, Trigger.ACTIVATE)
    assert [last(mute, with_cap(1), ref).opinion.ruling for ref in others] == [
        Ruling.NOT_JUDGED
    ] * 2


def test_it_is_known_by_what_each_guard_counts_that_counts_others() -> None:
    """A guard that is added, and counts, has to be told of."""
    counting = {Need.PORTFOLIO, Need.PROJECTS, Need.COMMITMENTS}
    assert {guard for guard, needs in NEEDS.items() if needs & counting} == set(COUNTING)
