"""`lifecycle demo`: a city's portfolio through the whole life of its agreements."""

import click

from cli import options
from cli.settings import Settings


@options.command("demo")
@click.argument("folder", type=click.Path(), required=False, metavar="[DIR]")
@click.option("--yes", is_flag=True, help="Replace the demo's sandbox even if it was gone on with.")
def command(settings: Settings, *, folder: str | None, yes: bool) -> None:
    """Walk a city's portfolio through its whole life.

    Makes the sandbox lifecycle-demo.db in DIR (else here, else where --db says), takes over
    Toronto's agreements and leads new ones from proposal to a second term, by the commands that
    you would type. The sandbox stays, to go on with. Run again, it begins anew.
    """
    if settings.as_name or settings.today or settings.program:
        message = "the demo has its own people, days and program."
        raise click.UsageError(message)
    if settings.db and folder:
        message = "give DIR or --db, but not both."
        raise click.UsageError(message)
    from cli.runs.demo import run_demo

    run_demo(settings, folder, yes=yes)
