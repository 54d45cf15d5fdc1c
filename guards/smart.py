"""SMART completeness: specific, measurable, assignable, and projects bound in time (BP4, REC6).

The R of SMART, resources, is `guards.resourced`; the agreement's own term is `guards.time_bound`.
"""

from collections.abc import Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.policy import Policy
from guards.texts import listed, said
from states.agreement import Agreement, Indicator, Objective, Project
from states.vocabulary import Guard

_unmet = partial(Unmet, Guard.SMART_COMPLETE)


def smart_complete(case: Case) -> Iterator[Unmet]:
    """Require that each project says what, how measured, by whom, until when (R14-R19, R21)."""
    agreement = case.agreement
    if not agreement.projects:
        yield _unmet(
            "project.missing",
            "The agreement has no project.",
            "add [[projects]] with at least one objective",
            "an agreement is based on at least one project (R14)",
            "REC8",
            "projects",
        )
    for side in ("home", "partner"):
        if not any(said(party.responsibilities) for party in agreement.side(side)):
            yield _unmet(
                f"assignable.{side}_responsibilities",
                f"What the {side} side is responsible for is not said.",
                f"fill in responsibilities of a party on the {side} side",
                "assignable: responsibilities on both sides (R19, R23)",
                "BP4",
                "parties",
            )
    names = answerable(agreement, case.policy)
    for index, project in enumerate(agreement.projects):
        path = f"projects[{index}]"
        yield from _specific(project, path)
        yield from _bound(project, path, case)
        for place, objective in enumerate(project.objectives):
            yield from _objective(objective, f"{path}.objectives[{place}]", names)


def answerable(agreement: Agreement, policy: Policy) -> tuple[str, ...]:
    """Return the organisations that may answer for an objective: parties, and home-side bodies."""
    bodies = (body.name for body in policy.bodies if body.home_side)
    return (*(party.name for party in agreement.parties if party.name), *bodies)


def _specific(project: Project, path: str) -> Iterator[Unmet]:
    for key, value in (("name", project.name), ("kind", project.kind)):
        if not value:
            yield _unmet(
                f"project.{key}_missing",
                f"A project has no {key} ({path}).",
                f"give the project's {key}",
                "a project has a name and a kind (R15)",
                "REC8",
                f"{path}.{key}",
            )
    if not project.objectives:
        yield _unmet(
            "specific.objective_missing",
            f"The project {project.name or path} has no objective.",
            "add [[projects.objectives]] to it",
            "specific: a project has an objective (R17)",
            "BP4",
            f"{path}.objectives",
        )


def _bound(project: Project, path: str, case: Case) -> Iterator[Unmet]:
    name, term = project.name or path, case.agreement.term
    for key in ("end", "examined"):
        if getattr(project, key) is None:
            yield _unmet(
                f"time.{key}_missing",
                f"The project {name} has no {key} date.",
                f"set {key} of the project",
                "time-bound: an end date and an examination date (R21)",
                "BP4",
                f"{path}.{key}",
            )
    days = [d for d in (project.start, project.end, project.examined) if d is not None]
    if days != sorted(days):
        yield _unmet(
            "time.order",
            f"The dates of the project {name} are not in order: {listed(map(str, days))}.",
            "set start, end and examined so that each is not before the one before",
            "time-bound: start, then end, then examination (R21)",
            "BP4",
            path,
        )
    outside = term and project.end and not term.start <= project.end <= term.end
    if outside and term:
        yield _unmet(
            "time.outside_term",
            f"The project {name} ends on {project.end}, outside the term to {term.end}.",
            "end the project inside the agreement's term",
            "a project ends inside its agreement's term (R21)",
            "BP3",
            f"{path}.end",
        )


def _objective(objective: Objective, path: str, names: tuple[str, ...]) -> Iterator[Unmet]:
    parts = (
        ("kind", objective.kind),
        ("objective", objective.objective),
        ("activity", objective.activity),
    )
    for key, value in parts:
        if not said(value):
            yield _unmet(
                f"specific.{key}_missing",
                f"An objective does not say its {key} ({path}).",
                f"say the {key} in words",
                "specific: both the objective and the activity (R16, R17)",
                "BP4",
                f"{path}.{key}",
            )
    if said(objective.activity) and objective.activity.casefold() == objective.objective.casefold():
        yield _unmet(
            "specific.same",
            f"Objective and activity are the same words ({path}).",
            "say what is to be reached, and apart from it by which activity",
            "specific: both the objective and the activity (R17)",
            "BP4",
            f"{path}.activity",
        )
    if objective.responsible not in names:
        yield _unmet(
            "assignable.responsible_missing",
            f"{objective.responsible or 'Nobody'} is not a party that can answer for it ({path}).",
            f"set responsible to one of {listed(names)}",
            "assignable: one responsible organisation (R19)",
            "BP4",
            f"{path}.responsible",
        )
    if not any(_measurable(indicator) for indicator in objective.indicators):
        yield _unmet(
            "measurable.indicator_missing",
            f"No indicator measures it ({path}).",
            "add an indicator with a unit, a baseline and a target that differs from it",
            "measurable: indicator, unit, baseline, target (R18)",
            "BP4",
            f"{path}.indicators",
        )


def _measurable(indicator: Indicator) -> bool:
    numbers = None not in (indicator.baseline, indicator.target)
    named = said(indicator.name) and bool(indicator.unit.strip())
    return named and numbers and indicator.baseline != indicator.target
