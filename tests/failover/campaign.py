"""The primary is killed while people write, and its standby takes over: what is lost of all that.

With synchronous replication nothing may be of what was told as done; without it, what had not come
to the standby is, and the campaign counts it. The database itself must be whole either way: the log
replays, and nothing is there twice under a key.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic

from lifecycle.entry import Actor, digest_of
from lifecycle.order import Order
from store.creating import create_store
from store.opening import open_store
from tests.failover.cluster import STANDBY, Server, give, until
from tests.failover.line import line_to
from tests.failover.writers import Told, Writers
from tests.postgres import ADMIN
from tests.stage import FIRST_DAY, FIRST_NOON, with_cap

DATABASE = "program"
WRITERS = 4
DELAY = 0.02
"""Seconds that the network between the two takes."""

MORE = 5
"""Lines that each writer writes before its primary may be killed, and on the new one."""


class Campaign:
    """Rounds of it; `synchronous` is whether the primary waits for its standby."""

    def __init__(self, home: Path, *, synchronous: bool) -> None:
        """Make the database that each round begins with."""
        self._home, self._synchronous = home, synchronous
        self._first = Server(home, "first")
        self._rounds = 0
        self.version = ""
        self.counts: Counter[str] = Counter()
        self.pauses: list[float] = []
        """Seconds, round by round, from the primary's end until the first line on the new one."""

    def prepare(self) -> None:
        """Make a database with a program in it."""
        self._first.make()
        self._first.start({})
        self._first.ask(f"CREATE DATABASE {DATABASE}")
        order = Order(actor=Actor("admin", "os"), now=FIRST_NOON)
        create_store(url_of(self._first), order, with_cap(40), sandbox=True).close()
        self.version = str(self._first.ask("SHOW server_version")[0][0])
        # Asked for by whoever owns the server, and not enough to weaken a connection of ours.
        self._first.ask(f"ALTER ROLE {ADMIN} SET synchronous_commit = off")
        self._first.stop()

    def round(self, seconds: float) -> None:
        """Let people write for so long, kill the primary, and let its standby take over."""
        with self._pair() as (primary, standby):
            writers = Writers()
            writers.start(url_of(primary, standby), FIRST_DAY, WRITERS)
            try:
                writers.listen_until_each_wrote(MORE)
                writers.listen(seconds)
                primary.kill()
                self._cut()
                killed = monotonic()
                standby.ask("SELECT pg_promote()")
                promoted = monotonic()
                writers.listen_until_each_wrote(MORE, promoted)
            finally:
                writers.stop()
            self._count(writers, killed)
            self._look(standby, writers.told, promoted)

    @contextmanager
    def _pair(self) -> Iterator[tuple[Server, Server]]:
        self._rounds += 1
        with ExitStack() as stack:
            primary = Server(self._home, f"primary-{self._rounds}")
            primary.copy(self._first)
            waits_for = {"synchronous_standby_names": STANDBY} if self._synchronous else {}
            primary.start(waits_for)
            stack.callback(primary.stop)
            line = stack.enter_context(line_to(primary.port, DELAY))
            self._cut = line.cut
            standby = Server(self._home, f"standby-{self._rounds}")
            standby.follow(primary)
            by = f"host=127.0.0.1 port={line.port} user={ADMIN} application_name={STANDBY}"
            standby.start({"primary_conninfo": by})
            stack.callback(standby.stop)
            until(lambda: self._follows(primary), "the standby does not follow")
            yield primary, standby
        primary.remove()
        standby.remove()

    def _follows(self, primary: Server) -> bool:
        rows = primary.ask("SELECT state, sync_state FROM pg_stat_replication")
        return rows == [("streaming", "sync" if self._synchronous else "async")]

    def _count(self, writers: Writers, killed: float) -> None:
        before = [one for one in writers.told if one.at <= killed]
        after = [one.at for one in writers.told if one.at > killed]
        self.counts["told_as_done_before_the_kill"] += len(before)
        self.counts["told_as_done_afterwards"] += len(after)
        self.counts["told_that_it_is_not_known"] += writers.waits.count("unknown_outcome")
        self.pauses.append(min(after) - killed)

    def _look(self, standby: Server, told: list[Told], promoted: float) -> None:
        """Look what is on the new primary; what was told once it was one is never lost."""
        lines = standby.ask("SELECT line, idempotency_key FROM lifecycle.entry", DATABASE)
        there = {digest_of(line.encode()) for line, _key in lines}
        keys = Counter(key for _line, key in lines if key)
        lost = [one for one in told if one.entry not in there]
        assert all(one.at <= promoted for one in lost), "lost what the new primary itself had told"
        self.counts["of_them_lost"] += len(lost)
        self.counts["rounds_with_a_loss"] += bool(lost)
        self.counts["written_twice"] += sum(many > 1 for many in keys.values())
        store = open_store(url_of(standby))
        with store.reading() as reader:
            self.counts["findings_of_the_replay"] += len(list(reader.verify()))
        store.close()

    def hold(self) -> None:
        """Raise AssertionError unless what must hold, held."""
        for never in ("written_twice", "findings_of_the_replay"):
            assert not self.counts[never], (never, self.counts)
        # Without synchronous replication the losses are the control: the campaign can see one.
        assert bool(self.counts["of_them_lost"]) is not self._synchronous, self.counts

    def seconds_without(self) -> tuple[float, float]:
        """Return for how long nobody could write: usually, and at most."""
        return round(median(self.pauses), 2), round(max(self.pauses), 2)


def run(*, synchronous: bool, rounds: int, seed: int) -> Campaign:
    """Run so many rounds; each is killed when chance has it."""
    chance = Random(seed)  # noqa: S311 - of a test
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        home = Path(folder)
        give(home)
        campaign = Campaign(home, synchronous=synchronous)
        campaign.prepare()
        for _ in range(rounds):
            campaign.round(chance.uniform(0.5, 2.5))
    campaign.hold()
    return campaign


def url_of(*servers: Server) -> str:
    """Return the URL of the program on whichever of these servers can be written to."""
    places = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"postgresql://{ADMIN}@{places}/{DATABASE}?target_session_attrs=read-write"
