"""Builds what the benchmarks work on: a sandbox, complete agreements, a large portfolio."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from lifecycle.drafting import propose
from lifecycle.entry import Actor
from lifecycle.order import Order
from lifecycle.ports import Unit
from states.agreement import (
    Agreement,
    Indicator,
    Milestone,
    Objective,
    Party,
    Project,
    Resource,
    Term,
)
from states.ref import Ref
from states.vocabulary import State
from store import tables
from store.creating import create_store
from store.policies import shipped_policy
from store.store import Store

DAY = date(2027, 1, 4)
_AT_ONCE = 100


def order(actor: str = "anna") -> Order:
    """Return an order by somebody on the benchmarks' day."""
    now = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=UTC)
    return Order(actor=Actor(actor, "asserted"), now=now, host="bench")


def sandbox(path: Path) -> Store:
    """Return a new sandbox under the shipped Toronto policy."""
    return create_store(str(path), order(), shipped_policy("toronto-2018"), sandbox=True)


def agreement(number: int, size: int = 10_000) -> Agreement:
    """Return a document that `sign` accepts, of about `size` bytes in its stored form."""
    text = "Firms of both cities meet, compare what they need and agree on what to try together. "
    long = (text * (size // len(text) // 8 + 1))[: size // 8]
    objective = Objective(
        kind="grow_trade",
        objective=f"More trade in health technology. {long}",
        activity=f"A mission with meetings between firms. {long}",
        responsible="City of Toronto",
        indicators=(Indicator("businesses reached", "businesses", Decimal(0), Decimal(40)),),
    )
    project = Project(
        name="Trade mission",
        kind="outbound_mission",
        end=date(2029, 6, 30),
        examined=date(2029, 9, 30),
        objectives=(objective, objective),
        resources=(
            Resource("funding", Decimal(60000), "CAD", "International Alliance Program", 2028),
            Resource("staff", Decimal("0.5"), None, "Economic Development", 2028),
        ),
    )
    return Agreement(
        type="partnership",
        title=f"Trade with partner {number}",
        origin="global_city",
        role="catalyst",
        owner="anna",
        renewal_guidelines="Renewed on past results. " + long[:400],
        termination_guidelines="Either side may end it with notice. " + long[:400],
        term=Term(DAY, date(2030, 1, 3)),
        parties=(
            Party("home", "City of Toronto", "city", "CA", responsibilities=long),
            Party("partner", f"Partner {number}", "city", "CN", responsibilities=long),
        ),
        projects=(project,),
        milestones=(Milestone("First mission", due=date(2028, 10, 1)),),
    )


def negotiated(store: Store, count: int, size: int = 10_000) -> list[Ref]:
    """Propose agreements and set them into negotiation; returns their references."""
    refs = []
    for some in range(0, count, _AT_ONCE):
        with store.unit() as unit:
            for number in range(some, min(some + _AT_ONCE, count)):
                ref = Ref.parse(propose(unit, order(), agreement(number, size)).ref)
                _restate(unit, ref, State.NEGOTIATION)
                refs.append(ref)
    return refs


def portfolio(store: Store, running: int, ended: int) -> None:
    """Fill a store in a file with active agreements, of which `ended` have passed their term's end.

    Rows are copied by SQL from one that was proposed in the ordinary way.
    """
    statements = copying(store, running, ended)
    with closing(sqlite3.connect(store.database.where)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def copying(store: Store, running: int, ended: int) -> Sequence[str]:
    """Propose what is to be copied, and return the statements that do so on either database."""
    with store.unit() as unit:
        ref = Ref.parse(propose(unit, order(), agreement(0, 1_000)).ref)
        _restate(unit, ref, State.ACTIVE)
    values = {"model": ref.key, "ended": ended, "all": running + ended}
    columns = [column.name for column in tables.agreement.c]
    own = ", ".join(_COPIED.get(name, name) for name in columns)
    rows = (
        f"INSERT INTO agreement ({', '.join(columns)}) SELECT {own}"  # noqa: S608 - own words
        " FROM agreement CROSS JOIN number WHERE key = {model}"
    )
    copies = [f"{_NUMBERS} {each}" for each in (rows, _FIRST_LINES, _TERMS, _DOCUMENTS)]
    return [statement.format(**values) for statement in (*copies, _WATCHES)]


_NUMBERS = (
    "WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < {all})"
)
_COPIED = {
    "key": "{model} + i",
    "term_end": "CASE WHEN i <= {ended} THEN '2027-01-03' ELSE '2031-01-03' END",
    "due": "CASE WHEN i <= {ended} THEN '2027-01-04' ELSE '2031-01-04' END",
    "due_rule": "'term_over'",
    "signed_term": "1",
}
_FIRST_LINES = (
    "INSERT INTO entry (program_id, stream, n, line)"
    " SELECT program_id, {model} + i, n, line FROM entry CROSS JOIN number WHERE stream = {model}"
)
_TERMS = (
    "INSERT INTO term (program_id, key, term, starts, ends)"
    " SELECT program_id, {model} + i, term, starts, ends FROM term CROSS JOIN number"
    " WHERE key = {model}"
)
_DOCUMENTS = (
    "INSERT INTO document (program_id, key, version, digest, salt, body)"
    " SELECT program_id, {model} + i, version, digest, salt, body FROM document CROSS JOIN number"
    " WHERE key = {model}"
)
# As an agreement that runs is watched: its end, its activity, its reports, its milestones, none of
# them due but the end of those that ended.
_WATCHES = (
    "INSERT INTO watch (program_id, key, rule, item, due, next_on)"
    " SELECT program_id, key, column1, column2, column3, column4 FROM agreement CROSS JOIN (VALUES"
    " ('dormant', '', '2029-01-04', '2029-01-04'),"
    " ('annual_due', '2027', '2028-04-01', '2028-04-01'),"
    " ('annual_due', '2028', '2029-04-01', '2029-04-01'),"
    " ('milestone_due', 'first-mission', '2028-10-01', '2028-09-17')) AS told"
    " UNION ALL SELECT program_id, key, due_rule, '', due,"
    " CASE WHEN due > '2027-01-04' THEN '2030-07-08' ELSE due END"
    " FROM agreement WHERE due_rule IS NOT NULL"
)


def _restate(unit: Unit, ref: Ref, state: State) -> None:
    standing = unit.lock(ref.key)
    if standing is not None:
        unit.restate([(standing, replace(standing, state=state))])
