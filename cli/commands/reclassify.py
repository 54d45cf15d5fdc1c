"""`lifecycle reclassify`: makes a signed agreement one of another type."""

from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from cli import options
from cli.acting import Acting, acting
from cli.params import TEXT
from cli.settings import Settings, Writing


def _types(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the types that begin so, for shells; none where no database can be read."""
    found: tuple[str, ...] = ()
    with suppress(Exception):
        from cli.runs.reclassify import types_of

        found = types_of(ctx.ensure_object(Settings))
    return [CompletionItem(code) for code in found if code.startswith(begun)]


@options.command("reclassify")
@click.argument("ref", type=TEXT, metavar="REF")
@click.argument("kind", type=TEXT, metavar="TYPE", shell_complete=_types)
@acting(files=True)
@options.writing
def command(settings: Settings, *, ref: str, kind: str, acting: Acting, writing: Writing) -> int:
    """Reclassify a signed agreement as another type.

    It keeps the type that it had and its date of signing on record, and gets a review date. What
    the new type asks for must hold; of what was signed before the program went live, it is told.
    """
    from cli.runs.reclassify import reclassify_one

    return reclassify_one(settings, writing, ref, kind, acting)
