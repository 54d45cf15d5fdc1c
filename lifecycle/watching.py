"""What the nightly check watches an agreement for, derived from its row, document and records.

`watches` is everything, `juncture` the part that the row alone says and that the system's own
moves change. Both are recomputed whenever what they stand on changes, so that the check walks what
is due and never the portfolio.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from guards.policy import AgreementType, Policy
from lifecycle.thresholds import first_day
from states.agreement import Agreement, Project
from states.calendar import PartialDate, add_months, day_after
from states.records import PUBLISHED, Record, reported_year
from states.standing import Standing
from states.vocabulary import FINAL, IN_FORCE, RUNNING, Guard, Rule, Severity, State, Trigger
from states.watch import JUNCTURES, Watch

_OPEN = frozenset(State) - FINAL

WATCHED_IN: Mapping[Rule, frozenset[State]] = MappingProxyType(
    {
        Rule.TERM_STARTS: frozenset({State.SIGNED}),
        Rule.TERM_OVER: frozenset({State.ACTIVE}),
        Rule.REVIEW_DUE: frozenset({State.ACTIVE}),
        Rule.DECISION_DUE: _OPEN,
        Rule.LAPSES: _OPEN,
        Rule.PROJECT_ENDED: IN_FORCE,
        Rule.EXAMINATION_DUE: IN_FORCE,
        Rule.MILESTONE_DUE: IN_FORCE,
        Rule.OBLIGATION_DUE: IN_FORCE,
        Rule.ANNUAL_DUE: IN_FORCE,
        Rule.DORMANT: RUNNING,
        Rule.UNPUBLISHED: RUNNING,
        Rule.NOT_RECLASSIFIED: RUNNING,
        Rule.ENDORSEMENT_ENDS: _OPEN - {State.EVALUATION, State.RENEWAL},
        Rule.APPROVAL_ENDS: _OPEN,
    }
)
"""In which states each rule is asked. The system's own moves lead into no state that asks a rule
which the one before did not: they write the juncture anew and end what is asked no more."""

_STAYING: Mapping[State, frozenset[Rule]] = MappingProxyType(
    {
        state: frozenset(rule for rule, states in WATCHED_IN.items() if state in states) - JUNCTURES
        for state in State
    }
)
"""The rules asked in each state of which the agreement's juncture is none."""

_ACTIVE_KINDS = frozenset({"activity", "actual", "milestone", "expenditure"})
_PREDATES = date.min


class Watches(msgspec.Struct, frozen=True):
    """What is watched from now on; of the rules in `kept` it stays as it is."""

    rows: tuple[Watch, ...]
    kept: frozenset[Rule] = frozenset()


def juncture(standing: Standing, policy: Policy) -> tuple[Watch, ...]:
    """Return the watch of the juncture ahead; none where there is none."""
    if standing.due is None or standing.due_rule is None:
        return ()
    return (_watch(Rule(standing.due_rule), "", standing.due, policy),)


def moved_on(standing: Standing, policy: Policy) -> Watches:
    """Return what is watched after a move that changed nothing but where the agreement stands."""
    kept = _STAYING[standing.state]
    if not standing.approvals:
        kept -= {Rule.APPROVAL_ENDS}
    return Watches(juncture(standing, policy), kept)


def published() -> Watches:
    """Return what is watched once what was signed is public: all that was, but for just that."""
    return Watches((), frozenset(Rule) - {Rule.UNPUBLISHED})


def watches(
    standing: Standing, agreement: Agreement, records: Sequence[Record], policy: Policy
) -> tuple[Watch, ...]:
    """Return everything that is watched of an agreement, by rule and item.

    `records` are those that count, whatever term they are of.
    """
    if standing.voided or standing.state in FINAL:
        return ()
    known = _Known.of(standing, records)
    found = {
        (rule, item): _watch(rule, item, due, policy)
        for rule, item, due in _dates(standing, agreement, known, policy)
        if standing.state in WATCHED_IN[rule]
    }
    return (*juncture(standing, policy), *found.values())


def _watch(rule: Rule, item: str, due: date, policy: Policy) -> Watch:
    return Watch(rule, item, due, first_day(rule, due, policy.notices))


_Date = tuple[Rule, str, date]


class _Known(msgspec.Struct, frozen=True):
    """What the records of this term say was done."""

    met: frozenset[str]
    answered: frozenset[str]
    years: frozenset[int]
    measured: Mapping[tuple[str | None, str], date]
    last: date | None
    published: frozenset[int | None]

    @classmethod
    def of(cls, standing: Standing, records: Sequence[Record]) -> "_Known":
        """Return what is known; milestones and obligations of a later term are that term's own."""
        since = begun(standing) if standing.term > 1 else _PREDATES
        kept = [record for record in records if record.on >= since or record.year is not None]
        return cls(
            met=frozenset(r.item or "" for r in kept if r.kind == "milestone"),
            answered=frozenset(r.item or "" for r in kept if r.kind == "obligation"),
            years=frozenset(year for year in map(reported_year, kept) if year),
            measured=_latest(r for r in kept if r.kind == "actual"),
            last=last_activity(kept),
            published=frozenset(r.term for r in records if r.kind == PUBLISHED),
        )


