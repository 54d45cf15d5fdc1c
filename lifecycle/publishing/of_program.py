"""Adds up what is public of a program, out of the agreements that are on its register (R28, R55).

It is fed dossier by dossier in the same walk that makes the agreements' pages, and keeps sums and
counts of them, never the dossiers. What was never signed counts for nothing in it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part
from lifecycle.money.accounts import PARTS as OF_MONEY
from lifecycle.money.accounts import costs_of
from lifecycle.overview.quick_facts import QuickFacts
from lifecycle.overview.quick_facts import Tally as FactsTally
from lifecycle.partners.roles import CATALYST, IMPLEMENTER
from lifecycle.partners.roles import PARTS as OF_ROLES
from lifecycle.partners.roles import Tally as RolesTally
from lifecycle.publishing.public_agreement import PublicAgreement
from lifecycle.publishing.public_program import (
    PublicBudget,
    PublicBurn,
    PublicCount,
    PublicDecision,
    PublicProgram,
    PublicRoles,
)
from lifecycle.publishing.signed import last_signed
from lifecycle.reviewing.burning import Movement, by_year, concerned, movements
from states.agreement import UNKNOWN
from states.calendar import add_months
from states.money import Money

PARTS = tuple(dict.fromkeys((*OF_ROLES, *OF_MONEY, Part.LINES)))
"""The parts of a dossier that are read for it."""

_AHEAD_MONTHS = 12
"""Decisions that are further ahead than this are told by their agreements alone."""


class ProgramTally:
    """What of the agreements seen so far counts: fed one by one, told at the end."""

    def __init__(self, policy: Policy, day: date, type_of: Callable[[int, str], str]) -> None:
        """Take the policy in force and the day.

        `type_of` returns the type that an agreement's document of a digest states, by its key; it
        is asked only of what was reclassified more than once.
        """
        self._policy, self._day, self._type_of = policy, day, type_of
        self._facts, self._roles = FactsTally(), RolesTally(day)
        self._committed: dict[tuple[int, str], Money] = {}
        self._moved: list[Movement] = []
        self._decisions: list[PublicDecision] = []

    def add(self, dossier: Dossier, public: PublicAgreement) -> None:
        """Count an agreement of the register in; its dossier has `PARTS`."""
        if not public.signed:
            return
        signed = last_signed(dossier)
        standing = signed.standing
        self._facts.add(standing)
        self._roles.add(signed)
        for account in costs_of(signed).accounts:
            at = account.year, account.currency
            known = self._committed.get(at, Money.none(account.currency))
            self._committed[at] = known + account.committed
        if concerned(standing, self._policy):
            type_of = partial(self._type_of, standing.key)
            self._moved += movements(signed.lines, standing, self._policy, type_of)
        if public.next_decision and public.next_rule and public.next_decision <= self._until:
            self._decisions.append(
                PublicDecision(
                    ref=public.ref,
                    title=public.title,
                    on=public.next_decision,
                    rule=public.next_rule,
                )
            )

    def program(self) -> PublicProgram:
        """Return what is public of the program."""
        policy, facts = self._policy, self._facts.told(self._policy)
        return PublicProgram(
            code=policy.program.code,
            name=policy.program.name,
            currency=policy.program.currency,
            cap=facts.cap,
            held=facts.held,
            in_force=facts.in_force,
            types=tuple(
                PublicCount(name=code, title=policy.title_of(code), count=count)
                for code, count in facts.in_force_by_type.items()
            ),
            years=tuple(_years(facts)),
            budgets=tuple(self._budgets()),
            roles=tuple(self._role_years()),
            worklist=tuple(self._burns()),
            decisions=tuple(sorted(self._decisions, key=lambda one: (one.on, one.ref))),
        )

    @property
    def _until(self) -> date:
        return add_months(self._day, _AHEAD_MONTHS)

    def _budgets(self) -> Iterator[PublicBudget]:
        program = self._policy.program
        committed = {at: money.amount for at, money in self._committed.items() if money.amount}
        for year in sorted({*map(int, program.budget), *(year for year, _currency in committed)}):
            own = {name: sum_ for (when, name), sum_ in sorted(committed.items()) if when == year}
            yield PublicBudget(
                year=year,
                budget=program.budget.get(str(year)),
                committed=own.pop(program.currency, Money.none(program.currency).amount),
                other=own,
            )

    def _role_years(self) -> Iterator[PublicRoles]:
        for one in self._roles.years():
            named = {CATALYST: 0, IMPLEMENTER: 0, None: 0, **one.agreements}
            catalyst, implementer, unstated = (named[k] for k in (CATALYST, IMPLEMENTER, None))
            yield PublicRoles(
                year=one.year,
                catalyst=catalyst,
                implementer=implementer,
                other=one.in_force - catalyst - implementer - unstated,
                unstated=unstated,
            )

    def _burns(self) -> Iterator[PublicBurn]:
        for point in by_year(self._moved, self._day):
            yield PublicBurn(
                year=point.day.year,
                left=point.left,
                reclassified=point.reclassified,
                sunset=point.sunset,
            )


def _years(facts: QuickFacts) -> Iterator[PublicCount]:
    counts: Counter[int] = Counter()
    for (_type, year), count in facts.signed.items():
        counts[year] += count
    for year, count in sorted(counts.items()):
        yield PublicCount(name=str(year), title=str(year), count=count)
    if facts.undated:
        yield PublicCount(name=UNKNOWN, title=UNKNOWN, count=facts.undated)
