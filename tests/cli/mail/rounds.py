"""Rounds of delivery, as the nightly check and people begin them, until nothing waits any more."""

import random
import time

from tests.builders import ANNA
from tests.cli.mail.posting import all_due, outbox, post, states
from tests.cli.running import Ran, run
from tests.hands import SYSTEM
from tests.mailserver import MailServer
from tests.stage import Stage

WITHIN = 30
_ROUNDS = 60


def nightly(stage: Stage) -> Ran:
    """Run the nightly check by the clock, as the scheduler."""
    return run("--db", stage.path, "--as", SYSTEM, "--json", "nightly", "--catch-up")


def retry(stage: Stage, *more: str) -> Ran:
    """Send what is left now, as staff."""
    return run("--db", stage.path, "--as", ANNA, "--json", "notices", "retry", *more)


def delivered_by_a_moody_server(
    stage: Stage, server: MailServer, seed: int, *, digests: int, rounds: int = _ROUNDS
) -> tuple[int, int]:
    """Deliver until nothing waits; returns how many rounds and how many second copies it took."""
    people = [f"person-{number}" for number in range(digests)]
    post(stage, *people)
    chance = random.Random(seed)  # noqa: S311 - of a test
    took = 0
    while "waiting" in states(stage).values():
        took += 1
        assert took <= rounds
        ran = nightly(stage).well() if chance.random() < 0.5 else retry(stage)
        assert ran.code in {0, 1}
        all_due(stage)
    assert states(stage) == dict.fromkeys(people, "sent")
    taken = server.taken()
    assert {(mail.to[0], mail.id) for mail in taken} == {
        (f"{one.recipient}@city.example", f"<{one.id}@tor.city.example>")
        for one in outbox(stage).values()
    }
    return took, len(taken) - digests


def await_taken(server: MailServer, count: int) -> None:
    """Wait until the server has taken so many mails."""
    until = time.monotonic() + WITHIN
    while len(server.taken()) < count:
        assert time.monotonic() < until
        time.sleep(0.02)