def begun(standing: Standing) -> date:
    """Return from which day on what is done counts for a later term: its signing, or its start."""
    start = standing.term_start or _PREDATES
    return min(start, _signed(standing)) if standing.signed_term == standing.term else start


def _latest(actuals: Iterable[Record]) -> Mapping[tuple[str | None, str], date]:
    latest: dict[tuple[str | None, str], date] = {}
    for one in actuals:
        for project in {one.project, None}:
            at = (project, one.item or "")
            latest[at] = max(one.on, latest.get(at, one.on))
    return latest


def last_activity(records: Iterable[Record]) -> date | None:
    """Return the last day on which something was done or came from the partner (R46)."""
    return max((record.on for record in records if _is_activity(record)), default=None)


def dormant_from(standing: Standing, last: date | None, policy: Policy) -> date:
    """Return the day from which on what was signed is dormant, after the last activity (R46)."""
    signed = _signed(standing)
    began = max(signed, standing.term_start or signed)
    return add_months(max(began, last or began), policy.dormancy_months)


def _is_activity(record: Record) -> bool:
    received = record.kind == "correspondence" and record.direction == "received"
    return received or record.kind in _ACTIVE_KINDS


def _dates(
    standing: Standing, agreement: Agreement, known: _Known, policy: Policy
) -> Iterator[_Date]:
    for project in agreement.projects:
        yield from _project(project, known)
    for milestone in agreement.milestones:
        if milestone.due and milestone.id not in known.met:
            yield Rule.MILESTONE_DUE, milestone.id or "", milestone.due
    for owed in agreement.obligations:
        if owed.due and owed.id not in known.answered:
            yield Rule.OBLIGATION_DUE, owed.id, owed.due
    kind = policy.types.get(standing.type)
    endorsed = agreement.endorsement
    if kind and kind.endorsement and endorsed and endorsed.until:
        yield Rule.ENDORSEMENT_ENDS, "", day_after(endorsed.until)
    for approval in standing.approvals:
        yield Rule.APPROVAL_ENDS, f"{approval.deed} by {approval.by}", day_after(approval.until)
    if standing.signed_term is not None and kind is not None:
        yield from _in_force(standing, kind, known, policy)


def _project(project: Project, known: _Known) -> Iterator[_Date]:
    if project.end is None:
        return
    indicators = [i.name for objective in project.objectives for i in objective.indicators]
    if indicators and all(_measured(project, name, known) for name in indicators):
        return
    yield Rule.PROJECT_ENDED, project.id or "", day_after(project.end)
    if project.examined:
        yield Rule.EXAMINATION_DUE, project.id or "", project.examined


def _measured(project: Project, indicator: str, known: _Known) -> bool:
    """Whether an indicator's actual was recorded once the project was at its end (R21, R37)."""
    on = known.measured.get((project.id, indicator)) or known.measured.get((None, indicator))
    return on is not None and project.end is not None and on >= project.end


def _in_force(
    standing: Standing, kind: AgreementType, known: _Known, policy: Policy
) -> Iterator[_Date]:
    """Yield what a signed agreement owes, by nothing that the system's own moves change."""
    signed = _signed(standing)
    began = max(signed, standing.term_start or signed)
    yield Rule.DORMANT, "", dormant_from(standing, known.last, policy)
    if policy.on_worklist(standing.type):
        yield Rule.NOT_RECLASSIFIED, "", signed
    asked = policy.severity(Guard.PUBLISHED, standing.type, Trigger.ACTIVATE) is not Severity.OFF
    public = standing.unsigned_origin or standing.signed_term in known.published
    if asked and not public:
        yield Rule.UNPUBLISHED, "", signed + timedelta(days=policy.publish_days)
    if kind.counts:
        for year in _reported_years(standing, began.year, known):
            owed = date(year + 1, 1, 1) + timedelta(days=policy.annual_report_days)
            yield Rule.ANNUAL_DUE, str(year), owed


def _signed(standing: Standing) -> date:
    """Return the day of signing; of what was taken over, the one on which it was entered."""
    if standing.unsigned_origin or standing.signed_on is None:
        return standing.opened_on or standing.entered_on
    return PartialDate.parse(standing.signed_on).earliest()


def _reported_years(standing: Standing, first: int, known: _Known) -> Iterator[int]:
    """Yield the calendar years whose report is not on record (R39); of open ends, the next one."""
    if standing.term_end is None:
        yield next(year for year in range(first, date.max.year) if year not in known.years)
        return
    for year in range(first, standing.term_end.year + 1):
        if year not in known.years:
            yield year


def astray(wanted: Iterable[Watch], kept: Iterable[Watch]) -> Iterator[tuple[Rule, str]]:
    """Yield what should be watched and isn't, and what is and should not be, by rule and item."""
    dates = [{(w.rule, w.item): w.due for w in some} for some in (wanted, kept)]
    for at in sorted({*dates[0], *dates[1]}):
        if dates[0].get(at) != dates[1].get(at):
            yield at


def same_watch(old: Policy, new: Policy) -> bool:
    """Whether two policies watch alike, so that nothing has to be derived anew."""
    return _watching(old) == _watching(new)


def _watching(policy: Policy) -> tuple[object, ...]:
    periods = (policy.dormancy_months, policy.publish_days, policy.annual_report_days)
    return (policy.notices, policy.types, policy.guards, *periods)
