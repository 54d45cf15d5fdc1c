"""Guards on the end of a term: expiry, review, evaluation, renewal, sunset (BOX6, DP3)."""

from collections.abc import Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.texts import listed, said
from states.calendar import add_months, day_after
from states.records import OUTCOMES, RECOMMENDATIONS, Evaluation
from states.vocabulary import DueRule, Guard, Trigger


def evaluation_open(case: Case) -> Iterator[Unmet]:
    """Require that the policy's window before the term's end or the review date is open."""
    standing, months = case.standing, case.policy.evaluation_window_months
    juncture = day_after(standing.term_end) if standing.term_end else standing.review
    if juncture is not None and case.day < add_months(juncture, -months):
        yield Unmet(
            Guard.EVALUATION_OPEN,
            "window.closed",
            f"Evaluation opens {months} months before {juncture}.",
            f"wait until {add_months(juncture, -months)}, or terminate it early with its grounds",
            "an agreement is evaluated as its term closes (R41)",
            "BOX6",
        )


def term_over(case: Case) -> Iterator[Unmet]:
    """Require that the day after the last day of the term has come (R41)."""
    end = case.standing.term_end
    if end is not None and case.day < day_after(end):
        yield Unmet(
            Guard.TERM_OVER,
            "term.running",
            f"The term runs to {end}, that day included.",
            f"wait: it expires on {day_after(end)}",
            "a term ends after its last day (R41)",
            "REC7",
            "term.end",
        )


def review_due(case: Case) -> Iterator[Unmet]:
    """Require, where there is no term, that the standing review date has come (R47)."""
    standing = case.standing
    unmet = partial(
        Unmet,
        Guard.REVIEW_DUE,
        rule="an agreement without a term is reviewed (R47)",
        report="REC7",
        field="review",
    )
    if standing.term_end is not None:
        return
    if standing.review is None:
        yield unmet(
            code="review.missing",
            message="It has neither a term nor a review date.",
            fix="set a review date",
        )
    elif case.day < standing.review:
        yield unmet(
            code="review.not_due",
            message=f"Its review is due on {standing.review}.",
            fix="wait for the review date",
        )


def term_running(case: Case) -> Iterator[Unmet]:
    """Require a term that runs or a new review date: what is kept has a juncture (R48)."""
    standing = case.standing
    unmet = partial(
        Unmet,
        Guard.TERM_RUNNING,
        rule="what is kept has a juncture ahead (R48)",
        report="REC4",
    )
    if standing.term_start is not None and case.day < standing.term_start:
        yield unmet(
            code="term.not_started",
            message=f"The term starts on {standing.term_start}.",
            fix="wait for its first day, or correct the term if the record is wrong",
            field="term.start",
        )
    if standing.term_end is not None and case.day > standing.term_end:
        yield unmet(
            code="term.over",
            message=f"The term ended on {standing.term_end}.",
            fix="renew it for a new term, or sunset it",
            field="term.end",
        )
    elif standing.term_end is None and (standing.review is None or standing.review <= case.day):
        yield unmet(
            code="review.past",
            message=f"The review date {standing.review or 'is not set, so it'} is not ahead.",
            fix="set a new review date first: lifecycle edit REF",
            field="review",
        )


def evaluated(case: Case) -> Iterator[Unmet]:
    """Require agreement, projects and value of renewing judged apart (R42), or sunset's ground.

    What the partner owed is called to mind (R45), and refuses nothing: what became of it stands on
    the ledger, `lifecycle.partners.obligations`.
    """
    unmet = partial(Unmet, Guard.EVALUATED, report="BOX6")
    standing, sheet = case.standing, case.facts.evaluation
    if case.act.trigger is Trigger.SUNSET and case.act.ground:
        return
    if sheet is None or standing.evaluation_term != standing.signed_term:
        ground = ", or state its ground with --ground" if case.act.trigger is Trigger.SUNSET else ""
        yield unmet(
            code="evaluation.missing",
            message=f"Term {standing.signed_term or standing.term} has not been evaluated.",
            fix=f"evaluate it: lifecycle evaluate REF{ground}",
            rule="a term is evaluated before it is decided on (R42)",
        )
        return
    yield from _judged(case, sheet)
    owed = [o.id or o.what for o in case.agreement.obligations if o.side == "partner"]
    if owed:
        yield unmet(
            code="obligations.unanswered",
            message=f"Weigh what became of the partner's obligations: {listed(owed)}.",
            fix="see: lifecycle check REF; record what is missing: "
            "lifecycle record REF obligation item=ID outcome=...",
            rule="what the partner owed and did is seen at the renewal decision (R45)",
            field="obligations",
            advisory=True,
        )


