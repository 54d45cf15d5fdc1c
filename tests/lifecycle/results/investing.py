"""An agreement that is to bring investment, and the records of its years: what reports tell of."""

from datetime import date
from decimal import Decimal
from typing import Any

from states.agreement import Agreement, Indicator, Milestone
from states.records import Record
from tests.builders import START, complete_agreement, complete_objective, complete_project

INVESTED = Indicator("new investments", "CAD", Decimal(0), Decimal(1_000_000))
REACHED = Indicator("businesses reached", "businesses", Decimal(0), Decimal(40))
MISSION = Milestone("First mission", "first-mission", "trade-mission", date(2027, 5, 1))


def investing(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return an agreement with one project of two objectives: trade, and investment."""
    objectives = (
        complete_objective(indicators=(REACHED,)),
        complete_objective(
            kind="attract_investment",
            objective="Firms of Chongqing open offices here.",
            activity="Visits of ten firms.",
            indicators=(INVESTED,),
        ),
    )
    return complete_agreement(
        **{
            "projects": (complete_project(start=START, objectives=objectives),),
            "milestones": (MISSION,),
            **changes,
        }
    )


def invested(value: int, on: date, **keys: Any) -> Record:  # noqa: ANN401 - of Record
    """Return how much was invested in all, up to a day."""
    known = {"item": "new investments", "value": Decimal(value), "source": "Registry", **keys}
    return Record("actual", on, **known)


def annual(year: int, item: str | None = None, **keys: Any) -> Record:  # noqa: ANN401 - of Record
    """Return a part of a year's report, recorded in the January after."""
    text = keys.pop("text", f"The {item or 'summary'} of {year}.")
    return Record("annual", date(year + 1, 1, 15), text, year=year, item=item, **keys)
