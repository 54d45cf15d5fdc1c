"""The options that commands share, and the command class that carries the global ones.

Global options stand before or after the command: every command and group has them, and they are
kept in the run's `Settings` instead of being passed on.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any

import click

from cli.params import COUNT, DAY, LONG_TEXT, TEXT
from cli.settings import Reading, Settings, Writing

FORMS = ("table", "json", "csv", "toml", "md", "html", "xlsx", "png")
"""The forms in which a reading command may answer; not every answer has each."""

Function = Callable[..., Any]


class GlobalOption(click.Option):
    """An option of every command; its value goes to the run's settings."""

    def __init__(self, declarations: Sequence[str], **attributes: Any) -> None:  # noqa: ANN401
        """Take what click.Option takes."""
        super().__init__(declarations, expose_value=False, callback=_keep, **attributes)


class WithGlobals(click.Command):
    """A command or group that also takes the global options."""

    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401
        """Take what click.Command takes."""
        super().__init__(*args, **attributes)
        self.params += _global_options()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then those of every command."""
        params = self.get_params(ctx)
        own = [param for param in params if not isinstance(param, GlobalOption)]
        everywhere = [param for param in params if isinstance(param, GlobalOption)]
        for title, some in (("Options", own), ("Options of every command", everywhere)):
            records = [
                record
                for param in some
                if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
            ]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Command(WithGlobals):
    """One command of the program; its function returns the exit code, or None for 0."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run the function, and remember which command it was."""
        ctx.ensure_object(Settings).command = ctx.command_path
        return super().invoke(ctx)


def command(name: str, **attributes: Any) -> Callable[[Function], Command]:  # noqa: ANN401
    """Make a command of a function, which gets the run's settings first.

    Docstrings are raw, so that click's mark for lines that stay as they are stands in them as two
    characters; here it becomes the one that click looks for.
    """

    def make(function: Function) -> Command:
        made = click.command(name, cls=Command, **attributes)(click.pass_obj(function))
        made.help = (made.help or "").replace(r"\b", "\b")
        return made

    return make


def writing(function: Function) -> Function:
    """Add what every writing command takes; the function gets it as `writing`."""

    @wraps(function)
    def wrapped(
        *args: Any,  # noqa: ANN401
        reason: str | None,
        expect_version: int | None,
        idempotency_key: str | None,
        dry_run: bool,
        yes: bool,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        options = Writing(
            reason=reason,
            expect_version=expect_version,
            key=idempotency_key,
            dry_run=dry_run,
            yes=yes,
        )
        return function(*args, writing=options, **kwargs)

    return _with(
        wrapped,
        click.option("-m", "--reason", type=LONG_TEXT, help="Why; kept with the entry."),
        click.option(
            "--expect-version",
            type=COUNT,
            metavar="N",
            help="Refuse if the agreement is no longer at this version.",
        ),
        click.option(
            "--idempotency-key",
            type=TEXT,
            metavar="KEY",
            help="Carry the order out once, however often it is repeated.",
        ),
        click.option("--dry-run", is_flag=True, help="Answer as it would be; nothing is stored."),
        click.option("--yes", is_flag=True, help="Answer questions with yes."),
    )


def reading(function: Function) -> Function:
    """Add what every reading command takes; the function gets it as `reading`."""

    @wraps(function)
    def wrapped(
        *args: Any,  # noqa: ANN401
        output: str | None,
        form: str | None,
        as_of: date | None = None,
        recorded_by: date | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        options = Reading(file=output, form=form, as_of=as_of, recorded_by=recorded_by)
        return function(*args, reading=options, **kwargs)

    return _with(
        wrapped,
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Write the answer to FILE, in the format of its ending.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(FORMS),
            metavar="FORMAT",
            help="table, json, csv, ...; else by the file's ending.",
        ),
    )


def of_the_past(function: Function) -> Function:
    """Add what reading commands take that can answer for a day that has passed.

    Stands under `reading`, which hands the two days on.
    """
    return _with(
        function,
        click.option(
            "--as-of",
            type=DAY,
            metavar="DATE",
            help="What was true on this day, as far as it is known.",
        ),
        click.option(
            "--recorded-by",
            type=DAY,
            metavar="DATE",
            help="What the record knew at the end of this day.",
        ),
    )


def _with(function: Function, *options: Callable[[Function], Function]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    settings = ctx.ensure_object(Settings)
    if value not in {None, False} and param.name:
        setattr(settings, param.name, value)


def _global_options() -> list[click.Parameter]:
    return [
        GlobalOption(
            ["--db"], metavar="URL|PATH", type=TEXT, help="The database; else as configured."
        ),
        GlobalOption(
            ["--program"], metavar="CODE", type=TEXT, help="The program, if it holds several."
        ),
        GlobalOption(["--json"], is_flag=True, help="Answer in JSON."),
        GlobalOption(
            ["--as", "as_name"], metavar="NAME", type=TEXT, help="Act under this name (asserted)."
        ),
        GlobalOption(["--today"], type=DAY, metavar="DATE", help="The day it is, in a sandbox."),
    ]
