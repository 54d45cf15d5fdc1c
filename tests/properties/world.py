"""A program that is played twice, by the product and by the model, and held one against the other.

Every deed is done to both; what the product answers must be what the model says, and afterwards
each row must be where the model has it.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.advance import advance
from lifecycle.checking import check
from states.agreement import TakenOver
from states.canonical import sha256_hex
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import Event, Outcome, State, Trigger
from tests.properties.drafts import PEOPLE, RULES, Wish, drafted, judged, policy_of, scores
from tests.properties.model import ENDED, MOVES, Draft, Model, One, Rules, months_later
from tests.stage import FIRST_DAY, Stage, codes

TRIGGERS = tuple(Trigger)
CLERK = "clerk"
ORIGIN = TakenOver("1986", "The archive.")
NEXT = {
    State.PROPOSAL: Trigger.SUBMIT,
    State.DECISION: Trigger.ACCEPT,
    State.NEGOTIATION: Trigger.SIGN,
    State.EVALUATION: Trigger.RENEW,
    State.RENEWAL: Trigger.RENEGOTIATE,
}
"""What brings an agreement on from each state in which a person decides."""
BY_DRAFTERS = {Trigger.SUBMIT, Trigger.RENEGOTIATE}


@dataclass(frozen=True)
class Attempt:
    """Who pulls a trigger, on what ground, and how many days ago it is said to have been."""

    who: str
    ground: str | None = None
    back: int | None = None


class World:
    """One program in a folder, and the model of it."""

    def __init__(self, folder: Path, backend: str) -> None:
        """Open a new program under the first of the model's rules."""
        self.stage = Stage(folder, policy_of(RULES[0]), backend=backend)
        self.model = Model(RULES[0], FIRST_DAY)
        self.steps = 0
        self.last: tuple[Ref, Trigger, dict[str, Any]] | None = None

    @property
    def living(self) -> int:
        """How many agreements have not ended."""
        return sum(one.state not in ENDED for one in self.model.all.values())

    def pick(self, which: int) -> tuple[Ref, One]:
        """Return one of the agreements; living ones first."""
        living = [ref for ref, one in self.model.all.items() if one.state not in ENDED]
        refs = living or list(self.model.all)
        ref = refs[which % len(refs)]
        return Ref.parse(ref), self.model.all[ref]

    def propose(self, wish: Wish, who: str) -> None:
        """Propose an agreement, whole or broken."""
        draft = drafted(self.model.today, wish)
        ref = self.stage.propose(draft.document, actor=who)
        self._enter(ref, draft, State.PROPOSAL, (who,))

    def take_over(self, wish: Wish, state: State) -> None:
        """Enter an agreement of before the program; it gets a juncture at least."""
        draft = drafted(self.model.today, replace(wish, broken=frozenset({"projects"})))
        document = replace(draft.document, taken_over=ORIGIN)
        latest = months_later(self.model.today, 12)
        if document.term is None and document.review and document.review > latest:
            with pytest.raises(InvalidInputError):
                self.stage.take_over(document, state, actor=CLERK)
            return
        ref = self.stage.take_over(document, state, actor=CLERK)
        if document.term is None and document.review is None:
            document = replace(document, review=months_later(self.model.today, 12))
        self._enter(ref, replace(draft, document=document), state, ())

    def _enter(self, ref: Ref, draft: Draft, state: State, drafters: tuple[str, ...]) -> None:
        today = self.model.today
        one = One(draft, state, self.model.rules, today, today, drafters)
        if state is not State.PROPOSAL:
            one.signed_term, one.taken_over = 1, True
            one.activated = state is not State.SIGNED
        self.model.all[str(ref)] = one

    def edit(self, ref: Ref, one: One, wish: Wish, who: str) -> None:
        """Apply a whole document, sound or broken, in whatever state."""
        draft = drafted(self.model.today, wish)
        told = replace(draft.document, taken_over=one.document.taken_over)
        self._apply(ref, one, replace(draft, document=told), who)

    def keep_up(self, ref: Ref, one: One, owner: str, review: int | None, who: str) -> None:
        """Change kept keys, which may be done after signing too."""
        day = None if review is None else self.model.today + timedelta(days=review)
        document = replace(one.document, owner=owner, review=day)
        self._apply(ref, one, replace(one.draft, document=document), who)

    def _apply(self, ref: Ref, one: One, draft: Draft, who: str) -> None:
        receipt = self.stage.apply(ref, draft.document, actor=who)
        if draft.document == one.document:
            assert receipt.outcome is Outcome.UNCHANGED
        elif self.model.may_edit(one, draft):
            self.model.edit(one, draft, who)
            assert receipt.outcome is Outcome.OK, codes(receipt)
        else:
            one.n += 1
            assert receipt.refused

    def score(self, ref: Ref, one: One, how: str, who: str) -> None:
        """Score a proposal, fully or not."""
        rules = self.model.judging(one)
        receipt = self.stage.score(ref, scores(rules, how), actor=who)
        one.n += 1
        if one.state in {State.PROPOSAL, State.DECISION}:
            one.scored = (rules.criteria, how == "whole")
        else:
            assert receipt.refused

    def evaluate(self, ref: Ref, one: One, how: str, who: str) -> None:
        """Evaluate a term, or hand in an empty form."""
        sheet = judged(one.document, whole=how == "whole")
        receipt = self.stage.evaluate(ref, sheet, actor=who)
        one.n += 1
        if one.state in {State.ACTIVE, State.EVALUATION, State.RENEWAL}:
            one.evaluated = (one.signed_term, how == "whole")
        else:
            assert receipt.refused

    def note(self, ref: Ref, one: One, who: str) -> None:
        """Record that something happened."""
        fact = Record("note", self.model.today, "A call.")
        receipt = self.stage.record(ref, fact, actor=who)
        one.n += 1
        assert receipt.refused == (one.state in ENDED)

    def pull_likely(self, ref: Ref, one: One, number: int, act: Attempt) -> None:
        """Pull a trigger that leads from here, if any does."""
        legal = [trigger for state, trigger in MOVES if state is one.state] or TRIGGERS
        self.pull(ref, one, legal[number % len(legal)], act)

    def pull(self, ref: Ref, one: One, trigger: Trigger, act: Attempt) -> None:
        """Pull a trigger; the model says what becomes of it."""
        today, who = self.model.today, act.who
        stated = None if act.back is None else today - timedelta(days=act.back)
        self.steps += 1
        order: dict[str, Any] = {"actor": who, "ground": act.ground, "effective_on": stated}
        order["key"] = f"k{self.steps}"
        if stated is not None and not self.model.takes_day(one, stated):
            with pytest.raises(InvalidInputError):
                self.stage.advance(ref, trigger, **order)
            return
        allowed = self.model.allows(one, trigger, who, act.ground, stated or today)
        receipt = self.stage.advance(ref, trigger, **order)
        assert receipt.refused is not allowed, (trigger, codes(receipt), one)
        if allowed:
            self.model.move(one, trigger, who, stated or today)
            self.last = (ref, trigger, order)
        else:
            one.n += 1

    def retry(self) -> None:
        """Send the last order again; nothing happens twice."""
        if self.last is not None:
            ref, trigger, order = self.last
            assert self.stage.advance(ref, trigger, **order).repeated

    def pull_blindly(self, ref: Ref, one: One, trigger: Trigger, who: str) -> None:
        """Decide on a version that is not there."""
        receipt = self.stage.advance(ref, trigger, actor=who, expect_version=one.version + 1)
        assert codes(receipt) == ["version_conflict"]
        one.n += 1

    def ask(self, ref: Ref, one: One, who: str, ground: str | None) -> None:
        """Ask what may be done next, and rehearse it: both tell the truth."""
        order = self.stage.order(actor=who, ground=ground)
        with self.stage.store.reading() as reader:
            standing = reader.standing(ref.key)
            assert standing is not None
            moves = check(reader, order, standing)
        for move in moves:
            if move.trigger in {Trigger.EXPIRE, Trigger.LAPSE}:
                continue
            allowed = self.model.allows(one, move.trigger, who, ground, self.model.today)
            assert move.allowed is allowed, (move, one)
            with self.stage.store.rehearsal() as ledger, ledger.unit() as unit:
                assert advance(unit, order, ref, move.trigger).refused is not allowed

    def help_on(self, ref: Ref, one: One) -> None:
        """Do what an agreement needs next, as somebody does who knows how."""
        other = next((who for who in PEOPLE if who not in one.drafters), PEOPLE[0])
        drafter = one.drafters[0] if one.drafters else PEOPLE[0]
        today, due = self.model.today, self.model.due(one)[0]
        trigger = NEXT.get(one.state)
        who = drafter if trigger in BY_DRAFTERS else other
        if trigger is not None and self.model.allows(one, trigger, who, None, today):
            self.pull(ref, one, trigger, Attempt(who))
        elif one.state in {State.PROPOSAL, State.NEGOTIATION}:
            self.edit(ref, one, Wish(), drafter)
        elif one.state is State.DECISION:
            self.score(ref, one, "whole", other)
        elif one.state is State.EVALUATION:
            self.evaluate(ref, one, "whole", other)
        elif due is not None:
            self.pass_days(max((due - today).days, 0))
            self.night()

    def adopt(self, rules: Rules) -> None:
        """Adopt a policy, or the one in force again."""
        receipt = self.stage.adopt(policy_of(rules))
        assert (receipt.outcome is Outcome.UNCHANGED) is (rules == self.model.rules)
        self.model.rules = rules

    def pass_days(self, days: int) -> None:
        """Let days pass on which the nightly check is down."""
        self.model.today += timedelta(days=days)
        self.stage.day = self.model.today

    def night(self) -> None:
        """Run the nightly check."""
        report = self.stage.nightly()
        assert report.completed
        assert report.count("failed") == 0
        self.model.night()
        assert self.stage.last(None).event is Event.NIGHTLY_COMPLETED

    def hold_rows(self) -> None:
        """Hold each row against the model."""
        with self.stage.store.reading() as reader:
            for text, one in self.model.all.items():
                row = reader.standing(Ref.parse(text).key)
                assert row is not None
                assert (row.state, row.version, row.n) == (one.state, one.version, one.n)
                assert (row.term, row.signed_term) == (one.term, one.signed_term)
                assert (row.term_start, row.term_end, row.review) == (
                    one.first,
                    one.last,
                    one.review,
                )
                assert (row.due, row.due_rule) == self.model.due(one)
                assert (row.entered_on, row.acted_on) == (one.entered_on, one.acted_on)
                assert (row.drafters, row.counted) == (one.drafters, self.model.counted(one))
                assert row.activated == one.activated
                assert (row.taken_over, row.refusal is not None) == (one.taken_over, one.refused)
                assert row.policy == sha256_hex(policy_of(one.policy))
                assert reader.document(row) == one.document

    def hold_active(self) -> None:
        """Hold what is active against what it needs.

        Owner and juncture always; objectives and resources unless it was taken over.
        """
        with self.stage.store.reading() as reader:
            for row in reader.portfolio(-1, len(self.model.all)):
                if row.state is not State.ACTIVE:
                    continue
                document = reader.document(row)
                assert row.owner
                assert document.term is not None or document.review is not None
                assert row.due is not None
                if not row.taken_over or row.term > 1:
                    assert document.projects
                    for project in document.projects:
                        assert project.objectives
                        assert {item.kind for item in project.resources} == {"funding", "staff"}

    def hold_streams(self) -> None:
        """Hold every stream against the model, and replay it."""
        assert self.stage.verify() == []
        for text, one in self.model.all.items():
            self._hold_stream(self.stage.raw(Ref.parse(text)), one)

    def _hold_stream(self, lines: list[bytes], one: One) -> None:
        # By hand, with nothing of the product's: numbers, chain, moves, and where they lead.
        head, state = None, None
        for number, line in enumerate(lines, start=1):
            told: dict[str, Any] = json.loads(line)
            assert (told["n"], told["prev"]) == (number, head)
            head = hashlib.sha256(line).hexdigest()
            if told["event"] == "transitioned":
                assert told["from"] == state
                assert MOVES[(State(told["from"]), Trigger(told["trigger"]))] == told["to"]
                assert date.fromisoformat(told["effective_on"]) <= self.model.today
            state = told["to"] or state
        assert state == one.state
