"""What `lifecycle db check` does: prints what the store finds when it looks a database over."""

from cli.database import place
from cli.output.checks import tell
from cli.settings import Reading, Settings
from lifecycle.errors import StoreError
from store.checks import checks
from store.database import Database
from store.version import check_version


def check_database(settings: Settings, reading: Reading) -> int:
    """Check the database; returns the exit code. One that is missing or foreign raises."""
    where = place(settings)
    try:
        database = Database(where.url)
        try:
            check_version(database)
        finally:
            database.close()
    except StoreError as error:
        raise where.explained(error) from error
    return tell(settings, reading, list(checks(where.url, where.program)))
