"""Writes down what a campaign found: one file a campaign and database, for docs/reliability.md.

Nothing is written unless LIFECYCLE_FIGURES names the folder to write to (`make reliability
FIGURES=docs/figures`), so that an ordinary run leaves the tree as it is. Only a campaign that held
writes; the page's table is made of the files by `tests.figures_page`.
"""

import json
import os
import platform
import re
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from store.urls import is_postgresql
from tests.builders import ROOT

FOLDER = "LIFECYCLE_FIGURES"
"""The environment variable that names the folder."""

SEED = "LIFECYCLE_SEED"
"""The environment variable that names another first seed: one that failed, or a new one."""

_GENERATED = tuple(
    f":!docs/{name}"
    for name in ("figures", "reliability.md", "benchmarks", "benchmarks.md", "scale.md")
)


def record(  # noqa: PLR0913 - what a figure is worth nothing without
    campaign: str,
    *,
    database: str,
    seed: int | None,
    rounds: int,
    seconds: float,
    of: str = "rounds",
    **counts: float | str,
) -> None:
    """Write a campaign's figures, if somebody asked for them.

    `database` is its kind and version, as `version_of` tells; `of` is what was done so many times;
    `counts` are the results, each under a few words joined by underscores.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    figures = {
        "campaign": campaign,
        "database": database,
        "date": datetime.now(UTC).date().isoformat(),
        **commit(),
        "seed": seed,
        "machine": machine(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "rounds": rounds,
        "of": of,
        "seconds": round(seconds, 1),
        "counts": counts,
    }
    path = ROOT / folder / f"{_slug(campaign)}.{_slug(database.split(maxsplit=1)[0])}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


@contextmanager
def measured(
    campaign: str, *, database: str, seed: int | None, rounds: int | None = None, of: str = "rounds"
) -> Iterator[Counter[str]]:
    """Time the block, which counts its results, and record them when it ends well.

    Where only the block finds out how many rounds there are, it counts "rounds".
    """
    counts: Counter[str] = Counter()
    began = time.monotonic()
    yield counts
    seconds = time.monotonic() - began
    many = counts.pop("rounds") if rounds is None else rounds
    how = {"seed": seed, "rounds": many, "seconds": seconds, "of": of}
    told: dict[str, Any] = {"database": database, **how, **counts}
    record(campaign, **told)


def first_seed(usual: int = 1) -> int:
    """Return the seed that a campaign is to begin with."""
    return int(os.environ.get(SEED, usual))


def version_of(url: str) -> str:
    """Return the kind and version of the database that a URL or path names."""
    if not is_postgresql(url):
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(url) as connection:
        version = str(connection.info.parameter_status("server_version"))
    return f"PostgreSQL {version.split(maxsplit=1)[0]}"


def machine() -> dict[str, Any]:
    """Return what the campaign ran on, as far as Linux tells it."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": cpu[1] if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def commit() -> dict[str, Any]:
    """Return which commit this tree is at, and whether something else was tried than that."""
    changed = _git("status", "--porcelain", "--", ".", *_GENERATED)
    return {"commit": _git("rev-parse", "HEAD"), "dirty": bool(changed)}


def _git(*words: str) -> str:
    line = ["git", "-C", str(ROOT), *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
