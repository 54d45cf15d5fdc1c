"""A stage for whole stories: a real store in a folder, the day it is, and the people who act.

Everything goes through the use cases and a real SQLite file; nothing is mocked. `pull` does first
what its trigger needs (scores before accepting, an evaluation before renewing, the first day of
the term before activating), so that a test sees only what it is about.
"""

import sqlite3
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeVar

import msgspec
import tomli_w

from guards.policy import Policy
from lifecycle.adoption import adopt
from lifecycle.advance import advance
from lifecycle.drafting import apply, propose
from lifecycle.entry import Actor, Entry, entry_of
from lifecycle.night import Report
from lifecycle.nightly import nightly
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.replay import Finding
from lifecycle.sheets import evaluate, record, score
from lifecycle.takeover import take_over
from states.agreement import Agreement, TakenOver
from states.records import Evaluation, Record, ScoreSheet
from states.ref import Ref
from states.standing import Standing
from states.table import BY_TRIGGER
from states.terms import TermRow
from states.vocabulary import Role, State, Trigger
from store.creating import create_store
from store.opening import open_store
from store.policies import parse_policy, shipped_policy
from tests import hands, postgres
from tests.builders import ANNA, DORA, START, complete_agreement, evaluation, score_sheet

T = TypeVar("T")

SYSTEM = hands.SYSTEM
FIRST_DAY = date(2026, 9, 1)
FIRST_NOON = datetime.combine(FIRST_DAY, time(12), UTC)
TORONTO = shipped_policy("toronto-2018")
PEOPLE = {Role.STAFF: ANNA, Role.DECIDER: DORA, Role.SCHEDULER: SYSTEM}
GROUNDED = frozenset(
    {
        Trigger.RETURN,
        Trigger.DECLINE,
        Trigger.WITHDRAW,
        Trigger.TERMINATE,
        Trigger.REINSTATE,
        Trigger.SUNSET,
    }
)
"""Triggers for which `pull` states a ground."""

_TO_ACTIVE = (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN, Trigger.ACTIVATE)
PATHS: Mapping[State, tuple[Trigger, ...]] = {
    State.PROPOSAL: (),
    State.DECISION: _TO_ACTIVE[:1],
    State.NEGOTIATION: _TO_ACTIVE[:2],
    State.SIGNED: _TO_ACTIVE[:3],
    State.ACTIVE: _TO_ACTIVE,
    State.EVALUATION: (*_TO_ACTIVE, Trigger.TERMINATE),
    State.RENEWAL: (*_TO_ACTIVE, Trigger.TERMINATE, Trigger.RENEW),
    State.SUNSET: (*_TO_ACTIVE, Trigger.TERMINATE, Trigger.SUNSET),
    State.DECLINED: (Trigger.SUBMIT, Trigger.DECLINE),
}
"""By which triggers a new proposal comes into each state."""

NEXT_TERM = (*PATHS[State.RENEWAL], Trigger.RENEGOTIATE)
"""By which triggers a new proposal comes into the negotiation of its second term."""


def policy_file(changes: Mapping[str, Any], base: str = "toronto-2018") -> bytes:
    """Return a shipped policy's file with some keys changed: tables merged, None left out."""
    data = tomllib.loads(shipped_policy(base).decode(), parse_float=Decimal)
    _merge(data, changes)
    return tomli_w.dumps(data).encode()


def with_cap(at_most: int, **changes: Any) -> bytes:  # noqa: ANN401 - any key of the policy
    """Return Toronto's policy with another cap."""
    return policy_file({"cap": {"at_most": at_most}, **changes})


def with_types(**changes: Any) -> bytes:  # noqa: ANN401 - any key of a type
    """Return Toronto's policy with partnerships changed."""
    return policy_file({"types": {"partnership": changes}})


@cache
def parsed(policy: bytes) -> Policy:
    """Return what a policy file states."""
    return parse_policy(policy)


BACKENDS = ("sqlite", "postgresql")
"""The kinds of databases."""


@cache
def template(policy: bytes, *, sandbox: bool) -> str:
    """Return the name of a PostgreSQL database with this policy in force, to be copied."""
    key = policy + bytes([sandbox])
    with postgres.template(key) as (name, there):
        if not there:
            unfinished = postgres.new_database()
            order = Order(actor=Actor("admin", "os"), now=FIRST_NOON)
            create_store(unfinished, order, policy, sandbox=sandbox).close()
            postgres.rename(unfinished, name)
    return name


