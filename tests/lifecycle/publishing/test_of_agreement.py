"""What is public of an agreement, state by state: what was signed, and nothing of a draft."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lifecycle.entry import digest_of
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_files import safe_name
from lifecycle.subjects import of_document, of_sheet
from states.agreement import Milestone, Obligation, Signature, TakenOver, Term
from states.records import AgreementOutcome, Record
from states.vocabulary import DueRule, Rule, State, Trigger
from tests.builders import (
    END,
    START,
    complete_agreement,
    complete_objective,
    complete_project,
    evaluation,
    friendship,
    policy,
)
from tests.erased import erase, erase_text
from tests.lifecycle.publishing.published import dossier_of, register, seen, showing
from tests.stage import NEXT_TERM, PATHS, Stage

NAMING = {
    "ref", "title", "type", "type_title", "partner", "country", "goals", "state", "signed",
    "changed_on",
}  # fmt: skip
UNSIGNED = (State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.DECLINED)


@pytest.mark.parametrize("state", UNSIGNED)
def test_what_was_never_signed_is_public_only_where_the_policy_lists_its_state(
    stage: Stage, state: State
) -> None:
    """And then no more of it than what names it."""
    ref = stage.reach(state)
    assert not list(register(stage))
    assert not list(register(stage, showing(*(other for other in UNSIGNED if other != state))))
    (only,) = register(stage, showing(state))
    told = {name for name in only.__struct_fields__ if getattr(only, name) not in {None, ()}}
    assert told - {"taken_over"} == NAMING - {"goals"}
    assert (only.ref, only.state, only.signed, only.partner) == (
        str(ref),
        state,
        False,
        "Chongqing",
    )
    assert public_agreement(dossier_of(stage, ref), policy(), stage.day) is None


@pytest.mark.parametrize("state", [state for state in PATHS if state not in UNSIGNED], ids=str)
def test_r28_r55_signed_agreement_is_public_with_goals_activities_and_timeline(
    stage: Stage, state: State
) -> None:
    """From the signing on, whatever becomes of it."""
    ref = stage.reach(state)
    (public,) = register(stage)
    assert (public.state, public.signed, public.signed_on) == (state, True, "2026-09-01")
    assert (public.term, public.term_start, public.term_end) == (1, START, END)
    (project,) = public.projects
    assert project.objectives[0].activity == "Two missions with meetings arranged beforehand."
    assert [one.name for one in public.milestones] == ["First mission"]
    assert [step.trigger for step in public.history] == list(PATHS[state])
    assert [step.entry for step in public.history] == [
        digest_of(line)
        for line, entry in zip(stage.raw(ref), stage.entries(ref), strict=True)
        if entry.trigger
    ]


def test_voided_agreement_is_never_public(stage: Stage) -> None:
    """Though it had been signed, and whatever the policy lists."""
    ref = stage.reach(State.ACTIVE)
    stage.voided(ref)
    assert not list(register(stage, showing(*UNSIGNED)))


def test_draft_of_a_later_term_is_not_public_until_it_is_signed(stage: Stage) -> None:
    """What is told is what was last signed; and what is drafted changes no day on it."""
    ref = stage.along(NEXT_TERM)
    before = seen(stage, ref)
    stage.on(stage.day + timedelta(days=30))
    term = Term(date(2030, 1, 1), date(2032, 12, 31))
    project = complete_project(name="Hidden", id="hidden", end=term.end, examined=term.end)
    draft = complete_agreement(
        title="Secret ambitions", role="implementer", term=term, projects=(project,), milestones=()
    )
    assert not stage.apply(ref, draft).refused
    assert seen(stage, ref) == before
    assert (before.state, before.term, before.title) == (
        State.NEGOTIATION,
        1,
        "Trade and innovation with Chongqing",
    )
    assert (before.next_rule, before.next_decision) == (
        DueRule.DECISION_DUE,
        stage.standing(ref).due,
    )
    assert [one.term for one in before.terms] == [1]
    stage.pull(ref, Trigger.SIGN)
    after = seen(stage, ref)
    assert (after.title, after.term) == ("Secret ambitions", 2)
    assert [one.term for one in after.terms] == [1, 2]


def test_agreement_that_ends_while_its_next_term_is_negotiated_stays_as_signed(
    stage: Stage,
) -> None:
    """The draft was never agreed on, and never will be."""
    ref = stage.along(NEXT_TERM)
    stage.apply(ref, complete_agreement(title="Never agreed on"))
    stage.pull(ref, Trigger.SUNSET)
    public = seen(stage, ref)
    assert (public.state, public.title) == (State.SUNSET, "Trade and innovation with Chongqing")
    assert not public.dates
    assert public.next_decision is None


def test_signing_that_was_taken_back_was_never_public(stage: Stage) -> None:
    """Of a second term: the first one is told again. Of the first: nothing is."""
    ref = stage.along(NEXT_TERM)
    stage.apply(ref, complete_agreement(title="Second term"))
    before = seen(stage, ref)
    stage.pull(ref, Trigger.SIGN)
    assert seen(stage, ref).title == "Second term"
    stage.taken_back(ref)
    public = seen(stage, ref)
    assert (public.title, public.term, public.terms) == (before.title, 1, before.terms)
    assert public.history == before.history
    first = stage.reach(State.SIGNED)
    stage.taken_back(first)
    assert str(first) not in {one.ref for one in register(stage)}


def test_what_was_taken_over_is_told_as_it_was_while_its_next_term_is_drafted(
    stage: Stage,
) -> None:
    """With the term that it ended, by which trigger, and what came of it."""
    ref = stage.take_over()
    for trigger in (Trigger.TERMINATE, Trigger.RENEW, Trigger.RENEGOTIATE):
        stage.pull(ref, trigger)
    stage.apply(ref, complete_agreement(title="Second term"))
    public = seen(stage, ref)
    assert (public.title, public.signed_on) == ("Trade and innovation with Chongqing", "1986")
    (term,) = public.terms
    assert (term.concluded_by, term.outcome) == (Trigger.TERMINATE, "met")
    assert (public.term_start, public.projects) == (None, ())


def test_evaluation_is_public_once_what_it_leads_to_was_decided(stage: Stage) -> None:
    """Until then, or once the decision was taken back, it is an opinion; then as corrected."""
    ref = stage.reach(State.EVALUATION)
    first = stage.evaluate(ref)
    stage.report(ref)
    assert (seen(stage, ref).terms[0].outcome, seen(stage, ref).projects[0].outcome) == (None, None)
    assert not stage.advance(ref, Trigger.RENEW).refused
    public = seen(stage, ref)
    assert public.terms[0].findings == "Targets were reached a year early."
    assert public.projects[0].findings == "Forty-four businesses were reached."
    right = evaluation(agreement=AgreementOutcome("partly", "Targets were reached late."))
    stage.approve(ref, "correct", of_sheet(first.n, right))
    assert not stage.correct_sheet(ref, first.n, right).refused
    assert seen(stage, ref).terms[0].findings == "Targets were reached late."
    stage.taken_back(ref)
    assert seen(stage, ref).terms[0].outcome is None


def test_each_term_keeps_the_evaluation_that_it_was_decided_on(stage: Stage) -> None:
    """The second term's projects begin without an outcome."""
    ref = stage.along(NEXT_TERM)
    stage.apply(ref, complete_agreement())
    stage.pull(ref, Trigger.SIGN)
    public = seen(stage, ref)
    assert [one.outcome for one in public.terms] == ["met", None]
    assert public.projects[0].outcome is None


