"""A plain model of a program: what each agreement must be after whatever users and nights do.

Written from the report's rules in as few words as possible, and on purpose without a call to
guards, machine or dates of the product: where the two differ, one of them is wrong.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from states.agreement import Agreement
from states.vocabulary import State, Trigger

S, T = State, Trigger
MOVES = {
    (S.PROPOSAL, T.SUBMIT): S.DECISION,
    (S.DECISION, T.RETURN): S.PROPOSAL,
    (S.DECISION, T.ACCEPT): S.NEGOTIATION,
    (S.DECISION, T.DECLINE): S.DECLINED,
    (S.PROPOSAL, T.WITHDRAW): S.DECLINED,
    (S.DECISION, T.WITHDRAW): S.DECLINED,
    (S.NEGOTIATION, T.WITHDRAW): S.DECLINED,
    (S.NEGOTIATION, T.SIGN): S.SIGNED,
    (S.SIGNED, T.ACTIVATE): S.ACTIVE,
    (S.ACTIVE, T.CONCLUDE): S.EVALUATION,
    (S.SIGNED, T.EXPIRE): S.EVALUATION,
    (S.ACTIVE, T.EXPIRE): S.EVALUATION,
    (S.SIGNED, T.TERMINATE): S.EVALUATION,
    (S.ACTIVE, T.TERMINATE): S.EVALUATION,
    (S.EVALUATION, T.REINSTATE): S.ACTIVE,
    (S.EVALUATION, T.RENEW): S.RENEWAL,
    (S.RENEWAL, T.RENEGOTIATE): S.NEGOTIATION,
    (S.EVALUATION, T.SUNSET): S.SUNSET,
    (S.RENEWAL, T.SUNSET): S.SUNSET,
    (S.NEGOTIATION, T.SUNSET): S.SUNSET,
    (S.EVALUATION, T.LAPSE): S.SUNSET,
    (S.RENEWAL, T.LAPSE): S.SUNSET,
    (S.NEGOTIATION, T.LAPSE): S.SUNSET,
}
"""Every legal move; there is no other."""

DRAFTED = {S.PROPOSAL, S.DECISION, S.NEGOTIATION}
ENDED = {S.SUNSET, S.DECLINED}
HOLDING = {S.ACTIVE, S.EVALUATION, S.RENEWAL}
OWED = (S.DECISION, S.NEGOTIATION, S.EVALUATION, S.RENEWAL)
GROUNDED = {T.RETURN, T.DECLINE, T.WITHDRAW, T.TERMINATE, T.REINSTATE}
BY_ANOTHER = {T.ACCEPT, T.SIGN, T.TERMINATE, T.REINSTATE, T.RENEW, T.SUNSET}
ONE_DAY = timedelta(days=1)
BACKDATING = timedelta(days=90)
WINDOW_MONTHS = 12
REVIEW_MONTHS = 12


@dataclass(frozen=True)
class Rules:
    """What the model knows of a policy; partnerships count, MOUs neither count nor are created."""

    name: str
    cap: int | None
    criteria: str = "2018"
    open_ended: bool = False
    keeps: bool = True
    lapse: bool = False
    notice_days: int = 60
    days: tuple[int, int, int, int] = (180, 365, 180, 180)


@dataclass(frozen=True)
class Draft:
    """A document with what the model knows of it: `years` is 0 where it has no term."""

    document: Agreement
    proposable: bool
    signable: bool
    years: int = 0
    days_over: int = 0


@dataclass
class One:
    """One agreement as it must be."""

    draft: Draft
    state: State
    policy: Rules
    entered_on: date
    acted_on: date
    drafters: tuple[str, ...]
    version: int = 1
    n: int = 1
    term: int = 1
    signed_term: int | None = None
    scored: tuple[str, bool] | None = None
    evaluated: tuple[int | None, bool] | None = None
    refused: bool = False
    taken_over: bool = False
    activated: bool = False
    notices: dict[tuple[int, date | None], date] = field(default_factory=dict)
    moves: list[tuple[State, Trigger]] = field(default_factory=list)

    @property
    def document(self) -> Agreement:
        """The document as it must be."""
        return self.draft.document

    @property
    def kind(self) -> str:
        """The agreement's type."""
        return self.document.type

    @property
    def first(self) -> date | None:
        """The term's first day."""
        return self.document.term.start if self.document.term else None

    @property
    def last(self) -> date | None:
        """The term's last day."""
        return self.document.term.end if self.document.term else None

    @property
    def review(self) -> date | None:
        """The day of the next review."""
        return self.document.review


