"""Several hosts run one night on PostgreSQL, with everything due: they share it.

What comes of it is compared with what a host by itself leaves (`tests.cli.nights.traces`). The long
form also says how much sooner they are done; here they share two cores with the server.
"""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.advance import advance
from lifecycle.nightly import nightly
from lifecycle.sheets import record
from states.records import Record
from states.ref import Ref
from states.vocabulary import Trigger
from tests import figures, postgres
from tests.cli.nights.due import NIGHT, NO_PLACE, all_due
from tests.cli.nights.traces import differences, findings, left
from tests.concurrency.crowd import Crowd, Deed, Hand, Result
from tests.concurrency.deeds import Give, Several
from tests.stage import Stage
from tests.store.raw import query

pytestmark = pytest.mark.postgresql

CAMPAIGN = "hosts that share a night"
WITH_STAFF = "hosts that share a night with staff at work"
HOSTS = (1, 2, 4)
SIZES = [
    pytest.param(100, 1, id="100 due"),
    pytest.param(5_000, 3, id="5,000 due", marks=pytest.mark.reliability),
]
HELD = 20
LETTER = Record(kind="correspondence", on=NIGHT, direction="received", text="A letter.")
_WAITING = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
# Those who ask must not take one another for who has it in hand.
_FREE = "SELECT 1 FROM agreement WHERE key = ? FOR SHARE SKIP LOCKED"
_DUE = "SELECT key FROM agreement WHERE due_rule = 'review_due' AND due <= ? ORDER BY due, key"


@dataclass(frozen=True)
class TimedNight:
    """Run the night; the messages tell from when to when, by the clock of the machine."""

    day: date

    def __call__(self, hand: Hand) -> Result:
        """Run it as the program's scheduler."""
        began = time.monotonic()
        items = nightly(hand.store, hand.order(self.day, "system")).items
        moved = tuple(f"{item.ref} {item.rule}" for item in items if item.outcome == "fired")
        return Result("ran", messages=(str(began), str(time.monotonic())), refs=moved)


