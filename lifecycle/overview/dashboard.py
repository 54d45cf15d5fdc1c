"""The portfolio on one screen: what is in force, its money, its places, and what is to be decided.

Puts together what others reckon; nothing is reckoned here but which decisions come up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from guards.policy import Policy
from lifecycle.choosing.partnerships import Prioritised, priority_partnerships
from lifecycle.dossiers import Part, dossiers
from lifecycle.money.accounts import costs_of
from lifecycle.money.budget import Tally as MoneyTally
from lifecycle.money.budget import YearBudget
from lifecycle.overview.quick_facts import QuickFacts, quick_facts
from lifecycle.partners.roles import PARTS as OF_ROLES
from lifecycle.partners.roles import RoleYear
from lifecycle.partners.roles import Tally as RolesTally
from lifecycle.ports import Unit
from lifecycle.reviewing.worklist import Left, left_of
from states.calendar import end_of_month
from states.standing import Standing
from states.vocabulary import FINAL, DueRule

_PARTS = tuple(dict.fromkeys((*OF_ROLES, Part.RECORDS)))
"""The parts of a dossier that are read for it."""

DECIDED = frozenset({DueRule.DECISION_DUE, DueRule.REVIEW_DUE, DueRule.TERM_OVER})
"""What is due where somebody has to decide, at once or as soon as it is evaluated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """What a program manager looks at first on a day.

    `due` are the decisions due until the end of the month or late, the earliest first; `worklist`
    is how much waits to be reclassified or sunset, and how that goes on.
    """

    day: date
    facts: QuickFacts
    money: YearBudget
    roles: RoleYear | None
    priorities: Sequence[Prioritised]
    worklist: Left
    due: Sequence[Standing]

    @property
    def late(self) -> int:
        """How many of the decisions are late."""
        return sum(one.due is not None and one.due < self.day for one in self.due)


def _asked_of(day: date, standing: Standing) -> bool:
    """Whether an agreement's papers are read: if it is over, only in the year in which it ended."""
    if standing.voided:
        return False
    return standing.state not in FINAL or standing.acted_on.year == day.year


def _comes_up(standing: Standing, until: date) -> bool:
    decided = standing.due_rule in DECIDED
    return decided and standing.due is not None and standing.due <= until


def dashboard(unit: Unit, policy: Policy, day: date) -> Dashboard:
    """Return the dashboard of a day under the policy in force."""
    facts = quick_facts((one.standing for one in dossiers(unit)), policy)
    money, roles = MoneyTally(policy.program), RolesTally(day)
    priorities: list[Prioritised] = []
    due: list[Standing] = []
    for one in dossiers(unit, *_PARTS, wanted=partial(_asked_of, day)):
        money.add(costs_of(one).accounts)
        roles.add(one)
        priorities += priority_partnerships([one], day.year)
        if _comes_up(one.standing, end_of_month(day)):
            due.append(one.standing)
    years = roles.years()
    return Dashboard(
        day=day,
        facts=facts,
        money=money.year(day.year),
        roles=years[-1] if years else None,
        priorities=tuple(priorities),
        worklist=left_of(unit, policy, day),
        due=sorted(due, key=lambda one: (one.due or day, one.key)),
    )
