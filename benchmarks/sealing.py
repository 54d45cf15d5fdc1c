"""Sixteen writers on PostgreSQL with a sealer beside them, against lines that are plain inserts.

Both work on one server, with fsync and synchronous_commit on, through the library: guards, machine,
canonical line, hash. Ours writes each line through the database's own function, which holds it
against who is connected and where the agreement stands, puts it into the queue of those that wait
for their seal, and refuses what does not follow; a sealer signs the tree over and over meanwhile.
The other database has the line stripped to a plain insert: its function moves the row and inserts
the line, no trigger looks at it, nothing is queued and nobody seals. Writers are processes, each
over a login of its own with the rights that `db grants` gives, with agreements of its own.
"""

import multiprocessing
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measure import Result, Taken, Way, spread, timed
from benchmarks.postgresql import DURABLE
from benchmarks.sample import DAY, negotiated
from benchmarks.writers import Step, together, writers
from lifecycle.advance import advance
from lifecycle.appointing import appoint
from lifecycle.entry import Actor
from lifecycle.order import Order
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import seal
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Outcome, Role, Trigger
from store.creating import create_store
from store.grants import grants
from store.opening import open_store
from store.policies import shipped_policy
from store.sealing.keys import new_key, read_key, write_key
from tests import figures, postgres

ROUNDS = 15
EACH = 12
WRITERS = 16

_PLAIN, _OURS = "plain inserts", "ours, with a sealer"
_ADMIN, _SEALER = "bench_admin", "bench_sealer"
_NAMES = tuple(f"bench_{number}" for number in range(WRITERS))
_PATIENCE = 60
_MAY_DIFFER = 0.01
_STRIPPED = """
DROP TRIGGER entry_extends ON lifecycle.entry;
CREATE OR REPLACE FUNCTION lifecycle.append(at_program integer, at_stream bigint,
  at_version bigint, at_n bigint, at_policy text, at_roles text, new_line text, changed text,
  at_term integer, of_term text, OUT written integer, OUT policy_now text, OUT roles_now text)
RETURNS record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  one lifecycle.agreement;
BEGIN
  SELECT 1, policy, roles INTO written, policy_now, roles_now
    FROM lifecycle.program WHERE id = at_program;
  SELECT * INTO one FROM lifecycle.agreement WHERE program_id = at_program AND key = at_stream;
  one := jsonb_populate_record(one, changed::jsonb);
  UPDATE lifecycle.agreement SET state = one.state, version = one.version, n = one.n,
    head = one.head, signed_on = one.signed_on, signed_term = one.signed_term,
    moved_n = one.moved_n, due = one.due, due_rule = one.due_rule, policy = one.policy,
    entered_on = one.entered_on, acted_on = one.acted_on, approvals = one.approvals
    WHERE program_id = at_program AND key = at_stream;
  INSERT INTO lifecycle.entry VALUES (at_program, at_stream, one.n, new_line, NULL);
  UPDATE lifecycle.term SET signed_on = of_term::jsonb ->> 'signed_on'
    WHERE program_id = at_program AND key = at_stream AND term = at_term;
END
$$
"""


def signs(url: str, keys: Sequence[int], login: str) -> Step:
    """Sign through the library, over a login that is a decider's."""
    store = open_store(postgres.as_login(url, login))
    actor, left = Actor(login, "database"), iter(keys)

    def step() -> None:
        with store.unit() as unit:
            ref = Ref.of(store.program.code, next(left))
            receipt = advance(unit, _order(actor), ref, Trigger.SIGN)
        if receipt.outcome is not Outcome.OK:
            raise RuntimeError(receipt)

    return step


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    began = time.monotonic()
    with postgres.running({**DURABLE, "max_connections": "60"}) as server:
        ours, plain = _database(server, "ours"), _database(server, "plain")
        mine, theirs = _founded(ours, folder / "log.key"), _founded(plain, folder / "none.key")
        with psycopg.connect(plain, autocommit=True) as admin:
            admin.execute(_STRIPPED.encode())
        with (
            writers(signs, _shares(plain, theirs)) as bare,
            writers(signs, _shares(ours, mine)) as own,
            _sealing(ours, folder / "log.key") as (sealing, seals),
        ):
            ways = {
                _PLAIN: together(bare, EACH),
                _OURS: sealing(together(own, EACH)),
            }
            taken = timed(ways, ROUNDS)
        yield _told(taken, seals)
        _insist_alike(ours, plain)
        _record(taken, seals, figures.version_of(server), time.monotonic() - began)