def test_progress_is_told_against_the_target_without_the_sources(stage: Stage) -> None:
    """Cut off and never rounded up; what was corrected counts as corrected."""
    ref = stage.reach(State.ACTIVE)
    actual = Record("actual", stage.day, item="businesses reached", value=Decimal(3), source="Ann")
    wrong = stage.record(ref, replace(actual, value=Decimal(30)))
    (indicator,) = seen(stage, ref).projects[0].objectives[0].indicators
    assert (indicator.actual, indicator.done) == (Decimal(30), 75)
    stage.correct_record(ref, wrong.n, replace(actual, value=Decimal("39.9")))
    (indicator,) = seen(stage, ref).projects[0].objectives[0].indicators
    assert (indicator.actual, indicator.done, len(indicator.actuals)) == (Decimal("39.9"), 99, 1)


def test_milestone_is_late_while_it_is_owed_and_stays_as_it_was_when_the_agreement_ended(
    stage: Stage,
) -> None:
    """What comes due after the end is not late for ever."""
    late = Milestone("Second mission", "second-mission", None, START + timedelta(days=20))
    far = Milestone("Last mission", "last-mission", None, END)
    undated = Milestone("Some day", "some-day")
    first = complete_agreement().milestones
    ref = stage.reach(State.ACTIVE, complete_agreement(milestones=(*first, late, far, undated)))
    stage.record(ref, Record("milestone", stage.day, item="first-mission"))
    stage.on(START + timedelta(days=40))

    def told() -> list[tuple[str, date | None]]:
        return [(one.status, one.met) for one in seen(stage, ref).milestones]

    assert told() == [("met", START), ("late", None), ("due", None), ("due", None)]
    for trigger in (Trigger.TERMINATE, Trigger.SUNSET):
        stage.pull(ref, trigger)
    stage.on(END + timedelta(days=400))
    assert told() == [("met", START), ("late", None), ("due", None), ("due", None)]


