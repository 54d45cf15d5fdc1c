"""The oracle of the search: what must hold of a portfolio whatever was done to it.

It reads the log through `told`, the documents, and the policies; what SMART and the other guards
of `sign` ask for, what is due when, and who holds a place is said here once more, in plain words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from guards.policy import AgreementType, Policy
from states.agreement import Agreement, Objective, Project
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import State
from store.reader import Reader
from tests.properties.model import months_later
from tests.properties.told import Line, Told, after, insist, line_of, there
from tests.stage import Stage

ONE_DAY = timedelta(days=1)
SIGNING = ("smart_complete", "resourced", "time_bound", "guidelines_stated", "endorsed")
OWED = (State.DECISION, State.NEGOTIATION, State.EVALUATION, State.RENEWAL)

Lacking = tuple[str, str]
"""A guard of `sign` and the code of what it lacks; the code only matters where it may be waived."""


@dataclass(frozen=True)
class Known:
    """One agreement as the search knows it: what its log tells, its row and its document."""

    told: Told
    row: Standing
    document: Agreement
    placed: bool = False
    limited: tuple[str, str | None] | None = None

    @property
    def active(self) -> bool:
        """Whether it is in force and counts for something."""
        return self.told.state is State.ACTIVE and not self.told.voided


@dataclass
class Oracle:
    """Follows one program line by line, and says when something is as it may never be.

    `seen` is what had been done to agreements while they were in force.
    """

    stage: Stage
    known: dict[int, Known] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def look(self, *, adopted: bool = False) -> None:
        """Read what was written since, and hold the whole portfolio against what must hold."""
        with self.stage.store.reading() as reader:
            in_force = reader.policy(reader.policies()[-1][0])
            before, self.known = self.known, dict(self._read(reader))
            rules, policies = self.policies, {}
            for key, one in self.known.items():
                policies[key] = _judging(one, in_force, reader)
            for key, one in self.known.items():
                self._hold(reader, one, policies[key])
            if adopted:
                self._mark(policies)
            else:
                same = {k: one for k, one in before.items() if rules.get(k) is policies[k]}
                self._hold_places(same, policies)
            self.policies = policies

    def _read(self, reader: Reader) -> Iterator[tuple[int, Known]]:
        for row in reader.portfolio(-1, 1000):
            one = self.known.get(row.key)
            if one is not None and one.told.n == row.n:
                yield row.key, Known(one.told, row, one.document, one.placed, one.limited)
                continue
            told = one.told if one else Told()
            for line in _lines(reader, row.key, told.n):
                told = after(told, line)
            placed, limited = (one.placed, one.limited) if one else (False, None)
            yield row.key, Known(told, row, reader.document(row), placed, limited)

    def _hold(self, reader: Reader, one: Known, policy: Policy) -> None:
        told, row, today = one.told, one.row, self.stage.day
        where = f"{Ref.of('TOR', row.key)} ({', '.join(told.marks)})"
        insist(row.state is told.state, f"{where}: the row is in {row.state}, not {told.state}")
        _hold_type(where, one, policy)
        if told.voided:
            insist((row.due, row.counted) == (None, False), f"{where}: void, and still counts")
            return
        _hold_juncture(where, one, policy, today)
        if one.active:
            self.seen.update(told.marks)
        if not one.active or told.unsigned_origin:
            return
        judged = there(told.judged, f"{where}: active, and never judged")
        rules = reader.policy(judged.policy)
        excused = {lack for lack in judged.leaves if lack[0] in rules.waivers.guards}
        for lack in lacking(one.document, rules, judged.day, today):
            excused_here = (
                lack in excused or _severity(rules, one.document.type, lack[0]) != "block"
            )
            insist(excused_here, f"{where}: active, and sign would refuse it: {':'.join(lack)}")
        begun = one.document.term is None or one.document.term.start <= today
        insist(begun, f"{where}: active before its term")

    def _mark(self, policies: Mapping[int, Policy]) -> None:
        """Take over who holds a place as it is: another policy may leave more than its cap."""
        for key, one in self.known.items():
            placed, limited = _placed(one, policies[key]), _limited(one, policies[key])
            self.known[key] = Known(one.told, one.row, one.document, placed, limited)

    def _hold_places(self, before: Mapping[int, Known], policies: Mapping[int, Policy]) -> None:
        """Hold that nobody took a place that was not free.

        Taking over asks for none; nor is it asked where another policy judges now than before.
        """
        was = {key: (one.placed, one.limited) for key, one in before.items()}
        self._mark(policies)
        now = self.known
        held = sum(one.placed for one in now.values())
        shares = Counter(one.limited for one in now.values())
        for key, one in now.items():
            if key not in was or one.told.let_in:
                continue
            marks = f"{Ref.of('TOR', key)} ({', '.join(one.told.marks)})"
            policy = policies[key]
            if one.placed and not was[key][0] and policy.cap:
                fits = held <= policy.cap.at_most
                insist(fits, f"{marks}: took one of {held} places of {policy.cap.at_most}")
            if one.active and one.limited and one.limited != was[key][1]:
                share, most = shares[one.limited], policy.limits[0].at_most
                insist(share <= most, f"{marks}: {share} of {most} for {one.limited}")


def _lines(reader: Reader, key: int, n: int) -> Iterator[Line]:
    for number, raw in enumerate(reader.lines(key, n), start=n + 1):
        line = line_of(raw, None, None)
        parts = reader.beside(key, number) if line.said["content"] else ()
        content = next((part.body for part in parts if part.part == "content"), None)
        digest = line.said["document"]
        yield line_of(raw, content, reader.document_of(key, digest) if digest else None)


def _judging(one: Known, in_force: Policy, reader: Reader) -> Policy:
    in_flight = one.told.state in {State.DECISION, State.NEGOTIATION}
    return (
        reader.policy(one.told.policy) if in_flight and in_force.in_flight == "keep" else in_force
    )


def _severity(policy: Policy, kind: str, guard: str) -> str:
    own = policy.types[kind].guards if kind in policy.types else {}
    return str(own.get(guard) or policy.guards.get(guard) or "block")


def _hold_type(where: str, one: Known, policy: Policy) -> None:
    """No type that may not be created goes further than a proposal, unless it was taken over."""
    told, kind = one.told, policy.types[one.document.type]
    if kind.may_be_created or told.state in {State.PROPOSAL, State.DECLINED}:
        return
    as_it_came = told.taken_over and "reclassified" not in told.marks and told.term == 1
    insist(as_it_came, f"{where}: made into {one.document.type}")


def _hold_juncture(where: str, one: Known, policy: Policy, today: date) -> None:
    told, row, document = one.told, one.row, one.document
    wanted: tuple[date | None, str | None] = (None, None)
    if told.state is State.SIGNED:
        wanted = (document.term.start if document.term else told.acted), "term_starts"
    elif told.state is State.ACTIVE and document.term:
        wanted = document.term.end + ONE_DAY, "term_over"
    elif told.state is State.ACTIVE:
        wanted = document.review, "review_due"
    elif told.state in OWED:
        days = getattr(policy.deadlines, f"{told.state}_days")
        wanted = told.deferred or told.entered + timedelta(days=days), "decision_due"
    insist((row.due, row.due_rule) == wanted, f"{where}: due {row.due}, not {wanted}")
    if (
        one.active
        and document.term is None
        and _severity(policy, document.type, "time_bound") == "block"
    ):
        months = policy.types[document.type].review_months or policy.takeover_review_months
        latest = months_later(today, months)
        insist(
            document.review and document.review <= latest, f"{where}: reviewed {document.review}"
        )
    living = told.state not in {State.PROPOSAL, State.SUNSET, State.DECLINED}
    insist(not living or row.due, f"{where}: nothing is due in {told.state}")


def _counted_as(told: Told) -> State | None:
    """Return the state by which an agreement is counted; a later term keeps what the first had."""
    if told.voided or not told.in_force:
        return None
    between = told.term > 1 and told.state in {State.NEGOTIATION, State.SIGNED}
    return State.RENEWAL if between else told.state


def _placed(one: Known, policy: Policy) -> bool:
    cap, kind = policy.cap, policy.types.get(one.document.type)
    counts = cap is not None and kind is not None and kind.counts
    return counts and cap is not None and _counted_as(one.told) in cap.states


def _limited(one: Known, policy: Policy) -> tuple[str, str | None] | None:
    limit, partner = policy.limits[0], one.document.partner
    if _counted_as(one.told) not in limit.states or one.document.type not in limit.types:
        return None
    return limit.code, partner.country if partner else None


def lacking(
    document: Agreement, policy: Policy, judged: date, today: date
) -> Iterator[tuple[str, str]]:
    """Yield what signing asks for and a document lacks, as of the day on which it was judged."""
    kind = policy.types[document.type]
    if not _smart(document, policy):
        yield "smart_complete", ""
    if not all(_resourced(project) for project in document.projects):
        yield "resourced", ""
    if not _bound(document, kind, judged, today):
        yield "time_bound", ""
    if not document.renewal_guidelines.strip():
        yield "guidelines_stated", "renewal.missing"
    if not document.termination_guidelines.strip():
        yield "guidelines_stated", "termination.missing"
    given = document.endorsement
    if kind.endorsement and (given is None or given.date is None):
        yield "endorsed", "endorsement.missing"
    elif kind.endorsement and given and given.date and given.date > judged:
        yield "endorsed", "endorsement.future"
    elif kind.endorsement and given and given.until and given.until < judged:
        yield "endorsed", "endorsement.expired"


def _smart(document: Agreement, policy: Policy) -> bool:
    sides = {party.side for party in document.parties if party.responsibilities.strip()}
    names = {party.name for party in document.parties}
    names |= {body.name for body in policy.bodies if body.home_side}
    projects = document.projects
    return (
        sides >= {"home", "partner"}
        and bool(projects)
        and all(_project(project, document, names) for project in projects)
    )


def _project(project: Project, document: Agreement, names: set[str]) -> bool:
    if not (project.name and project.kind and project.objectives):
        return False
    if project.end is None or project.examined is None or project.examined < project.end:
        return False
    if project.start and project.start > project.end:
        return False
    term = document.term
    inside = term is None or term.start <= project.end <= term.end
    return inside and all(_objective(objective, names) for objective in project.objectives)


def _objective(objective: Objective, names: set[str]) -> bool:
    said = objective.kind and objective.objective.strip() and objective.activity.strip()
    measured = any(
        i.name and i.unit and None not in (i.baseline, i.target) and i.baseline != i.target
        for i in objective.indicators
    )
    return bool(said) and measured and objective.responsible in names


def _resourced(project: Project) -> bool:
    above = [r for r in project.resources if r.source and (r.amount or Decimal()) > 0]
    funded = any(r.kind == "funding" and r.currency and r.year for r in above)
    return funded and any(r.kind == "staff" for r in above)


def _bound(document: Agreement, kind: AgreementType, judged: date, today: date) -> bool:
    term, years = document.term, kind.term_years
    if term is None:
        latest = months_later(today, kind.review_months or 0)
        return kind.open_ended and document.review is not None and document.review <= latest
    if term.end < term.start or term.end < judged:
        return False
    over = term.end + ONE_DAY
    return years is None or (
        months_later(term.start, 12 * years.min) <= over <= months_later(term.start, 12 * years.max)
    )
