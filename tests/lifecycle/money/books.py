"""Dossiers with money in them, for tests: projects with funding, and expenditure on record."""

from datetime import date
from decimal import Decimal
from typing import Any

from lifecycle.dossiers import Dossier
from lifecycle.money.accounts import Costs, costs_of
from states.agreement import Project, Resource, Term
from states.records import Record
from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement, complete_project, funding, program, standing

YEAR = 2027
TORONTO = program()


def project(id_: str, *resources: Resource) -> Project:
    """Return a project with resources."""
    return complete_project(name=id_.title(), id=id_, resources=resources)


def costing(amount: object, year: int | None = YEAR, currency: str | None = "CAD") -> Resource:
    """Return funding of an amount."""
    return funding(amount=Decimal(str(amount)), currency=currency, year=year)


def spending(amount: object, **more: Any) -> Record:  # noqa: ANN401 - any key of a record
    """Return the record of an expenditure of 2027, on the mission unless something else is said."""
    told = {"project": "mission", "value": Decimal(str(amount)), "currency": "CAD", "year": YEAR}
    return Record("expenditure", date(YEAR, 5, 1), **{**told, **more})


def dossier(
    *projects: Project,
    number: int = 1,
    spent: tuple[Record, ...] = (),
    state: State = State.ACTIVE,
    ends: date = date(2029, 12, 31),
) -> Dossier:
    """Return an agreement with projects, and what was spent on them."""
    document = complete_agreement(projects=projects, term=Term(date(2027, 1, 1), ends))
    at = standing(document, state=state, key=Ref("TOR", 2026, number).key)
    records = tuple(enumerate(spent, 10))
    return Dossier(ref=Ref("TOR", 2026, number), standing=at, document=document, records=records)


def committing(number: int, amount: object, spent: object = 0, **more: Any) -> Costs:  # noqa: ANN401 - any of a dossier
    """Return what an active agreement costs that commits an amount in 2027 and has spent some."""
    records = (spending(spent),) if spent else ()
    mission = project("mission", costing(amount))
    return costs_of(dossier(mission, number=number, spent=records, **more))