def test_obligation_tells_what_became_of_it_once_that_is_on_record(stage: Stage) -> None:
    """Nobody is called late for want of a record."""
    owed = (
        Obligation("o1", "partner", "A desk.", START),
        Obligation("o2", "home", "A guide.", None),
    )
    ref = stage.reach(State.ACTIVE, complete_agreement(obligations=owed))
    stage.on(START + timedelta(days=60))
    stage.record(ref, Record("obligation", stage.day, item="o2", outcome="met"))
    told = [(one.side, one.what, one.outcome) for one in seen(stage, ref).obligations]
    assert told == [("partner", "A desk.", None), ("home", "A guide.", "fulfilled")]


def test_nobody_who_signed_or_endorsed_is_named(stage: Stage) -> None:
    """Office and day are told; and who answers for an objective only where it is a party."""
    person = complete_objective(responsible="Jane Doe")
    ref = stage.take_over(
        friendship(
            signatures=(Signature("home", "Jane Doe", "Mayor", START),),
            projects=(complete_project(objectives=(complete_objective(), person)),),
            taken_over=TakenOver("2002-04", "Jane Doe's cupboard"),
        )
    )
    public = seen(stage, ref)
    (signature,) = public.signatures
    assert (signature.office, signature.on) == ("Mayor", START)
    assert public.endorsed_on == date(2026, 11, 2)
    answering = [one.responsible for one in public.projects[0].objectives]
    assert answering == ["City of Toronto", None]
    assert "Jane" not in str(public)
    assert "Lee" not in str(public)


@pytest.mark.parametrize("signed", ["1986", "2002-04", "unknown"])
def test_what_was_taken_over_tells_its_day_of_signing_as_precisely_as_it_is_known(
    stage: Stage, signed: str
) -> None:
    """Also where nobody knows it; and where it comes from is not told."""
    mou = complete_agreement(
        type="mou", term=None, projects=(), milestones=(), taken_over=TakenOver(signed, "Archive")
    )
    public = seen(stage, stage.take_over(mou))
    assert (public.signed_on, public.terms[0].signed_on) == (signed, signed)
    assert (public.taken_over, public.term_end, public.history) == (True, None, ())
    assert public.next_rule is DueRule.REVIEW_DUE
    assert [one.rule for one in public.dates] == [Rule.REVIEW_DUE]


def test_reclassified_agreement_keeps_its_former_type_in_sight(stage: Stage) -> None:
    """With the title that the policy has for the new one."""
    mou = complete_agreement(type="mou", taken_over=TakenOver("1986", "Archive"))
    ref = stage.take_over(mou)
    assert not stage.reclassify(ref, "partnership").refused
    public = seen(stage, ref)
    assert (public.former_type, public.type) == ("mou", "partnership")
    assert public.type_title == policy().types["partnership"].title
    unknown = replace(policy(), types={"mou": policy().types["mou"]})
    assert seen(stage, ref, unknown).type_title == "partnership"


def test_years_tell_what_was_reported_and_what_was_retracted_is_gone(stage: Stage) -> None:
    """Part by part, each as it was recorded; other records are not told."""
    ref = stage.reach(State.ACTIVE)
    for item, text in (
        ("goals", "Two missions."),
        (None, "A good year."),
        ("summary", "All done."),
        ("achievements", "A prize."),
        ("investments", "A plant."),
    ):
        stage.record(ref, Record("annual", stage.day, text, item=item, year=2027))
    wrong = stage.record(ref, Record("annual", stage.day, "Nonsense.", year=2026))
    stage.record(ref, Record("note", stage.day, "Between us."))
    assert [one.year for one in seen(stage, ref).years] == [2026, 2027]
    stage.correct_record(ref, wrong.n, None)
    (year,) = seen(stage, ref).years
    assert (year.goals, year.summary) == (("Two missions.",), ("A good year.", "All done."))
    assert (year.achievements, year.investments) == (("A prize.",), ("A plant.",))
    assert "Between us." not in str(seen(stage, ref))


