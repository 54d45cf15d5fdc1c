"""What a review of the portfolio has before it: each agreement with what speaks for and against it.

All that was signed and has not ended, or what is asked for of that. What it did, what it owes and
what it costs come from its document and records; a suggestion says why, and decides nothing (R48).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.money.accounts import costs_of
from lifecycle.partners.obligations import Fate, Owed, ledger
from lifecycle.ports import PortfolioUnit
from lifecycle.results.progress import Recorded, indicators, milestones, of_term
from lifecycle.reviewing.advising import Advice, Known, advise
from lifecycle.reviewing.deciding import under_review
from lifecycle.watching import dormant_from, last_activity
from states.agreement import Agreement
from states.money import Money, total
from states.records import Evaluation
from states.ref import Ref
from states.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which agreements are reviewed: of these types, dormant, due by a day; all, where not said."""

    refs: tuple[Ref, ...] = ()
    types: tuple[str, ...] = ()
    dormant: bool = False
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what was stated were done."""

    done: int
    stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One agreement under review, and what is known of it.

    `targets` counts indicators that reached theirs, `reports` the years that were reported;
    `committed` and `spent` have an amount a currency. `evaluation` is that of the signed term.
    """

    ref: Ref
    standing: Standing
    agreement: Agreement
    last_activity: date | None
    dormant_since: date | None
    activities: int
    targets: Count
    milestones: Count
    reports: Sequence[int]
    owed: Sequence[Owed]
    committed: Sequence[Money]
    spent: Sequence[Money]
    evaluation: Evaluation | None
    last_review: date | None
    advice: Advice

    @property
    def open_obligations(self) -> Sequence[Owed]:
        """The partner's obligations that were not fulfilled, or of which nothing is known."""
        owed = (one for one in self.owed if one.obligation.side == "partner")
        return [one for one in owed if one.fate not in {Fate.FULFILLED, Fate.LATE}]


def agenda(unit: PortfolioUnit, policy: Policy, today: date, asked: Asked) -> Iterator[Item]:
    """Yield what is to be reviewed, in the order of references."""
    parts = (Part.DOCUMENT, Part.RECORDS, Part.EVALUATION, Part.TERMS)
    for one in dossiers(unit, *parts, wanted=lambda each: _wanted(unit, each, asked)):
        item = item_of(one, policy, today)
        if not asked.dormant or item.dormant_since is not None:
            yield item


def _wanted(unit: PortfolioUnit, standing: Standing, asked: Asked) -> bool:
    ref, due = Ref.of(unit.program.code, standing.key), standing.due
    return (
        under_review(standing)
        and (not asked.refs or ref in asked.refs)
        and (not asked.types or standing.type in asked.types)
        and (asked.due_by is None or (due is not None and due <= asked.due_by))
    )


def item_of(one: Dossier, policy: Policy, today: date) -> Item:
    """Return an agreement as a review sees it."""
    standing, agreement = one.standing, one.agreement
    records = [record for _n, record in one.records]
    last = last_activity(records)
    idle = dormant_from(standing, last, policy)
    dormant = idle if idle <= today else None
    evaluated = standing.evaluation_term == standing.signed_term
    evaluation = one.evaluation if evaluated else None
    own = of_term(one.records, one.terms, standing.term)
    accounts = costs_of(one).accounts
    return Item(
        ref=one.ref,
        standing=standing,
        agreement=agreement,
        last_activity=last,
        dormant_since=dormant,
        activities=sum(record.kind == "activity" for record in records),
        targets=_targets(agreement, own),
        milestones=_milestones(agreement, own, today),
        reports=sorted({r.year for r in records if r.kind == "annual" and r.year is not None}),
        owed=ledger(standing, agreement, one.records, today),
        committed=_by_currency([account.committed for account in accounts]),
        spent=_by_currency([account.spent for account in accounts]),
        evaluation=evaluation,
        last_review=max((r.on for r in records if r.kind == "review"), default=None),
        advice=advise(Known(one.ref, standing, agreement, evaluation, last, dormant), policy),
    )


def _targets(agreement: Agreement, records: Sequence[Recorded]) -> Count:
    stated = [one for one in indicators(agreement, records) if one.indicator.target is not None]
    return Count(sum(one.reached for one in stated), len(stated))


def _milestones(agreement: Agreement, records: Sequence[Recorded], today: date) -> Count:
    met = sum(one.met is not None for one in milestones(agreement, records, today))
    return Count(met, len(agreement.milestones))


def _by_currency(amounts: Sequence[Money]) -> Sequence[Money]:
    currencies = sorted({amount.currency for amount in amounts})
    sums = (total((a for a in amounts if a.currency == c), c) for c in currencies)
    return [amount for amount in sums if amount]
