"""`lifecycle log erase`: takes people's texts from the record, and leaves every check valid."""

import click

from cli import options
from cli.params import COUNT, LONG_TEXT, TEXT
from cli.settings import Settings, Writing


@options.command("erase")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.argument("n", type=COUNT, required=False, metavar="[N]")
@click.option("--part", type=TEXT, metavar="PART", help="The whole text of this part beside N.")
@click.option(
    "--text",
    "words",
    type=LONG_TEXT,
    multiple=True,
    metavar="WORDS",
    help="Words wherever they stand; - reads them from stdin, one a line.",
)
@click.option("--all", "everywhere", is_flag=True, help="In the program and all agreements.")
@options.writing
def command(
    settings: Settings,
    *,
    ref: str | None,
    n: int | None,
    part: str | None,
    words: tuple[str, ...],
    everywhere: bool,
    writing: Writing,
) -> int:
    r"""Erase what people wrote, and leave every check valid.

    \b
    log erase REF --text "Jane Doe"      a name, in every version of every text
    log erase --all --text "Jane Doe"    in the whole program
    log erase REF N --part reason        the reason beside line N
    log erase REF N --part content       what people wrote in a record, a sheet, contacts
    log erase REF N --part attachment    the bytes of a file that line N attached

    It can't be taken back. Words are replaced by [erased 1] and the like, alike wherever they
    stand. Lines are never touched: they cite texts only, but name who acted. Approvals and waivers
    that stand on what was changed end. REF may be the program's code. Attached files are not
    searched. An admin erases, and says why with -m.
    """
    from cli.runs.log_erase import Wanted, erase

    return erase(settings, writing, Wanted(ref, n, part, words, everywhere))