@cache
def made(policy: bytes, *, sandbox: bool) -> bytes:
    """Return a new database with this policy in force, as its file's bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "program.db"
        order = Order(actor=Actor("admin", "os"), now=FIRST_NOON)
        create_store(str(path), order, policy, sandbox=sandbox).close()
        return path.read_bytes()


class Stage(hands.Hands):
    """One program's store, the day it is there, and what people do in it."""

    def __init__(
        self,
        folder: Path,
        policy: bytes = TORONTO,
        *,
        day: date = FIRST_DAY,
        sandbox: bool = True,
        backend: str = "sqlite",
    ) -> None:
        """Open a new store, in the folder or on the test server.

        `url` is what names it to the product; `path` is the file, where there is one.
        """
        self.backend = backend
        self.path = folder / "program.db"
        if backend == "postgresql":
            self.url = postgres.new_database(template(policy, sandbox=sandbox))
        else:
            self.url = str(self.path)
            self.path.write_bytes(made(policy, sandbox=sandbox))
        self.store = open_store(self.url)
        self.day = day
        self.hour = 15
        self._ticks = 0

    def on(self, day: date) -> Self:
        """Let it be this day."""
        self.day = day
        return self

    def order(self, actor: str = ANNA, **more: Any) -> Order:  # noqa: ANN401 - any field of Order
        """Return somebody's order of this day."""
        self._ticks += 1
        now = datetime.combine(self.day, time(self.hour), UTC) + timedelta(milliseconds=self._ticks)
        return Order(actor=Actor(actor, "asserted"), now=now, **more)

    def do(self, act: Callable[[Unit, Order], T], **order: Any) -> T:  # noqa: ANN401
        """Carry out a use case in a unit of its own."""
        with self.store.unit() as unit:
            return act(unit, self.order(**order))

    def propose(self, agreement: Agreement | None = None, **order: Any) -> Ref:  # noqa: ANN401
        """Propose an agreement."""
        document = agreement or complete_agreement()
        return Ref.parse(self.do(lambda u, o: propose(u, o, document), **order).ref)

    def apply(self, ref: Ref, agreement: Agreement, **order: Any) -> Receipt:  # noqa: ANN401
        """Make a document the agreement's."""
        return self.do(lambda u, o: apply(u, o, ref, agreement), **order)

    def score(self, ref: Ref, sheet: ScoreSheet | None = None, **order: Any) -> Receipt:  # noqa: ANN401
        """Score a proposal, fully unless a sheet is given."""
        return self.do(lambda u, o: score(u, o, ref, sheet or score_sheet()), **order)

    def evaluate(self, ref: Ref, sheet: Evaluation | None = None, **order: Any) -> Receipt:  # noqa: ANN401
        """Evaluate a term, fully unless a sheet is given."""
        return self.do(lambda u, o: evaluate(u, o, ref, sheet or evaluation()), **order)

    def record(self, ref: Ref, fact: Record, **order: Any) -> Receipt:  # noqa: ANN401
        """Record a dated fact."""
        return self.do(lambda u, o: record(u, o, ref, fact), **order)

    def report(self, ref: Ref) -> None:
        """Record an annual report for each year of the term that has none."""
        standing = self.standing(ref)
        start, end = standing.term_start, standing.term_end
        with self.store.reading() as reader:
            there = reader.annual_years(ref.key)
        last = min(self.day, end or self.day)
        for year in range(start.year, last.year + 1) if start else ():
            if year not in there:
                self.record(ref, Record("annual", self.day, "A good year.", year=year))

    def take_over(
        self,
        agreement: Agreement | None = None,
        state: State = State.ACTIVE,
        **order: Any,  # noqa: ANN401
    ) -> Ref:
        """Take over an agreement signed in 1986, by default one without a term."""
        origin = TakenOver("1986", "The City Clerk's archive.")
        document = agreement or complete_agreement(
            term=None, projects=(), milestones=(), taken_over=origin
        )
        return Ref.parse(self.do(lambda u, o: take_over(u, o, document, state), **order).ref)

    def adopt(self, body: bytes, **order: Any) -> Receipt:  # noqa: ANN401
        """Adopt a policy as of today."""
        rules = parsed(body)
        return self.do(lambda u, o: adopt(u, o, body, rules, self.day), **{"actor": DORA, **order})

    def advance(self, ref: Ref, trigger: Trigger, **order: Any) -> Receipt:  # noqa: ANN401
        """Pull a trigger as the person whose it is."""
        who = PEOPLE[BY_TRIGGER[trigger].by[-1]]
        return self.do(lambda u, o: advance(u, o, ref, trigger), **{"actor": who, **order})

    def pull(self, ref: Ref, trigger: Trigger, **order: Any) -> Receipt:  # noqa: ANN401
        """Pull a trigger after doing what it needs; it goes through."""
        if trigger is Trigger.ACCEPT:
            self.score(ref)
        if trigger is Trigger.RENEW:
            self.evaluate(ref, evaluation(projects=()) if not self.document(ref).projects else None)
            self.report(ref)
        if trigger is Trigger.ACTIVATE:
            self.day = max(self.day, self.standing(ref).term_start or START)
        ground = {"ground": "needs_changed"} if trigger in GROUNDED else {}
        receipt = self.advance(ref, trigger, **{**ground, **order})
        assert not receipt.refused, receipt.unmet
        return receipt

    def along(self, triggers: Iterable[Trigger], agreement: Agreement | None = None) -> Ref:
        """Propose an agreement and pull triggers on it."""
        ref = self.propose(agreement)
        for trigger in triggers:
            self.pull(ref, trigger)
        return ref

    def reach(self, state: State, agreement: Agreement | None = None) -> Ref:
        """Propose an agreement and bring it into a state."""
        ref = self.along(PATHS[state], agreement)
        assert self.standing(ref).state is state
        return ref

    def nightly(self, **order: Any) -> Report:  # noqa: ANN401
        """Run the nightly check of this day."""
        return nightly(self.store, self.order(**{"actor": SYSTEM, **order}), catch_up=True)

    def standing(self, ref: Ref) -> Standing:
        """Return where an agreement stands."""
        with self.store.reading() as reader:
            found = reader.standing(ref.key)
        assert found is not None
        return found

    def document(self, ref: Ref) -> Agreement:
        """Return an agreement's document."""
        with self.store.reading() as reader:
            standing = reader.standing(ref.key)
            assert standing is not None
            return reader.document(standing)

    def raw(self, ref: Ref | None) -> list[bytes]:
        """Return the lines of an agreement's stream, or of the program's own."""
        with self.store.reading() as reader:
            return list(reader.lines(ref.key if ref else None))

    def entries(self, ref: Ref | None) -> list[Entry]:
        """Return what those lines say."""
        return [entry_of(line) for line in self.raw(ref)]

    def last(self, ref: Ref | None) -> Entry:
        """Return what the last line of a stream says."""
        return self.entries(ref)[-1]

    def terms(self, ref: Ref) -> list[TermRow]:
        """Return an agreement's terms."""
        with self.store.reading() as reader:
            return list(reader.terms(ref.key))

    def tamper(self, *statements: str, **values: object) -> None:
        """Change the database behind the product's back, as who owns it can."""
        if self.backend == "postgresql":
            postgres.tamper(self.url, statements, values)
            return
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement, values if ":" in statement else ())

    def end(self) -> None:
        """Close the store, and take away what can't be left behind."""
        self.store.close()
        if self.backend == "postgresql":
            postgres.drop(self.url)

    def verify(self) -> list[Finding]:
        """Replay the whole log and judge it once more; returns what does not agree."""
        with self.store.reading() as reader:
            return list(reader.verify()) or list(reader.recompute())

    def fields(self, ref: Ref, *names: str) -> tuple[Any, ...]:
        """Return some fields of where an agreement stands."""
        known = msgspec.structs.asdict(self.standing(ref))
        return tuple(known[name] for name in names)


def codes(receipt: Receipt) -> list[str]:
    """Return the codes of everything that was unmet, warnings included."""
    return [unmet.code for _severity, unmet in receipt.unmet]


def _merge(data: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            del data[key]
        elif isinstance(value, Mapping) and isinstance(data.get(key), dict):
            _merge(data[key], value)
        else:
            data[key] = value
