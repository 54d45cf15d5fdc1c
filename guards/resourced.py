"""The R of SMART: every project has funding and staff, within budget and limit (R20, R33)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.texts import listed, said
from states.agreement import Agreement, Project, Resource
from states.money import Money
from states.vocabulary import Guard

_unmet = partial(Unmet, Guard.RESOURCED)


def funding_by_year(agreement: Agreement, currency: str) -> Mapping[int, Decimal]:
    """Return the agreement's funding by year in one currency; other currencies are not added."""
    years: defaultdict[int, Decimal] = defaultdict(Decimal)
    for resource, amount in _funding(agreement):
        if resource.currency == currency and resource.year is not None:
            years[resource.year] += amount
    return years


def resourced(case: Case) -> Iterator[Unmet]:
    """Require funding and staff for each project, in budget and what a body signs (R20, R33)."""
    for index, project in enumerate(case.agreement.projects):
        yield from _project(project, f"projects[{index}]")
    yield from _budget(case)
    yield from _signing_body(case)
    yield from _signing_limit(case)


def _project(project: Project, path: str) -> Iterator[Unmet]:
    name = project.name or path
    if not any(_funded(resource) for resource in project.resources):
        yield _unmet(
            "funding.missing",
            f"The project {name} has no funding.",
            "add a resource of kind funding: amount above zero, currency, source and year",
            "resourced: funding with amount, currency, source and year (R20)",
            "BP4",
            f"{path}.resources",
        )
    if not any(_staffed(resource) for resource in project.resources):
        yield _unmet(
            "staff.missing",
            f"The project {name} has no staff.",
            "add a resource of kind staff: full-time equivalents above zero, and source",
            "resourced: staff as well as funding (R20)",
            "BP4",
            f"{path}.resources",
        )
    for place, resource in enumerate(project.resources):
        if resource.amount is not None and resource.amount < 0:
            yield _unmet(
                "amount.negative",
                f"A resource of the project {name} is below zero.",
                "set an amount above zero",
                "resources are amounts above zero (R20)",
                "BP4",
                f"{path}.resources[{place}].amount",
            )


def _budget(case: Case) -> Iterator[Unmet]:
    currency = case.policy.program.currency
    for year, amount in sorted(funding_by_year(case.agreement, currency).items()):
        budget = case.policy.program.budget.get(str(year))
        needed = amount + case.facts.committed.get(year, Decimal())
        if budget is not None and needed > budget:
            yield _unmet(
                "budget.exceeded",
                f"{year} would need {Money(needed, currency)} of a budget of "
                f"{Money(budget, currency)}.",
                "raise the budget, end other agreements, or commit less in that year; "
                "lifecycle forecast --with REF shows what it would mean",
                "the cost of projects stays within the year's budget (R33)",
                "REC10",
                "projects",
            )


def _signing_body(case: Case) -> Iterator[Unmet]:
    body, kind = case.policy.body(case.act.on_behalf_of), case.standing.type
    if body is not None and body.types and kind not in body.types:
        others = [each for each in case.policy.bodies if not each.types or kind in each.types]
        yield _unmet(
            "signing_body.other_type",
            f"{body.name} does not sign agreements of type {kind}.",
            f"let a body sign that does: {listed([each.name for each in others])}",
            "a body signs the types that the policy gives it",
            "REC10",
            "type",
        )


def _signing_limit(case: Case) -> Iterator[Unmet]:
    body, currency = case.policy.body(case.act.on_behalf_of), case.policy.program.currency
    limit = body.signs_up_to if body else case.policy.signs_up_to
    signer = body.name if body else "A decider in their own name"
    if limit is None:
        return
    most = Money(limit, currency)
    unmet = partial(
        _unmet,
        fix="let a body with a higher signing limit decide",
        rule="who signs does so within a financial limit",
        report="REC10",
        field="projects",
    )
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for resource, amount in _funding(case.agreement):
        by_currency[resource.currency or "an unknown currency"] += amount
    total = by_currency.pop(currency, Decimal())
    if total > limit:
        yield unmet(
            code="signing_limit.exceeded",
            message=f"{signer} signs up to {most}; this commits {Money(total, currency)}.",
        )
    if by_currency:
        yield unmet(
            code="signing_limit.other_currency",
            message=f"{signer} signs up to {most}; "
            f"this commits {listed(sorted(by_currency))} as well.",
        )


def _funding(agreement: Agreement) -> Iterator[tuple[Resource, Decimal]]:
    for project in agreement.projects:
        for resource in project.resources:
            if resource.kind == "funding" and resource.amount:
                yield resource, resource.amount


def _funded(resource: Resource) -> bool:
    stated = said(resource.source) and resource.year is not None and bool(resource.currency)
    return resource.kind == "funding" and stated and (resource.amount or 0) > 0


def _staffed(resource: Resource) -> bool:
    return resource.kind == "staff" and said(resource.source) and (resource.amount or 0) > 0