def _judged(case: Case, sheet: Evaluation) -> Iterator[Unmet]:
    unmet = partial(Unmet, Guard.EVALUATED, report="BOX6", rule="outcomes are judged apart (R42)")
    if sheet.agreement.outcome not in OUTCOMES or not said(sheet.agreement.findings):
        yield unmet(
            code="evaluation.agreement",
            message="The agreement's outcome and findings are not stated.",
            fix=f"state outcome ({listed(OUTCOMES)}) and findings under [agreement]",
            field="agreement",
        )
    judged = {p.id for p in sheet.projects if p.outcome in OUTCOMES and said(p.findings)}
    # Once the next term is being negotiated, the document's projects are that term's.
    of_the_term = case.standing.term == case.standing.signed_term
    for project in case.agreement.projects if of_the_term else ():
        if project.id not in judged:
            yield unmet(
                code="evaluation.project",
                message=f"The project {project.id} has no outcome with findings.",
                fix=f'add [[projects]] with id = "{project.id}", outcome and findings',
                field="projects",
            )
    stated = said(sheet.value.of_renewing) and sheet.value.recommendation in RECOMMENDATIONS
    if not stated:
        yield unmet(
            code="evaluation.value",
            message="What renewing would be worth is not judged.",
            fix=f"state of_renewing and recommendation ({listed(RECOMMENDATIONS)}) under [value]",
            field="value",
        )


def reports_complete(case: Case) -> Iterator[Unmet]:
    """Require a report for each calendar year of the term, the present one included (R39)."""
    start, end = case.standing.term_start, case.standing.term_end
    if start is None:
        return
    last = min(case.day, end or case.day)
    for year in range(start.year, last.year + 1):
        if year not in case.facts.annual:
            yield Unmet(
                Guard.REPORTS_COMPLETE,
                "annual.missing",
                f"There is no annual report for {year}.",
                f"record it: lifecycle record REF annual year={year} text=...",
                "activity goals, summary, achievements and investments each year (R39)",
                "REC9",
                f"annual.{year}",
            )


def decision_overdue(case: Case) -> Iterator[Unmet]:
    """Require a policy that lets it lapse, an overdue decision, and notice given (R57)."""
    unmet = partial(
        Unmet,
        Guard.DECISION_OVERDUE,
        rule="an agreement lapses only where its signed text and the policy say so",
        report="DP3",
    )
    standing, notice = case.standing, case.facts.notice
    kind = case.policy.types.get(standing.type)
    if kind is None or not kind.lapse:
        yield unmet(
            code="lapse.off",
            message="The policy does not let agreements of this type lapse.",
            fix="let a named person decide: renew or sunset",
        )
        return
    due = standing.due if standing.due_rule is DueRule.DECISION_DUE else None
    if due is None or case.day < due:
        yield unmet(
            code="decision.not_overdue",
            message=f"No decision is overdue; the next is due on {due or 'no day yet'}.",
            fix="wait for the deadline, or decide",
        )
        return
    days = case.policy.lapse_notice_days
    if notice is None or (case.day - notice).days < days:
        yield unmet(
            code="notice.too_recent",
            message=f"The notice must have been out for {days} days.",
            fix="wait: the nightly check gives the notice and counts the days",
        )
