"""The most memory that each command takes, on 100 agreements and on 1,000,000.

Each is the real command in a process of its own, and told is the most that this process ever had.
Commands that write do so with `--dry-run`: all of it is done, and rolled back at the end. Those
that judge each line, or tell of each agreement under headings, would take hours on 1,000,000: they
are measured on 10,000 and on 100,000, with what each agreement more takes.
"""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.commands import Cost, run_command
from benchmarks.copies import program
from benchmarks.measure import Result
from benchmarks.sample import DAY

FEW, MANY = 100, 1_000_000
SOME, MORE = 10_000, 100_000

ANSWERED = (
    "list",
    "list --state active --limit 20",
    "list --sort due --limit 20",
    "list --search mission",
    "list --due-within 90d",
    "show TOR-2027-005",
    "check TOR-2027-005",
    "log TOR-2027-005",
    "status",
    "doctor",
    "role list",
    "policy show",
    "policy diff toronto-2018 toronto-2005",
    "notices list",
    "propose --type partnership --partner Quito --country EC --title 'With Quito' --dry-run",
    "record TOR-2027-005 note 'text=They called.' --dry-run",
    "advance TOR-2027-001 submit --dry-run",
    "advance TOR-2027-006 terminate --dry-run",
    "import {folder}/one.csv --dry-run",
    "nightly --dry-run",
)
WALKED = (
    "list --json",
    "list --format csv -o {folder}/list.csv",
    "list --sort title --json",
    "list --partner nobody",
    "list --missing smart_complete",
    "report facts",
    "report annual",
    "report consistency",
    "report requests",
    "report roles",
    "portfolio show",
    "portfolio review --sheet {folder}/review.csv",
    "policy check toronto-2005",
    "log show --all",
    "log export --format csv -o {folder}/log.csv",
    "log export --format jsonl -o {folder}/log.jsonl",
    "log export --format xes -o {folder}/log.xes",
    "db backup {folder}/backup.db --yes",
)
LONG = (
    "list --format xlsx -o {folder}/list.xlsx",
    "list --search mission --json",
    "list --as-of 2027-01-04 --json",
    "export --format ics -o {folder}/dates.ics",
    "log verify",
    "log replay",
    "log replay --policy toronto-2005",
    "db check",
    "score",
    "forecast",
    "portfolio budget",
    "portfolio worklist",
    "report plan",
    "partner list",
    "partner show 'Partner 7'",
)
_TABLE = "partner,country,type,signed,status,source\nQuito,EC,partnership,1990,active,Archive\n"


def run(folder: Path, many: int = MANY, more: int = MORE) -> Iterator[Result]:
    """Measure."""
    few, large = program(folder / "few.db", FEW), program(folder / "many.db", many)
    (folder / "one.csv").write_text(_TABLE)
    for words, what in ((ANSWERED, "that answer or write"), (WALKED, "that go through all")):
        grid = [["command", f"of {FEW:,}", f"of {many:,}", "seconds"]]
        for line in words:
            least, most = _cost(few, line), _cost(large, line)
            grid.append([_named(line), _told(least), _told(most), f"{most.seconds:,.1f}"])
        yield Result(f"Memory of commands {what}", {}, grid=grid)
    large.unlink()
    some, large = program(folder / "some.db", more // 10), program(folder / "more.db", more)
    headings = (f"of {more // 10:,}", f"of {more:,}", "each more", f"so of {many:,}", "seconds")
    grid = [["command", *headings]]
    for line in LONG:
        least, most = _cost(some, line), _cost(large, line)
        each = (most.megabytes - least.megabytes) / (more - more // 10)
        by_then = f"{most.megabytes + each * (many - more):,.0f} MB"
        told = (_told(least), _told(most), f"{each * 1024:.2f} kB", by_then)
        grid.append([_named(line), *told, f"{most.seconds:,.1f}"])
    notes = [
        "of twenty agreements two are proposed, two on the worklist, one is evaluated",
        "there are twenty partners",
        "`publish` is measured by itself, of 10,000 agreements",
    ]
    title = "Memory of commands that judge each line, or tell of each agreement"
    yield Result(title, {}, notes=notes, grid=grid)


def _cost(path: Path, line: str) -> Cost:
    words = shlex.split(line.format(folder=path.parent))
    return run_command((*_options(path), *words), well=(0, 1))


def _options(path: Path) -> Sequence[str]:
    return "--as", "anna", "--today", f"{DAY}", "--db", str(path)


def _named(line: str) -> str:
    return f"`{line.replace('{folder}/', '')}`"


def _told(cost: Cost) -> str:
    return f"{cost.megabytes:.0f} MB"
