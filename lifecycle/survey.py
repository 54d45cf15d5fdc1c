"""Finds what adopting a policy would change, before anybody adopts it (R54).

Goes through the portfolio twice, in batches: once to count it and to read its documents, once to
judge the next step of each agreement that is on its way. Nothing is written.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from guards.policy import Limit, Policy
from guards.resourced import funding_by_year
from guards.words import unknown_words
from lifecycle.census import COMMITTED, Cell, Census, counts, place_of
from lifecycle.evolve import derived
from lifecycle.impact import DueChange, Exceeded, Gone, Impact, Overrun, Word
from lifecycle.matter import keeps_policy
from lifecycle.ports import Unit
from lifecycle.rehearsal import STEPS, Rehearsal, judging_then
from states.agreement import Agreement
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import FINAL

_BATCH = 500

Refs = defaultdict[str, list[str]]


def impact_of(unit: Unit, policy: Policy, day: date) -> Impact:
    """Return what adopting a policy on a day would change in the portfolio."""
    survey = _Survey(unit, policy, day)
    for batch in _batches(unit):
        survey.count(batch)
    impact = survey.told()
    held = (impact.counted_before, impact.counted_after)
    rehearsal = Rehearsal(unit, policy, day, survey.census, held)
    for batch in _batches(unit):
        impact.steps += rehearsal.changes([each for each in batch if each.state in STEPS])
    return impact


def _batches(unit: Unit) -> Iterator[Sequence[Standing]]:
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        yield [standing for standing in batch if not standing.voided]


class _Survey:
    """One going through the portfolio, and what has been found so far."""

    def __init__(self, unit: Unit, policy: Policy, day: date) -> None:
        self.unit, self.policy = unit, policy
        self.in_force = unit.policy(unit.policy_in_force(day))
        self.impact = Impact(cap=_cap(policy), cap_before=_cap(self.in_force))
        self.census = Census()
        self.currencies = frozenset({policy.program.currency, self.in_force.program.currency})
        self.held: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.words: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.funded: defaultdict[int, list[str]] = defaultdict(list)
        self.responsible: Refs = defaultdict(list)
        self.answered: Refs = defaultdict(list)

    def count(self, batch: Sequence[Standing]) -> None:
        documents = self.unit.documents([each for each in batch if each.state not in FINAL])
        for standing in batch:
            ref = str(Ref.of(self.unit.program.code, standing.key))
            document = documents.get(standing.key)
            self.census.add(standing, document, self.currencies)
            self._derive(ref, standing)
            self._hold(ref, standing)
            if document is not None:
                self._read(ref, standing, document)

    def told(self) -> Impact:
        """Return what was found, the next steps aside."""
        impact, cap = self.impact, self.policy.cap
        impact.over_cap = max(0, impact.counted_after - cap.at_most) if cap else 0
        impact.limits = list(self._exceeded())
        impact.budget = list(self._overruns())
        impact.words = [Word(key, word, refs) for (key, word), refs in sorted(self.words.items())]
        kept = {body.name for body in self.policy.bodies}
        gone = [body.name for body in self.in_force.bodies if body.name not in kept]
        impact.bodies_gone = [Gone(name, self.responsible[name]) for name in gone]
        asked = {condition.code for condition in self.policy.conditions}
        dropped = [each.code for each in self.in_force.conditions if each.code not in asked]
        impact.conditions_gone = [Gone(code, self.answered[code]) for code in dropped]
        return impact

    def _derive(self, ref: str, standing: Standing) -> None:
        impact = self.impact
        new = derived(standing, judging_then(self.unit, standing, self.policy))
        impact.agreements += 1
        impact.counted_before += standing.counted
        impact.counted_after += new.counted
        if keeps_policy(standing, self.policy):
            impact.kept.append(ref)
        if standing.type not in self.policy.types:
            impact.unknown_types.append(ref)
        if (new.due, new.due_rule) != (standing.due, standing.due_rule):
            impact.due_changed.append(ref)
            change = DueChange(ref, standing.due, standing.due_rule, new.due, new.due_rule)
            impact.due.append(change)

    def _hold(self, ref: str, standing: Standing) -> None:
        cell = Cell.of(standing)
        for limit in self.policy.limits:
            named = _named(limit, cell, self.policy)
            if named and counts(limit, cell, place_of(limit, cell.country, self.policy, cell.year)):
                self.held[limit.code, named].append(ref)

    def _read(self, ref: str, standing: Standing, document: Agreement) -> None:
        for key, word in sorted(set(unknown_words(document, self.policy))):
            self.words[key, word].append(ref)
        for name in {each.responsible for item in document.projects for each in item.objectives}:
            self.responsible[name].append(ref)
        for code in document.conditions:
            self.answered[code].append(ref)
        if standing.state in COMMITTED:
            for year in funding_by_year(document, self.policy.program.currency):
                self.funded[year].append(ref)

    def _exceeded(self) -> Iterator[Exceeded]:
        for limit in self.policy.limits:
            for (code, place), refs in sorted(self.held.items()):
                if code == limit.code and len(refs) > limit.at_most:
                    yield Exceeded(code, limit.at_most, limit.per, place, len(refs), refs)

    def _overruns(self) -> Iterator[Overrun]:
        now, before = self.policy.program, self.in_force.program
        earlier = self.census.committed(before.currency)
        for year, amount in sorted(self.census.committed(now.currency).items()):
            budget, shown = now.budget.get(str(year)), before.budget.get(str(year))
            if budget is not None and amount > budget:
                newly = shown is None or earlier.get(year, Decimal()) <= shown
                yield Overrun(year, amount, budget, newly, self.funded[year])


def _cap(policy: Policy) -> int | None:
    return policy.cap.at_most if policy.cap else None


def _named(limit: Limit, cell: Cell, policy: Policy) -> str | None:
    """Return where a limit counts an agreement, by name; None where it counts it nowhere."""
    match limit.per:
        case "year":
            return str(cell.year) if cell.year else None
        case "country":
            return cell.country
        case "region":
            return policy.region_of(cell.country) or cell.country
        case _:
            return limit.per
