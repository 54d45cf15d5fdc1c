"""`make bench`: runs every benchmark, each against its yardstick, and prints the ratios."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import (
    breakdown,
    durable,
    growth,
    memory,
    night,
    postgresql,
    publish,
    scale,
    sealing,
    startup,
    sweep,
    taking_over,
    verify,
)
from benchmarks.measure import report

BENCHMARKS = {
    "durable": durable.run,
    "postgresql": postgresql.run,
    "sweep": sweep.run,
    "breakdown": breakdown.run,
    "night": night.run,
    "growth": growth.run,
    "memory": memory.run,
    "scale": scale.run,
    "verify": verify.run,
    "sealing": sealing.run,
    "taking_over": taking_over.run,
    "publish": publish.run,
    "startup": startup.run,
}


def main(names: list[str]) -> None:
    """Run the benchmarks named, or all; a ratio is against the first line of its block."""
    for name in names or BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            report(name, BENCHMARKS[name](Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