@dataclass(frozen=True)
class Hold:
    """Work on some agreements in one transaction, until somebody waits for one of them.

    The first half is terminated, the others get a letter.
    """

    day: date
    refs: tuple[str, ...]

    def __call__(self, hand: Hand) -> Result:
        """Hold them."""
        order = hand.order(self.day, "dora", ground="needs_changed")
        with hand.store.unit() as unit:
            for ref in map(Ref.parse, self.refs[: len(self.refs) // 2]):
                receipt = advance(unit, order, ref, Trigger.TERMINATE)
                assert not receipt.refused, receipt.unmet
            for ref in map(Ref.parse, self.refs[len(self.refs) // 2 :]):
                record(unit, hand.order(self.day, "anna"), ref, LETTER)
            while not query(hand.url, _WAITING):
                time.sleep(0.01)
        return Result("held")


@dataclass(frozen=True)
class OnceHeld:
    """Do a deed as soon as somebody has an agreement in hand."""

    key: int
    deed: Deed

    def __call__(self, hand: Hand) -> Result:
        """Wait, and do it."""
        while query(hand.url, _FREE, [self.key]):
            time.sleep(0.01)
        return self.deed(hand)


def seconds(results: Sequence[Result]) -> float:
    """Return how long it took from the first beginning to the last end."""
    times = [tuple(map(float, one.messages)) for one in results if one.outcome == "ran"]
    return max(end for _began, end in times) - min(began for began, _end in times)


def moved(results: Sequence[Result]) -> Counter[str]:
    """Return which moves the hosts say that they have made."""
    return Counter(move for one in results if one.outcome == "ran" for move in one.refs)


@pytest.fixture
def template(tmp_path: Path, due: int) -> Iterator[Stage]:
    """Return a stage of which everything is due, to be copied."""
    stage = all_due(tmp_path, "postgresql", due)
    yield stage
    stage.end()


def copy(template: Stage) -> str:
    """Return the URL of a copy of its database."""
    return postgres.new_database(postgres.name_of(template.url))


@pytest.mark.parametrize(("due", "rounds"), SIZES)
def test_hosts_that_run_one_night_do_each_due_agreement_once(
    template: Stage, crowd: Crowd, due: int, rounds: int
) -> None:
    """All that is left is what one host leaves: transitions, notices, a digest a person."""
    database = figures.version_of(template.url)
    taken: dict[int, list[float]] = {hosts: [] for hosts in HOSTS}
    traces = None
    with figures.measured(CAMPAIGN, database=database, seed=None, rounds=rounds) as counts:
        counts["due_each_time"] = due
        for _ in range(rounds):
            for hosts in HOSTS:
                url = copy(template)
                results = crowd.at_once(url, [TimedNight(NIGHT)] * hosts)
                taken[hosts].append(seconds(results))
                found = left(url)
                lost, repeated = differences(found, traces := traces or found)
                assert set(moved(results).values()) == {1}
                assert sum(moved(results).values()) >= due - NO_PLACE
                counts.update(lost=lost, repeated=repeated)
                assert (lost, repeated) == (0, 0)
                counts["nights"] += 1
                postgres.drop(url)
        for hosts in HOSTS[1:]:
            # A figure may be words.
            words: Any = _ratios(taken[1], taken[hosts])
            counts[f"as_fast_as_one_with_{hosts}"] = words


def _ratios(one: Sequence[float], several: Sequence[float]) -> str:
    ratios = sorted(alone / shared for alone, shared in zip(one, several, strict=True))
    return f"{ratios[0]:.2f} to {ratios[-1]:.2f} times, median {statistics.median(ratios):.2f}"


@pytest.mark.parametrize(("due", "rounds"), SIZES)
def test_hosts_wait_at_the_end_for_what_staff_have_in_hand(
    template: Stage, crowd: Crowd, due: int, rounds: int
) -> None:
    """What staff ended meanwhile is passed by, what they left due is done, each once."""
    database = figures.version_of(template.url)
    keys = [row[0] for row in query(template.url, _DUE, [f"{NIGHT}"])]
    refs = [str(Ref.of("TOR", key)) for key in keys]
    held, others = tuple(refs[5 : 5 + HELD]), refs[5 + HELD :: 10]
    with figures.measured(WITH_STAFF, database=database, seed=None, rounds=rounds) as counts:
        counts["due_each_time"] = due
        for _ in range(rounds):
            url = copy(template)
            letters = Several(
                tuple(Give(NIGHT, record, (Ref.parse(ref), LETTER), "anna") for ref in others)
            )
            nights = [OnceHeld(Ref.parse(held[-1]).key, TimedNight(NIGHT))] * HOSTS[-1]
            results = crowd.at_once(url, [*nights, Hold(NIGHT, held), letters])
            ended = _ended(url)
            assert set(ended.values()) == {1}
            assert set(keys) <= set(ended)
            assert set(moved(results).values()) == {1}
            assert not {f"{ref} review_due" for ref in held[: HELD // 2]} & set(moved(results))
            assert {f"{ref} review_due" for ref in held[HELD // 2 :]} <= set(moved(results))
            counts["held_by_staff_and_ended_by_them"] += HELD // 2
            counts["held_by_staff_waited_for_and_done"] += HELD - HELD // 2
            counts["letters_recorded_meanwhile"] += sum(
                part.outcome == "ok" for part in results[-1].parts
            )
            assert findings(url, replayed=True) == 0
            postgres.drop(url)


def _ended(url: str) -> Counter[int]:
    """Return how often each agreement went to its evaluation."""
    return Counter(
        stream
        for stream, lines in left(url)["lines"]
        for one in lines
        if one["to"] == "evaluation" and one["event"] == "transitioned"
    )
