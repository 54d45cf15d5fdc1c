"""The order in which a database is looked over: what it lies on, then whether it is ours, then it.

What is wrong with the place comes first, since it explains what follows.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from store.checks import any_database, files, sqlite
from store.checks.check import Check, good, looked
from store.checks.looking import onlooker
from store.database import Database
from store.version import check_version

DATABASE = "database"


def checks(
    url: str, code: str | None = None, *, deep: bool = True, now: datetime | None = None
) -> Iterator[Check]:
    """Yield the checks of a database, of one program or of all that it holds.

    `deep` reads every page and replays the log against the current rows; without, a
    large portfolio takes no time. The clock is judged where it is given.
    """
    yield from looked(DATABASE, lambda: _checks(url, code, now, deep=deep))


def _checks(url: str, code: str | None, now: datetime | None, *, deep: bool) -> Iterator[Check]:
    on_file = Database(url).path is not None
    with closing(onlooker(url)) as database:
        if on_file:
            yield from looked("file", lambda: files.checks(database, now))
        ready = list(looked(DATABASE, lambda: _of_this_release(database)))
        yield from ready
        if not all(check.ok for check in ready):
            return
        yield from sqlite.checks(database, deep=deep) if on_file else ()
        yield from any_database.checks(database, code, now, deep=deep)


def _of_this_release(database: Database) -> Iterator[Check]:
    check_version(database)
    yield good(DATABASE, f"{database.where} is of this release")
