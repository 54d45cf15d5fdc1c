"""`python -m tests.failover [ROUNDS [HOW]]`: the primary killed under load.

HOW is `synchronous` or `asynchronous`, both if it is left out.

Outside the default tests, since it sets up two servers for each round. LIFECYCLE_FIGURES names the
folder for the result files, LIFECYCLE_SEED the chance that says when the primary is killed.
"""

import sys
from time import monotonic
from typing import Any

from tests import figures
from tests.failover.campaign import WRITERS, run

NAMES = {
    "synchronous": "primary killed, synchronous replication",
    "asynchronous": "primary killed, control: asynchronous replication",
}


def main(rounds: str = "20", *hows: str) -> None:
    """Run the campaigns and record what they found."""
    for how in hows or NAMES:
        name, many = NAMES[how], int(rounds)
        began, seed = monotonic(), figures.first_seed()
        done = run(synchronous=how == "synchronous", rounds=many, seed=seed)
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
            rounds=many,
            seconds=monotonic() - began,
            **told,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
