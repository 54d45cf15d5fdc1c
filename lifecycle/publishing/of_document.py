"""The public part of what was agreed on, and how far it has come (R28, R37, R38, R45).

Fills the whitelist field by field from a document and the records of its term. What it does not
copy is not public: why a partner was chosen, who signed or endorsed, sources of what was measured.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from math import floor

from guards.policy import Policy
from guards.smart import answerable
from lifecycle.dossiers import Dossier
from lifecycle.partners.obligations import ledger
from lifecycle.publishing.public_agreement import (
    PublicActual,
    PublicIndicator,
    PublicMilestone,
    PublicObjective,
    PublicObligation,
    PublicParty,
    PublicProject,
    PublicResource,
    PublicSignature,
)
from lifecycle.results.progress import (
    IndicatorProgress,
    MilestoneProgress,
    Recorded,
    actuals_of,
    milestones,
    of_term,
)
from states.agreement import Agreement, Objective, Project
from states.records import ProjectOutcome
from states.vocabulary import IN_FORCE

Outcomes = Mapping[str, ProjectOutcome]
"""How projects ended, by id."""


def parties_of(agreement: Agreement) -> Iterator[PublicParty]:
    """Yield both sides' parties; why an alternative partner was chosen is not told."""
    for party in agreement.parties:
        yield PublicParty(
            side=party.side,
            name=party.name,
            kind=party.kind or None,
            country=party.country,
            metro=party.metro,
            responsibilities=party.responsibilities or None,
        )


def signatures_of(agreement: Agreement) -> Iterator[PublicSignature]:
    """Yield in which offices it was signed, without the names of those who did."""
    for one in agreement.signatures:
        yield PublicSignature(side=one.side, office=one.office or None, on=one.date)


def projects_of(signed: Dossier, policy: Policy, outcomes: Outcomes) -> Iterator[PublicProject]:
    """Yield the projects of what was last signed, with how far their indicators have come."""
    agreement, records = signed.agreement, _records(signed)
    names = answerable(agreement, policy)
    for project in agreement.projects:
        ended = outcomes.get(project.id or "", ProjectOutcome())
        yield PublicProject(
            id=project.id or "",
            name=project.name,
            kind=project.kind or None,
            division=project.division,
            start=project.start,
            end=project.end,
            examined=project.examined,
            outcome=ended.outcome or None,
            findings=ended.findings or None,
            objectives=tuple(
                PublicObjective(
                    kind=one.kind or None,
                    objective=one.objective,
                    activity=one.activity,
                    # An organisation answers for it (R19); any other name might be a person's.
                    responsible=one.responsible if one.responsible in names else None,
                    indicators=tuple(_indicators(project, one, records)),
                )
                for one in project.objectives
            ),
            resources=tuple(_resources(project)),
        )


def _indicators(
    project: Project, objective: Objective, records: tuple[Recorded, ...]
) -> Iterator[PublicIndicator]:
    for one in objective.indicators:
        actuals = actuals_of(one, project.id, records)
        yield public_indicator(IndicatorProgress(project.id or "", objective.kind, one, actuals))


def public_indicator(one: IndicatorProgress) -> PublicIndicator:
    """Return an indicator with its actuals; how far it is, is cut off and never rounded up."""
    return PublicIndicator(
        name=one.indicator.name,
        unit=one.indicator.unit,
        baseline=one.indicator.baseline,
        target=one.indicator.target,
        actual=one.last[1].value if one.last else None,
        done=None if one.progress is None else floor(one.progress * 100),
        actuals=tuple(
            PublicActual(on=actual.on, value=actual.value)
            for _n, actual in one.actuals
            if actual.value is not None
        ),
    )


def _resources(project: Project) -> Iterator[PublicResource]:
    for one in project.resources:
        yield PublicResource(
            kind=one.kind,
            amount=one.amount,
            currency=one.currency,
            source=one.source or None,
            year=one.year,
        )


def milestones_of(signed: Dossier, day: date) -> Iterator[PublicMilestone]:
    """Yield the timeline as it stands on a day, or as it stood when the term was left behind."""
    standing = signed.standing
    until = day if standing.state in IN_FORCE else min(day, standing.acted_on)
    return map(public_milestone, milestones(signed.agreement, _records(signed), until))


_STATUS = {"met": "met", "met_late": "met", "overdue": "late", "ahead": "due"}


def public_milestone(one: MilestoneProgress) -> PublicMilestone:
    """Return a milestone with the day on which it was met."""
    return PublicMilestone(
        name=one.milestone.name,
        project=one.milestone.project,
        due=one.milestone.due,
        met=one.met[1].on if one.met else None,
        status=_STATUS[one.status],
    )


def obligations_of(signed: Dossier, day: date) -> Iterator[PublicObligation]:
    """Yield what each side owes, and of what has an answer on record, what became of it."""
    for owed in ledger(signed.standing, signed.agreement, signed.records, day):
        yield PublicObligation(
            side=owed.obligation.side,
            what=owed.obligation.what,
            due=owed.obligation.due,
            outcome=owed.fate if owed.record else None,
        )


def _records(signed: Dossier) -> tuple[Recorded, ...]:
    return of_term(signed.records, signed.terms, signed.standing.term)