def _order(actor: Actor) -> Order:
    now = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=UTC)
    return Order(actor=actor, now=now, host="bench")


def _database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?")


def _founded(url: str, file: Path) -> list[int]:
    """Found a program with a key and logins; returns the keys of agreements to sign."""
    root = Actor("postgres", "database")
    policy = shipped_policy("toronto-2018")
    store = create_store(url, _order(root), policy, sandbox=False, admin=_ADMIN)
    admin = Actor(_ADMIN, "asserted")
    held = [("anna", Role.STAFF), *((name, Role.DECIDER) for name in _NAMES)]
    for name, role in held:
        with store.unit() as unit:
            appoint(unit, _order(admin), RoleChange(name, role, granted=True))
    with store.unit() as unit:
        key = new_key(name_of(unit))
        change_key(unit, _order(admin), key)
    write_key(file, key)
    keys = [ref.key for ref in negotiated(store, WRITERS * EACH * (ROUNDS + 1))]
    store.close()
    with psycopg.connect(url, autocommit=True) as own:
        own.execute("\n".join(grants()).encode())
        for name in (*_NAMES, _SEALER):
            group = "lifecycle_scheduler" if name == _SEALER else "lifecycle_staff"
            own.execute(
                f"DO $$ BEGIN CREATE ROLE {name} LOGIN IN ROLE {group};"
                " EXCEPTION WHEN duplicate_object THEN NULL; END $$".encode()
            )
        own.execute(b"VACUUM ANALYZE")
        own.execute(b"CHECKPOINT")
    return keys


def _shares(url: str, keys: Sequence[int]) -> list[tuple[str, Sequence[int], str]]:
    each = EACH * (ROUNDS + 1)
    return [(url, keys[n * each : (n + 1) * each], name) for n, name in enumerate(_NAMES)]


@contextmanager
def _sealing(url: str, file: Path) -> Iterator[tuple[Any, list[int]]]:
    """Run a sealer's process; yields what lets it seal beside a way, and how often it has."""
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=_seal, args=(theirs, url, str(file)), daemon=True)
    process.start()
    seals: list[int] = []

    def beside(way: Way) -> Way:
        def both(number: int) -> None:
            pipe.send("begin")
            way(number)
            pipe.send("end")
            if not pipe.poll(_PATIENCE):
                raise TimeoutError
            made = pipe.recv()
            if number:
                seals.append(made)

        return both

    yield beside, seals
    pipe.send("leave")
    process.join()


def _seal(pipe: Connection, url: str, file: str) -> None:
    """Seal again as soon as something was sealed, from one word to the next."""
    store, key = open_store(postgres.as_login(url, _SEALER)), read_key(Path(file))
    while pipe.recv() == "begin":
        made = 0
        while not pipe.poll():
            made += seal(store, key, lambda: datetime.now(UTC)).new > 0
        pipe.recv()
        pipe.send(made)
    store.close()


def _told(taken: Taken, seals: Sequence[int]) -> Result:
    title = f"PostgreSQL, {WRITERS} writers (trigger sign, 10 kB document, fsync on)"
    note = f"{_kept(taken)} of the throughput; {statistics.median(seals):.0f} seals a round"
    return Result(title, taken, WRITERS * EACH, "transitions", [note])


def _kept(taken: Taken) -> str:
    return spread([plain / own for plain, own in zip(taken[_PLAIN], taken[_OURS], strict=True)])


def _insist_alike(*urls: str) -> None:
    """Raise RuntimeError unless as many lines of a transition stand in both, alike in size."""
    counts = []
    for url in urls:
        with psycopg.connect(url) as own:
            asked = b"SELECT count(*), sum(octet_length(line)) FROM lifecycle.entry WHERE n = 2"
            counts.append(own.execute(asked + b" AND stream > 0").fetchone())
    (mine, theirs) = counts
    if not mine or not theirs or mine[0] != theirs[0] or abs(mine[1] / theirs[1] - 1) > _MAY_DIFFER:
        raise RuntimeError(counts)


def _record(taken: Taken, seals: Sequence[int], database: str, seconds: float) -> None:
    figures.record(
        "sixteen writers and a sealer",
        database=database,
        seed=None,
        rounds=ROUNDS,
        of=f"rounds of {WRITERS * EACH} transitions",
        seconds=seconds,
        of_the_throughput_of_plain_inserts=_kept(taken),
        seals=sum(seals),
        transitions=ROUNDS * WRITERS * EACH,
    )