def months_later(day: date, months: int) -> date:
    """Return the day some months later; days past the 28th move to the month's end by hand."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - ONE_DAY).day))


class Model:
    """The program: its agreements by reference, and the rules in force."""

    def __init__(self, rules: Rules, today: date) -> None:
        """Begin with no agreement."""
        self.rules, self.today = rules, today
        self.all: dict[str, One] = {}

    def judging(self, one: One) -> Rules:
        """Return the rules that judge an agreement: those of its last decision, in flight."""
        in_flight = one.state in {S.DECISION, S.NEGOTIATION}
        return one.policy if in_flight and self.rules.keeps else self.rules

    def counted(self, one: One) -> bool:
        """Return whether it holds a place."""
        if one.kind == "mou" or self.judging(one).cap is None or not one.activated:
            return False
        return one.state in HOLDING or (one.term > 1 and one.state in {S.NEGOTIATION, S.SIGNED})

    def due(self, one: One) -> tuple[date | None, str | None]:
        """Return what is next on an agreement's calendar."""
        if one.state is S.SIGNED:
            return one.first or one.acted_on, "term_starts"
        if one.state is S.ACTIVE:
            return (one.last + ONE_DAY, "term_over") if one.last else (one.review, "review_due")
        if one.state in OWED:
            days = self.judging(one).days[OWED.index(one.state)]
            return one.entered_on + timedelta(days=days), "decision_due"
        return None, None

    def place_free(self, one: One) -> bool:
        """Return whether an agreement may become active under the cap."""
        cap = self.judging(one).cap
        if cap is None or one.kind == "mou" or self.counted(one):
            return True
        return sum(self.counted(other) for other in self.all.values() if other is not one) < cap

    def allows(self, one: One, trigger: Trigger, who: str, ground: str | None, day: date) -> bool:
        """Return whether somebody's act goes through."""
        if (one.state, trigger) not in MOVES or trigger in {T.EXPIRE, T.LAPSE}:
            return False
        if trigger in GROUNDED and ground is None:
            return False
        if trigger in BY_ANOTHER and who in one.drafters:
            return False
        rest = {
            T.SUBMIT: lambda: one.draft.proposable and one.kind != "mou",
            T.ACCEPT: lambda: one.scored == (self.judging(one).criteria, True),
            T.WITHDRAW: lambda: one.signed_term is None,
            T.SIGN: lambda: one.draft.signable and self._time_bound(one, day),
            T.ACTIVATE: lambda: self._within(one, day) and self.place_free(one),
            T.CONCLUDE: lambda: self._window_open(one, day),
            T.REINSTATE: lambda: self._juncture_ahead(one, day) and self.place_free(one),
            T.RENEGOTIATE: lambda: one.kind != "mou",
            T.RENEW: lambda: one.evaluated == (one.signed_term, True),
            T.SUNSET: lambda: (
                one.signed_term is not None
                and (ground is not None or one.evaluated == (one.signed_term, True))
            ),
        }
        return rest.get(trigger, lambda: True)()

    def _time_bound(self, one: One, day: date) -> bool:
        mou, open_ended = one.kind == "mou", self.judging(one).open_ended
        if one.last is None:
            ahead = one.review is not None and day < one.review
            return (mou or open_ended) and ahead and self._near(one.review, day)
        fits = mou or (3, 0) <= (one.draft.years, one.draft.days_over) <= (5, 0)
        return fits and day <= one.last

    def _near(self, review: date | None, day: date) -> bool:
        return review is not None and review <= months_later(day, REVIEW_MONTHS)

    def _within(self, one: One, day: date) -> bool:
        return one.first is None or one.last is None or one.first <= day <= one.last

    def _window_open(self, one: One, day: date) -> bool:
        juncture = one.last + ONE_DAY if one.last else one.review
        return juncture is None or day >= months_later(juncture, -WINDOW_MONTHS)

    def _juncture_ahead(self, one: One, day: date) -> bool:
        if one.first is not None and one.last is not None:
            return one.first <= day <= one.last
        return one.review is not None and day < one.review

    def takes_day(self, one: One, day: date) -> bool:
        """Return whether an act may be dated so."""
        earliest = max(one.acted_on, self.today - BACKDATING)
        return earliest <= day <= self.today

    def move(self, one: One, trigger: Trigger, who: str, day: date) -> None:
        """Let a transition happen."""
        one.moves.append((one.state, trigger))
        one.policy = self.judging(one)
        one.state = MOVES[(one.state, trigger)]
        one.version, one.n = one.version + 1, one.n + 1
        one.entered_on, one.acted_on, one.refused = self.today, day, False
        one.activated = one.activated or one.state is S.ACTIVE
        if trigger is T.SIGN:
            one.signed_term = one.term
        if trigger is T.SUBMIT and who not in one.drafters:
            one.drafters += (who,)
        if trigger is T.RENEGOTIATE:
            one.term, one.drafters, one.scored = one.term + 1, (who,), None
            bare = replace(one.document, term=None, projects=(), milestones=())
            one.draft = replace(one.draft, document=bare, signable=False, years=0, days_over=0)

    def may_edit(self, one: One, draft: Draft) -> bool:
        """Return whether a changed document is taken."""
        old, new = one.document, draft.document
        if one.state in DRAFTED:
            return old.type == new.type or new.type != "mou"
        kept = replace(new, owner=old.owner, review=old.review)
        if one.state in ENDED or kept != old:
            return False
        moved = old.review != new.review and new.term is None
        ahead = new.review is not None and self.today < new.review
        return not moved or (ahead and self._near(new.review, self.today))

    def edit(self, one: One, draft: Draft, who: str) -> None:
        """Let a document be changed."""
        if one.state in DRAFTED and who not in one.drafters:
            one.drafters += (who,)
        one.draft, one.version, one.n = draft, one.version + 1, one.n + 1

    def night(self) -> None:
        """Let the calendar have its due, in its order, each day on which a term began by itself."""
        begun = {self.due(one)[0] for one in self._due("term_starts") if not one.refused}
        for day in sorted(day for day in begun if day is not None and day < self.today):
            self._by(day)
        self._by(self.today)
        self._expire("term_over", self.today)
        self._expire("review_due", self.today)
        if self.rules.lapse:
            for one in self._due("decision_due"):
                self._overdue(one)

    def _by(self, day: date) -> None:
        self._expire("term_over", day)
        self._expire("review_due", day)
        for one in self._due("term_starts", day):
            self._start(one, day)

    def _due(self, rule: str, until: date | None = None) -> list[One]:
        found = []
        for ref, one in self.all.items():
            day, name = self.due(one)
            if name == rule and day is not None and day <= (until or self.today):
                found.append((day, ref, one))
        return [one for _day, _ref, one in sorted(found, key=lambda item: item[:2])]

    def _expire(self, rule: str, until: date) -> None:
        for one in self._due(rule, until):
            day, _rule = self.due(one)
            self.move(one, T.EXPIRE, "system", max(day or self.today, one.acted_on))

    def _start(self, one: One, until: date) -> None:
        day = max(one.first or one.acted_on, one.acted_on)
        day = max(until, day) if one.refused else day
        if one.last is not None and day > one.last:
            self.move(one, T.EXPIRE, "system", max(one.last + ONE_DAY, one.acted_on))
        elif self.place_free(one):
            self.move(one, T.ACTIVATE, "system", day)
        elif not one.refused:
            one.n, one.refused = one.n + 1, True

    def _overdue(self, one: One) -> None:
        rules, due = self.judging(one), self.due(one)[0]
        if not rules.lapse or one.kind == "mou" or one.signed_term is None:
            return
        given = one.notices.setdefault((one.term, due), self.today)
        if (self.today - given).days >= rules.notice_days:
            self.move(one, T.LAPSE, "system", self.today)