def test_file_is_public_while_its_last_mark_says_so_and_it_is_not_erased(stage: Stage) -> None:
    """It lies under its digest and a name that every address takes."""
    ref = stage.reach(State.ACTIVE)
    stage.attach(ref, "Accord signé, 2026.pdf", "signed", b"%PDF signed", public=True)
    stage.attach(ref, "letter.pdf", "letter", b"%PDF letter")
    hidden = stage.attach(ref, "open.pdf", "evidence", b"%PDF open", public=True)
    (first, second) = seen(stage, ref).files
    assert first.path == f"files/{first.sha256}/Accord-signe-2026.pdf"
    assert (first.kind, first.size, second.name) == ("signed", 11, "open.pdf")
    stage.attach(ref, "open.pdf", "evidence", b"%PDF open")
    assert [one.name for one in seen(stage, ref).files] == [first.name]
    stage.attach(ref, "open.pdf", "evidence", b"%PDF open", public=True)
    erase(stage, ref, hidden.n, "attachment")
    assert [one.name for one in seen(stage, ref).files] == [first.name]


@pytest.mark.parametrize(
    ("name", "lies_as"),
    [
        ("Accord signé, 2026.PDF", "Accord-signe-2026.pdf"),
        ("plan.html", "plan-html.txt"),
        ("chart.SVG", "chart-SVG.txt"),
        ("x.php.pdf", "x-php.pdf"),
        ("notes.md", "notes-md.txt"),
        ("README", "README.txt"),
        ("..\\..\\x/../etc.pdf", "x-etc.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        (".htaccess.txt", "htaccess.txt"),
        ("协议.pdf", "file.pdf"),
        (f"{'a' * 300}.pdf", f"{'a' * 80}.pdf"),
        ("x\u202efdp.html", "xfdp-html.txt"),
        ("", "file.txt"),
    ],
)
def test_file_lies_under_a_name_that_runs_nowhere_and_leads_nowhere(
    name: str, lies_as: str
) -> None:
    """Whatever the policy lets people attach: a page, a picture with scripts, two endings."""
    assert safe_name(name) == lies_as


def test_erased_words_are_gone_and_amended_and_corrected_documents_count_as_they_are(
    stage: Stage,
) -> None:
    """What counts is what is on record now."""
    ref = stage.reach(State.ACTIVE)
    amended = replace(stage.document(ref), renewal_guidelines="Renewed if Jane Doe agrees.")
    stage.approve(ref, "amend", of_document(amended))
    assert not stage.amend(ref, amended).refused
    assert seen(stage, ref).renewal_guidelines == "Renewed if Jane Doe agrees."
    erase_text(stage, ref, "Jane Doe")
    assert "Jane" not in str(seen(stage, ref))


def test_dates_are_those_that_anybody_may_know(stage: Stage) -> None:
    """What is met is no date any more, and dormancy, approvals and reports owed are nobody's."""
    ref = stage.reach(State.SIGNED, complete_agreement(goals=()))
    stage.approve(ref, "amend", "0" * 64)
    rules = [one.rule for one in seen(stage, ref).dates]
    assert rules == [
        Rule.MILESTONE_DUE,
        Rule.TERM_STARTS,
        Rule.PROJECT_ENDED,
        Rule.EXAMINATION_DUE,
        Rule.TERM_OVER,
    ]
    named = {one.rule: one.what for one in seen(stage, ref).dates}
    assert named[Rule.MILESTONE_DUE] == "First mission"
    assert named[Rule.EXAMINATION_DUE] == "Trade mission"
    assert named[Rule.TERM_OVER] is None
    uids = {one.uid for one in seen(stage, ref).dates}
    assert len(uids) == len(rules)
    stage.pull(ref, Trigger.ACTIVATE)
    stage.record(ref, Record("milestone", stage.day, item="first-mission"))
    assert Rule.MILESTONE_DUE not in {one.rule for one in seen(stage, ref).dates}


def test_day_of_the_last_change_is_that_of_what_is_public(stage: Stage) -> None:
    """A note or an approval is no change of the page; an annual report is, in the city's days."""
    ref = stage.reach(State.ACTIVE)
    day = stage.day
    stage.on(day + timedelta(days=1)).record(ref, Record("note", stage.day, "Between us."))
    stage.approve(ref, "amend", "0" * 64)
    stage.attach(ref)
    assert seen(stage, ref).changed_on == day
    stage.on(day + timedelta(days=2)).record(ref, Record("annual", stage.day, "Good.", year=2027))
    assert seen(stage, ref).changed_on == stage.day
    stage.on(day + timedelta(days=3)).attach(ref, "open.pdf", public=True)
    assert seen(stage, ref).changed_on == stage.day
