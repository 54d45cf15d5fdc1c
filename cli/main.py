"""The program `lifecycle`: its table of commands, and how every run of it ends.

Only click and the standard library are imported here; what a command needs, its module imports
when it runs. Exit codes: 0 done, 1 refused or findings, 2 wrong usage or bad input, 3 could not,
130 interrupted. A closed pipe is no error.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from cli.lazy import LazyGroup, Table
from cli.settings import Settings

COULD_NOT, INTERRUPTED = 3, 130

COMPLETING = "_LIFECYCLE_COMPLETE"
"""The variable through which a shell asks for completions."""

_OBJECTS = 200_000
"""More than a start makes, which is about 150,000 for the commands that need most."""

AGREEMENTS: Table = {
    "propose": ("cli.commands.propose", "Propose a new agreement."),
    "list": ("cli.commands.list_", "List the agreements."),
    "show": ("cli.commands.show", "Show one agreement, what comes next and what is missing."),
    "diff": ("cli.commands.diff", "Show what changed between two versions of a document."),
    "edit": ("cli.commands.edit", "Edit an agreement's document in your editor."),
    "apply": ("cli.commands.apply", "Apply whole documents from files, all or none."),
    "record": ("cli.commands.record", "Record dated facts about an agreement."),
    "attach": ("cli.commands.attach", "Attach files to an agreement, all or none."),
    "amend": ("cli.commands.amend", "Amend what was agreed on, after both sides newly agreed."),
    "correct": ("cli.commands.correct", "Correct what the record says wrongly."),
    "reclassify": ("cli.commands.reclassify", "Reclassify a signed agreement as another type."),
}
DECISIONS: Table = {
    "check": ("cli.commands.check", "Check what may be done next, and what is missing for it."),
    "score": (
        "cli.commands.score",
        "Score a proposal, or without REF rank all that are open.",
    ),
    "evaluate": ("cli.commands.evaluate", "Evaluate the term of an agreement."),
    "approve": ("cli.commands.approve", "Approve what somebody else then carries out."),
    "waive": ("cli.commands.waive", "Waive one unmet condition for one step."),
    "advance": ("cli.commands.advance", "Advance an agreement by a trigger."),
    "nightly": (
        "cli.commands.nightly",
        "Do and tell what the calendar demands: the nightly check.",
    ),
}
PORTFOLIO: Table = {
    "import": (
        "cli.commands.import_",
        "Take over agreements from a table: CSV or XLSX.",
    ),
    "portfolio": ("cli.commands.portfolio", "Look at the whole portfolio, and review it."),
    "partner": ("cli.commands.partner", "List and show partners, and give them other names."),
    "report": ("cli.commands.report", "Report on the whole program."),
    "publish": (
        "cli.commands.publish",
        "Publish the register as a website in the folder DIR.",
    ),
    "forecast": ("cli.commands.forecast", "Forecast places, money, staff and decisions by year."),
}
PROGRAM: Table = {
    "status": (
        "cli.commands.status",
        "Show the nightly checks, what is late, and what is due soon.",
    ),
    "scheduler": ("cli.commands.scheduler", "Run the nightly check each day, as a service."),
    "init": ("cli.commands.init", "Make a database and adopt a policy."),
    "notices": ("cli.commands.notices", "Look at the digests that people are sent, or send them."),
    "export": ("cli.commands.export", "Export the dates of agreements as a calendar feed."),
    "role": ("cli.commands.role", "List, grant and revoke roles: who may do what."),
    "policy": ("cli.commands.policy", "Show, compare, check and adopt policies."),
    "log": ("cli.commands.log", "Read, verify, seal and export the log."),
    "db": ("cli.commands.db", "Check, back up, restore or upgrade the database."),
    "doctor": ("cli.commands.doctor", "Check that everything the program needs is in order."),
    "demo": ("cli.commands.demo", "Walk a city's portfolio through its whole life."),
    "completion": ("cli.commands.completion", "Print the completion script of a shell."),
}


class Program(LazyGroup):
    """The group of all commands; runs one and ends the process with its exit code."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401
        """Run one command line; every way in which it may go wrong is told, and none raises."""
        own_process = args is None
        if own_process:
            # Imports make many objects and no garbage: looking for some each 700 costs a tenth of
            # the start.
            gc.set_threshold(_OBJECTS)
        line = sys.argv[1:] if args is None else list(args)
        settings = Settings(json="--json" in line)
        try:
            code = _complete(self) if COMPLETING in os.environ else _run(self, line, settings)
        except KeyboardInterrupt:
            code = INTERRUPTED
        if own_process:
            # The process gives all of its memory back at once: looking for garbage in it first
            # costs another tenth.
            gc.freeze()
        sys.exit(code)


def _complete(program: Program) -> int:
    from click.shell_completion import shell_complete

    return shell_complete(program, {}, "lifecycle", COMPLETING, os.environ[COMPLETING])


def _run(program: Program, line: list[str], settings: Settings) -> int:
    try:
        with program.make_context("lifecycle", line, obj=settings) as ctx:
            return int(program.invoke(ctx) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is written down and told
        return _told(error, settings)


def _told(error: Exception, settings: Settings) -> int:
    try:
        from cli.failures import told

        return told(error, settings)
    except Exception as worse:  # noqa: BLE001 - not even that could be told
        with suppress(Exception):
            sys.stderr.write(f"error: {error}\nerror: and that could not be told: {worse}\n")
        return COULD_NOT


def _print_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if not asked or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    from cli.output.streams import out

    try:
        out(f"lifecycle {version('partnership-lifecycle')}\n")
    except PackageNotFoundError:
        out("lifecycle, not installed\n")
    ctx.exit()


main = Program(
    "lifecycle",
    {
        "Agreements": AGREEMENTS,
        "Decisions": DECISIONS,
        "Portfolio": PORTFOLIO,
        "Program": PROGRAM,
    },
    help="""Guide a city's international partnership agreements from proposal to renewal or sunset.

    Begin with `lifecycle demo`, or with `lifecycle init --sandbox` to learn by trying.
    """,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`lifecycle COMMAND --help` explains a command.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version.",
        )
    ],
)
