"""A program that people may do anything to; after every single deed the oracle looks at it.

Nothing here says what may be done: deeds are tried, with the right approval or a wrong one, and
whether the engine refuses them is its own affair.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from lifecycle.adoption import adopt
from lifecycle.amending import amend, correct
from lifecycle.appointing import appoint
from lifecycle.approving import approve
from lifecycle.attaching import Paper, attach
from lifecycle.correcting import Instead, correct_record, correct_sheet
from lifecycle.drafting import propose, with_ids
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.reclassifying import reclassify
from lifecycle.subjects import of_document, of_note, of_sheet
from lifecycle.takeover import take_over
from lifecycle.taking_back import take_back
from lifecycle.voiding import void
from lifecycle.waiving import Condition, waive
from states.agreement import Agreement, TakenOver
from states.notes import TakenBack, Voiding
from states.person import among
from states.problem import InvalidInputError
from states.records import Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.roles import RoleChange
from states.standing import Standing
from states.table import BY_TRIGGER
from states.vocabulary import FINAL, Role, State, Trigger
from tests.builders import evaluation, score_sheet
from tests.properties.city import (
    ADMIN,
    COUNCIL,
    DECIDERS,
    GRANTS,
    KEPT,
    MUTATIONS,
    PEOPLE,
    STAFF,
    SYSTEM,
    Rules,
    mutated,
    policy_of,
    whole,
)
from tests.properties.drafts import judged
from tests.properties.oracle import Oracle
from tests.stage import Stage, parsed

ORIGIN = TakenOver("1986", "The archive.")
ONWARD = {
    State.PROPOSAL: Trigger.SUBMIT,
    State.DECISION: Trigger.ACCEPT,
    State.NEGOTIATION: Trigger.SIGN,
    State.SIGNED: Trigger.ACTIVATE,
    State.ACTIVE: Trigger.TERMINATE,
    State.EVALUATION: Trigger.RENEW,
    State.RENEWAL: Trigger.RENEGOTIATE,
}
IN_FORCE = (State.SIGNED, State.ACTIVE)
LIKELY = {
    "edit": (State.NEGOTIATION, State.DECISION, State.PROPOSAL),
    "score": (State.PROPOSAL, State.DECISION),
    "evaluate": (State.ACTIVE, State.EVALUATION),
    "sign_with_leave": (State.NEGOTIATION, State.PROPOSAL, State.DECISION),
    "amend": IN_FORCE,
    "loop": IN_FORCE,
    "correct": (*IN_FORCE, State.EVALUATION, State.RENEWAL),
    "reclassify": (*IN_FORCE, State.EVALUATION, State.RENEWAL),
    "keep_up": (*IN_FORCE, State.EVALUATION),
}
"""In which states a deed has a chance; it is tried in others where there is none."""
Act = Callable[[Unit, Order], Receipt]


@dataclass(frozen=True)
class Way:
    """How a deed is decided on: by whom, on whose approval, and of which content.

    `how` is `own` (a decider's own act), `approved` (another one's approval of exactly that),
    `other` (of something else), `self` (the writer's own) or `body` (recorded for a body).
    """

    how: str = "approved"
    writer: int = 0
    decider: int = 0


class Town:
    """One program in a folder with its people, and the oracle that watches it."""

    stage_of: ClassVar[type[Stage]] = Stage

    def __init__(self, folder: Path, rules: Rules, *, sandbox: bool) -> None:
        """Open a new program; a real one grants the roles first."""
        self.rules = rules
        self.stage = self.stage_of(folder, policy_of(rules), sandbox=sandbox)
        self.oracle = Oracle(self.stage)
        self.tried: Counter[tuple[str, str]] = Counter()
        self.open = sandbox
        if not sandbox:
            for name, role in GRANTS:
                self.appoint(name, role, granted=True)

    @property
    def today(self) -> date:
        """The day it is."""
        return self.stage.day

    @property
    def living(self) -> list[Standing]:
        """Where the agreements stand that have not ended."""
        rows = [one.row for one in self.oracle.known.values()]
        return [row for row in rows if row.state not in FINAL and not row.voided]

    def pick(self, which: int, deed: str = "") -> Ref:
        """Return one of the agreements: those first on which a deed may be done at all."""
        rows = self.living or [one.row for one in self.oracle.known.values()]
        likely = [row for row in rows if row.state in LIKELY.get(deed, ())]
        rows = likely or rows
        return Ref.of("TOR", rows[which % len(rows)].key)

    def standing(self, ref: Ref) -> Standing:
        """Return where an agreement stands."""
        return self.oracle.known[ref.key].row

    def document(self, ref: Ref) -> Agreement:
        """Return an agreement's document."""
        return self.oracle.known[ref.key].document

    def do(self, name: str, act: Act, actor: str, **order: Any) -> Receipt | None:  # noqa: ANN401
        """Try a deed and let the oracle look; None where it was no order at all."""
        try:
            receipt = self.stage.do(act, actor=actor, **order)
        except InvalidInputError:
            self.tried[name, "bad input"] += 1
            return None
        self.tried[name, str(receipt.outcome)] += 1
        self.oracle.look(adopted=name == "adopt")
        return receipt

    def staff(self, which: int, ref: Ref | None = None) -> str:
        """Return one of the staff, who has drafted the agreement before if anybody has."""
        drafters = self.standing(ref).drafters if ref else ()
        mine = [name for name in STAFF if among(name, drafters)]
        return (mine or STAFF)[which % len(mine or STAFF)]

    def decider(self, which: int, ref: Ref, *, beside: str = "") -> str:
        """Return a decider who has drafted nothing of an agreement, if there is one."""
        drafters = (*self.standing(ref).drafters, beside)
        free = [name for name in DECIDERS if not among(name, drafters)]
        return (free or DECIDERS)[which % len(free or DECIDERS)]

    def propose(self, kind: str, country: str, names: tuple[str, ...], who: int) -> None:
        """Propose an agreement, whole or mutilated."""
        document = mutated(whole(self.today, kind, country), names, self.today)
        self.do("propose", lambda u, o: propose(u, o, document), STAFF[who % len(STAFF)])

    def take_over(self, kind: str, country: str, names: tuple[str, ...], state: State) -> None:
        """Take over an agreement of before the program, which lacks what it lacks."""
        document = mutated(whole(self.today, kind, country, -6), names, self.today)
        document = replace(document, taken_over=ORIGIN)
        self.do("take over", lambda u, o: take_over(u, o, document, state), STAFF[0])

    def edit(self, ref: Ref, names: tuple[str, ...], who: int) -> None:
        """Apply a mutilated document."""
        document = mutated(self.document(ref), names, self.today)
        if document != self.document(ref):
            writer = self.staff(who, ref)
            self._carry("edit", lambda: self.stage.apply(ref, document, actor=writer))

    def keep_up(self, ref: Ref, names: tuple[str, ...], who: int) -> None:
        """Change kept keys only, which may be done after signing too."""
        self.edit(ref, tuple(name for name in names if name in KEPT), who)

    def _carry(self, name: str, act: Callable[[], Receipt]) -> None:
        try:
            receipt = act()
        except InvalidInputError:
            self.tried[name, "bad input"] += 1
            return
        self.tried[name, str(receipt.outcome)] += 1
        self.oracle.look()

    def score(self, ref: Ref, who: int) -> None:
        """Score a proposal."""
        self._carry("score", lambda: self.stage.score(ref, actor=PEOPLE[who % 3]))

    def evaluate(self, ref: Ref, who: int) -> None:
        """Evaluate a term."""
        sheet = judged(self.document(ref), whole=True)
        self._carry("evaluate", lambda: self.stage.evaluate(ref, sheet, actor=PEOPLE[who % 3]))

    def record(self, ref: Ref, days: int, who: int) -> None:
        """Record a note, or put a decision off."""
        fact = Record("note", self.today, "A call.")
        if days:
            later = self.today + timedelta(days=days)
            fact = Record("deferral", self.today, "The council asks for time.", until=later)
        name, actor = ("defer", self.decider(who, ref)) if days else ("record", self.staff(who))
        self._carry(name, lambda: self.stage.record(ref, fact, actor=actor))

    def attach(self, ref: Ref, kind: str, who: int) -> None:
        """Attach a file."""
        paper = Paper("paper.pdf", kind, f"{kind} {self.today}".encode())
        self.do("attach", lambda u, o: attach(u, o, ref, paper), self.staff(who, ref))

    def pull_likely(self, ref: Ref, which: int, way: Way, ground: str | None, back: int) -> None:
        """Pull a trigger that leads from here, if any does."""
        state = self.standing(ref).state
        legal = [trigger for trigger in Trigger if state in BY_TRIGGER[trigger].sources]
        self.pull(ref, (legal or list(Trigger))[which % len(legal or Trigger)], way, ground, back)

    def pull(self, ref: Ref, trigger: Trigger, way: Way, ground: str | None, back: int) -> None:
        """Pull a trigger in some way."""
        order: dict[str, Any] = {"ground": ground, "actor": self.staff(way.writer, ref)}
        if BY_TRIGGER[trigger].by == (Role.DECIDER,):
            order = {**order, **self._decided(ref, trigger, None, way)}
        if back:
            order["effective_on"] = self.today - timedelta(days=back)
        name = str(trigger)
        self._carry(name, lambda: self.stage.advance(ref, trigger, **order))

    def _decided(self, ref: Ref, word: str, subject: str | None, way: Way) -> dict[str, Any]:
        """Get a deed approved, or not, and return whose order it is then."""
        writer = self.staff(way.writer, ref)
        decider = self.decider(way.decider, ref, beside=writer)
        if way.how == "body":
            return {"actor": self.staff(way.writer), "on_behalf_of": COUNCIL, "item": "EX 7.1"}
        if way.how in {"approved", "other"}:
            about = f"{subject}?" if subject and way.how == "other" else subject
            word = Trigger.SIGN if way.how == "other" and not subject else word
            self.do("approve", lambda u, o: approve(u, o, ref, word, about), decider)
        if way.how == "self":
            both = "eve"
            self.do("approve", lambda u, o: approve(u, o, ref, word, subject), both)
            return {"actor": both}
        return {"actor": decider if way.how == "own" else writer}

    def waive(self, ref: Ref, trigger: Trigger, which: int, who: int) -> None:
        """Waive one unmet condition."""
        conditions = (
            Condition("guidelines_stated", "renewal.missing"),
            Condition("endorsed", "endorsement.missing"),
            Condition("endorsed", "endorsement.expired"),
            Condition("cap_available", "cap.full"),
            Condition("smart_complete", "project.missing"),
        )
        about = conditions[which % len(conditions)]
        reason = "The mayor asks for it."
        actor = self.decider(who, ref)
        self.do("waive", lambda u, o: waive(u, o, ref, about, trigger), actor, reason=reason)

    def sign_with_leave(self, ref: Ref, which: int, who: int) -> None:
        """Leave something out of the document, have that waived, and sign."""
        for _ in range(2):
            if self.standing(ref).state in {State.PROPOSAL, State.DECISION}:
                self.help_on(ref, who)
        if self.standing(ref).state is not State.NEGOTIATION:
            return
        self._complete(ref, self.document(ref), who)
        lacks = ("no guidelines", "no endorsement", "endorsed until 2027")[which % 3]
        self.edit(ref, (lacks,), who)
        self.waive(ref, Trigger.SIGN, which, who)
        self.pull(ref, Trigger.SIGN, Way("own", who, who + 1), None, 0)

    def amend(self, ref: Ref, names: tuple[str, ...], way: Way, days: int) -> None:
        """Amend what was agreed on."""
        self._change(ref, "amend", names, way, days)

    def correct(self, ref: Ref, names: tuple[str, ...], way: Way, days: int) -> None:
        """Correct the document."""
        self._change(ref, "correct", names, way, days)

    def _change(self, ref: Ref, word: str, names: tuple[str, ...], way: Way, days: int) -> None:
        document = mutated(self.document(ref), names, self.today)
        agreement = with_ids(document, self.document(ref))
        use_case = amend if word == "amend" else correct
        order = self._decided(ref, word, of_document(agreement), way)
        if days:
            order["effective_on"] = self.today - timedelta(days=days)
        self.do(word, lambda u, o: use_case(u, o, ref, agreement), **order)

    def reclassify(self, ref: Ref, kind: str, way: Way) -> None:
        """Reclassify as another type."""
        order = self._decided(ref, "reclassify", None, way)
        self.do("reclassify", lambda u, o: reclassify(u, o, ref, kind), **order)

    def take_back(self, ref: Ref, off: int, way: Way) -> None:
        """Take the last transition back, or try to take back another line."""
        n = max(self.standing(ref).moved_n - off, 0)
        order = self._decided(ref, "correct", of_note(TakenBack(n)), way)
        self.do("take back", lambda u, o: take_back(u, o, ref, n), **order)

    def void(self, ref: Ref, other: int | None, way: Way) -> None:
        """Void an agreement, perhaps as a duplicate."""
        same_as = None if other is None else self.pick(other)
        note = Voiding(str(same_as) if same_as else None)
        order = self._decided(ref, "void", of_note(note), way)
        self.do("void", lambda u, o: void(u, o, ref, same_as), **order)

    def mend_sheet(self, ref: Ref, way: Way) -> None:
        """Correct the present scores or the evaluation."""
        standing = self.standing(ref)
        sheet: ScoreSheet | Evaluation
        n, sheet = standing.score_n, score_sheet(scores={})
        if standing.evaluation_n is not None:
            n, sheet = standing.evaluation_n, evaluation(projects=())
        if n is None:
            return
        instead = Instead(n, sheet)
        order = self._decided(ref, "correct", of_sheet(n, sheet), way)
        self.do("mend sheet", lambda u, o: correct_sheet(u, o, ref, instead), **order)

    def mend_record(self, ref: Ref, who: int) -> None:
        """Record something, and retract it."""
        self.record(ref, 0, who)
        none: Instead[Record | None] = Instead(self.standing(ref).n, None)
        actor = self.staff(who, ref)
        self.do("mend record", lambda u, o: correct_record(u, o, ref, none), actor)

    def appoint(self, name: str, role: Role, *, granted: bool) -> None:
        """Grant or revoke a role."""
        change = RoleChange(name, role, granted)
        self.do("appoint", lambda u, o: appoint(u, o, change), ADMIN)

    def adopt(self, rules: Rules) -> None:
        """Put a policy in force, by two deciders."""
        body = policy_of(rules)
        for who in DECIDERS[:2]:
            self.do("adopt", lambda u, o: adopt(u, o, body, parsed(body), self.today), who)

    def night(self, days: int) -> None:
        """Let days pass and run the nightly check."""
        self.stage.day += timedelta(days=days)
        report = self.stage.nightly(actor=SYSTEM)
        assert report.completed
        assert report.count("failed") == 0
        self.oracle.look()

    def sleep(self, days: int) -> None:
        """Let days pass on which the nightly check is down."""
        self.stage.day += timedelta(days=days)

    def help_on(self, ref: Ref, who: int, how: str = "approved") -> None:
        """Do what an agreement needs next, as somebody does who knows how."""
        standing, document = self.standing(ref), self.document(ref)
        trigger, way = ONWARD.get(standing.state), Way(how, who, who)
        if trigger is None or standing.voided:
            return
        if trigger is Trigger.ACCEPT and standing.score_n is None:
            self.score(ref, who)
        if trigger is Trigger.RENEW and standing.evaluation_term != standing.signed_term:
            self.evaluate(ref, who)
        if trigger is Trigger.SIGN:
            self._complete(ref, document, who)
        if trigger is Trigger.ACTIVATE and document.term and document.term.start > self.today:
            self.night((document.term.start - self.today).days)
            return
        ground = "needs_changed" if trigger is Trigger.TERMINATE else None
        self.pull(ref, trigger, way, ground, 0)

    def _complete(self, ref: Ref, document: Agreement, who: int) -> None:
        names: tuple[str, ...] = ("mend",)
        if document.type == "mou":
            names = ("to partnership", "mend")
        kept = document.term and document.term.end > self.today and document.projects
        if document.type != "network" and not kept:
            names = (*names, "term later")
        self.edit(ref, names, who)


NAMES = tuple(MUTATIONS)
