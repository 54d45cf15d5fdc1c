"""Groups of commands that know their commands' names and one-line help without importing them.

Help and shell completion need no more than that, so they stay as fast as click itself. A group
alone reads: where it has a default, `log REF` is `log show REF`.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem

from cli.options import GlobalOption, WithGlobals

Table = Mapping[str, tuple[str, str]]
"""Each command's name with the module that holds it as `command`, and its one-line help."""


class LazyGroup(WithGlobals, click.Group):
    """A group whose commands are imported when they run, each from a module of its own."""

    def __init__(
        self,
        name: str,
        sections: Mapping[str, Table],
        *,
        default: str | None = None,
        **attributes: Any,  # noqa: ANN401
    ) -> None:
        """Take the commands by section of the help text, and the one to run if none is named."""
        super().__init__(name, subcommand_metavar=_usage(default), **attributes)
        self.sections = sections
        self.table = {key: row for section in sections.values() for key, row in section.items()}
        self.default = default

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command, or None for an unknown name."""
        if cmd_name not in self.table:
            return None
        command: click.Command = import_module(self.table[cmd_name][0]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, with the default's name put where it was left out."""
        word = _first_word(args)
        if self.default and word not in self.table and not _asks(args, word, ctx):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name; fails with the names that come close."""
        if args[0] not in self.table and not ctx.resilient_parsing:
            raise NoSuchCommand(args[0], possibilities=list(self.table), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, section by section, then the options."""
        longest = max(map(len, self.table))
        for title, table in self.sections.items():
            with formatter.section(title):
                rows = [(f"{name:{longest}}", row[1]) for name, row in table.items()]
                formatter.write_dl(rows)
        WithGlobals.format_options(self, ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so, without importing a command."""
        found = [
            CompletionItem(name, help=row[1])
            for name, row in self.table.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)


_VALUED = frozenset(
    name
    for option in WithGlobals(None).params
    if isinstance(option, GlobalOption) and not option.is_flag
    for name in option.opts
)
"""The global options that take a value, which is no command's name."""


def _first_word(args: Sequence[str]) -> str | None:
    """Return the first argument that is neither an option nor a global option's value."""
    words = iter(args)
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-") or word == "-":
            return word
    return None


def _asks(args: Sequence[str], word: str | None, ctx: click.Context) -> bool:
    """Whether the group's own help or completion is asked for, and no command of it."""
    before = args if word is None else args[: args.index(word)]
    return not {"-h", "--help"}.isdisjoint(before) or (word is None and ctx.resilient_parsing)


def _usage(default: str | None) -> str:
    return "[COMMAND] [ARGS]..." if default else "COMMAND [ARGS]..."
