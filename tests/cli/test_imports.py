"""What each command imports before it does anything: a table of all commands, by families."""

from collections.abc import Iterator, Mapping

import click
import pytest

from cli.lazy import LazyGroup
from cli.main import main
from tests.cli.imports import closure, when_called
from tests.cli.test_start import imported
from tests.stage import Stage

FAMILIES = frozenset(
    {
        *("alembic", "apscheduler", "babel", "cryptography", "guards", "icalendar", "jinja2"),
        *("matplotlib", "msgspec", "openpyxl", "psycopg", "smtplib", "sqlalchemy", "structlog"),
        "transitions",
    }
)
"""What takes long to import: others' packages, and our own rules."""

READING = "sqlalchemy msgspec guards"
DECIDING = f"{READING} transitions"
IMPORTED: Mapping[str, str] = {
    "": "completion, doctor",
    "sqlalchemy": "list",
    "sqlalchemy msgspec": "db grants",
    READING: "diff, partner list, partner show, status, forecast, export, demo, role list,"
    " policy show, policy list, policy diff, policy check, portfolio budget, report facts,"
    " report annual, report consistency, report requests, report roles, report plan,"
    " notices list, notices show, log show, log why, log checkpoint, log key list, log key export,"
    " log export, db backup, db check",
    DECIDING: "propose, show, edit, apply, record, attach, amend, correct, reclassify, check,"
    " score, evaluate, approve, waive, advance, portfolio show, portfolio worklist,"
    " portfolio review, partner alias, role grant, role revoke, policy adopt, log erase,"
    " log replay",
    f"{READING} cryptography": "log verify, log seal, log prove",
    f"{DECIDING} cryptography": "log key create, log key rotate",
    f"{READING} smtplib": "notices test",
    f"{DECIDING} structlog": "nightly, notices retry",
    f"{DECIDING} structlog apscheduler": "scheduler",
    f"{DECIDING} babel": "import",
    f"{DECIDING} babel icalendar": "publish",
    f"{READING} alembic": "db restore, db upgrade",
    f"{DECIDING} alembic": "init",
}
"""For each set of families the commands that import it; what only some runs need comes later."""

LATER = {
    "doctor": f"{READING} cryptography smtplib",
    "log verify": "transitions",
}
"""What is imported by runs with nothing special about them, once they have begun."""

LINES = (
    "list, show REF, diff REF, check REF, advance REF submit, record REF note text=x, status,"
    " nightly, doctor, forecast, partner list, role list, role grant ben staff, portfolio show,"
    " portfolio budget, portfolio worklist, report facts, report plan, policy show, policy list,"
    " notices list, log show REF, log verify, completion bash"
)


def commands(group: LazyGroup, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of each command that is no group, and the module that declares it."""
    context = click.Context(group)
    for name, (module, _help) in group.table.items():
        command = group.get_command(context, name)
        if isinstance(command, LazyGroup):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", module


def families(module: str) -> frozenset[str]:
    """Return what a command's module and its functions import, all that these import with it."""
    names = closure(module, *when_called(module))
    return FAMILIES & {name.partition(".")[0] for name in names}


def test_each_command_imports_what_the_table_says() -> None:
    """No command waits for what it can do without, and a new one is held to that as well."""
    said = {
        name: frozenset(row.split())
        for row, names in IMPORTED.items()
        for name in names.split(", ")
    }
    assert {name: families(module) for name, module in commands(main)} == said


@pytest.mark.sqlite
@pytest.mark.reliability
def test_processes_import_what_the_table_says(stage: Stage) -> None:
    """What is read from the text is what the interpreter reports, and what comes later is known."""
    ref, declared = str(stage.propose()), dict(commands(main))
    for line in LINES.split(", "):
        name = next(name for name in declared if f"{line} ".startswith(f"{name} "))
        words = line.replace("REF", ref).split()
        found = imported(*words, "--db", stage.path)
        assert FAMILIES & found == families(declared[name]) | {*LATER.get(name, "").split()}, line
