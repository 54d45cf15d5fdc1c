"""Works out what staff see beside what is public, in the walk that makes the register (R22, R57).

The guards are asked as `lifecycle check` asks them, of a step that somebody takes who drafted
nothing; what only the act itself can bring, its grounds and a second person, is not missing yet.
Portfolio limits need the whole portfolio first: that is counted once, before the walk.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from guards.case import Act, Case, Facts
from guards.policy import UNSIGNED, Policy
from guards.registry import guards_for, judge
from lifecycle.cases import with_live_waivers
from lifecycle.census import Census
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.forecasting.lives import Rules, life_of
from lifecycle.forecasting.years import Tally as ForecastTally
from lifecycle.matter import matter_of
from lifecycle.money.budget import YearBudget
from lifecycle.order import Order, flatten
from lifecycle.ports import Unit
from lifecycle.publishing.internal import (
    InternalAgreement,
    InternalAlert,
    InternalBudget,
    InternalForecast,
    InternalMissing,
    InternalProgram,
    InternalStep,
    InternalUnmet,
)
from lifecycle.telling import shown_on, told
from lifecycle.watching import watches
from states.records import PUBLISHED, reported_year
from states.table import Transition, leading_from
from states.vocabulary import Guard, Role, Trigger

PARTS = (Part.DOCUMENT, Part.RECORDS, Part.SCORES, Part.EVALUATION)
"""The parts of a dossier that are read for it."""

_YEARS = 5
_SOMEBODY = ""
_OF_THE_ACT = frozenset({Guard.GROUNDS_STATED, Guard.SECOND_PERSON})
_Condition = tuple[Trigger, str, str]


def for_staff(policy: Policy) -> Policy:
    """Return a policy by which the register names what was never signed, too, as staff see it."""
    return replace(policy, publishing=replace(policy.publishing, states=UNSIGNED))


class InternalTally:
    """What staff see of agreements and of the program that they add up to: fed one by one."""

    def __init__(self, unit: Unit, order: Order, policy: Policy, day: date) -> None:
        """Count the portfolio; `policy` is the one in force on the day."""
        self._unit, self._order, self._policy, self._day = unit, order, policy, day
        self._census, self._held = Census(), 0
        currencies = frozenset({policy.program.currency})
        for dossier in dossiers(unit, Part.DOCUMENT):
            self._census.add(dossier.standing, dossier.document, currencies)
            self._held += dossier.standing.counted
        self._forecast = ForecastTally(Rules(policy=policy, today=day))
        self._overdue: list[InternalAlert] = []
        self._missing: defaultdict[_Condition, list[str]] = defaultdict(list)

    def agreement(self, dossier: Dossier) -> InternalAgreement:
        """Return what staff see of an agreement, and count it in; its dossier has `PARTS`."""
        self._forecast.add(life_of(dossier, self._forecast.rules))
        own = InternalAgreement(
            ref=str(dossier.ref),
            owner=dossier.standing.owner,
            steps=tuple(self._steps(dossier)),
            overdue=tuple(self._late(dossier)),
        )
        self._overdue += own.overdue
        lacked = {(s.trigger, one.guard, one.code): None for s in own.steps for one in s.unmet}
        for condition in lacked:
            self._missing[condition].append(own.ref)
        return own

    def program(self) -> InternalProgram:
        """Return what staff see of the program."""
        policy = self._policy
        return InternalProgram(
            currency=policy.program.currency,
            cap=policy.cap.at_most if policy.cap else None,
            overdue=tuple(sorted(self._overdue, key=lambda one: (one.on, one.ref, one.rule))),
            missing=tuple(
                InternalMissing(trigger=trigger, guard=guard, code=code, refs=tuple(refs))
                for (trigger, guard, code), refs in sorted(self._missing.items())
            ),
            budgets=tuple(self._budgets()),
            forecast=tuple(self._years()),
        )

    def _steps(self, dossier: Dossier) -> Iterator[InternalStep]:
        matter = matter_of(self._unit, self._order, dossier.standing, self._day)
        standing = with_live_waivers(matter)
        facts = self._facts(dossier, matter.policy)
        for row in leading_from(standing.state):
            if row.by != (Role.SCHEDULER,):
                act = Act(row.trigger, _SOMEBODY, self._day)
                yield _step(row, Case(standing, matter.policy, act, dossier.agreement, facts))

    def _facts(self, dossier: Dossier, policy: Policy) -> Facts:
        standing, records = dossier.standing, [record for _n, record in dossier.records]
        year = (standing.term_start or self._day).year
        return Facts(
            counted=self._held - standing.counted,
            limits={
                limit.code: self._census.others(limit, standing, policy, year)
                for limit in policy.limits
            },
            projects=self._census.projects,
            committed=self._census.committed(policy.program.currency),
            scores=dossier.scores,
            evaluation=dossier.evaluation,
            annual=frozenset(each for each in map(reported_year, records) if each),
            published=frozenset(one.term for one in records if one.kind == PUBLISHED and one.term),
        )

    def _late(self, dossier: Dossier) -> Iterator[InternalAlert]:
        standing, records = dossier.standing, [record for _n, record in dossier.records]
        for watch in watches(standing, dossier.agreement, records, self._policy):
            if watch.due < self._day and watch.next_on is not None:
                telling = told(standing, watch, self._day)
                yield InternalAlert(
                    ref=str(dossier.ref),
                    title=standing.title,
                    owner=standing.owner,
                    rule=watch.rule,
                    item=watch.item,
                    on=shown_on(watch.rule, watch.due),
                    message=telling.message,
                    fix=telling.fix.replace("REF", str(dossier.ref)),
                    report=telling.report,
                )

    def _budgets(self) -> Iterator[InternalBudget]:
        for year in self._forecast.money.years(self._day.year):
            money = self._forecast.money.year(year)
            yield InternalBudget(
                year=year,
                budget=_budget(money),
                committed=money.committed.amount,
                spent=money.spent.amount,
                free=money.free.amount if money.free else None,
                other={name: other.committed.amount for name, other in money.others.items()},
            )

    def _years(self) -> Iterator[InternalForecast]:
        for year in self._forecast.case(_YEARS).years:
            yield InternalForecast(
                year=year.year,
                active=year.count.active,
                held=year.count.held,
                most=year.most,
                dormant=year.count.dormant,
                committed=year.money.committed.amount,
                budget=_budget(year.money),
                staff=year.staff,
                decisions=len(year.due),
            )


def _budget(money: YearBudget) -> Decimal | None:
    return money.budget.amount if money.budget else None


def _step(row: Transition, case: Case) -> InternalStep:
    guards = guards_for(row, case.policy, case.standing.type)
    verdicts = judge([guard for guard in guards if guard not in _OF_THE_ACT], case)
    return InternalStep(
        trigger=row.trigger,
        to=row.target,
        by=row.by,
        allowed=not any(verdict.blocks for verdict in verdicts),
        unmet=tuple(
            InternalUnmet(
                guard=one.guard,
                code=one.code,
                severity=severity,
                field=one.field,
                message=one.message,
                fix=one.fix,
                rule=one.rule,
                report=one.report,
                waived_by=one.waived_by,
            )
            for severity, one in flatten(verdicts)
        ),
    )
