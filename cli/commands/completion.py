"""`lifecycle completion`: the script that lets a shell complete commands and options."""

import click

from cli import options
from cli.settings import Settings


@options.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
def command(_settings: Settings, shell: str) -> None:
    r"""Print the completion script of a shell.

    SHELL is bash, zsh or fish. To switch completion on, for example in bash, put this line into
    ~/.bashrc:

    \b
        eval "$(lifecycle completion bash)"
    """
    from click.shell_completion import get_completion_class

    from cli.main import COMPLETING, main
    from cli.output.streams import out

    script = get_completion_class(shell)
    if script is not None:
        out(script(main, {}, "lifecycle", COMPLETING).source() + "\n")
