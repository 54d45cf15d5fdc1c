"""`lifecycle doctor`: whether everything that the program needs is in order."""

from cli import options
from cli.settings import Reading, Settings


@options.command("doctor")
@options.reading
def command(settings: Settings, *, reading: Reading) -> int:
    """Check that everything the program needs is in order.

    Looks at the machine, at where the database is, and at the database. The exit code is 1 where
    something is not in order.
    """
    from cli.runs.doctor import examine

    return examine(settings, reading)
