"""`python -m tests.failover [ROUNDS]`: the primary killed under load, with and without waiting.

Outside the default tests, since it sets up two servers for each round. LIFECYCLE_FIGURES names the
folder for the result files, LIFECYCLE_SEED the chance that says when the primary is killed.
"""

import sys
from time import monotonic
from typing import Any

from tests import figures
from tests.failover.campaign import WRITERS, run

NAMES = {
    True: "primary killed, synchronous replication",
    False: "primary killed, control: asynchronous replication",
}


def main(rounds: int = 20) -> None:
    """Run both campaigns and record what they found."""
    for synchronous, name in NAMES.items():
        began, seed = monotonic(), figures.first_seed()
        done = run(synchronous=synchronous, rounds=rounds, seed=seed)
        usually, at_most = done.seconds_without()
        told: dict[str, Any] = {
            **done.counts,
            "writers": WRITERS,
            "seconds_without_a_primary": usually,
            "at_most": at_most,
        }
        print(f"{name}: {told}", flush=True)  # noqa: T201 - what somebody at a terminal waits for
        figures.record(
            name,
            database=f"PostgreSQL {done.version}",
            seed=seed,
            rounds=rounds,
            seconds=monotonic() - began,
            **told,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
