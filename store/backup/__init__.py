"""Backups: one file that holds a whole database of one moment, and the way back from it.

`making` makes one and `store.restoring` goes back; what differs between the databases stands in
`from_sqlite` and `into_sqlite`, `from_postgresql` and `into_postgresql`. `contents` says what a
database holds and whether its log is whole; `drafts` lets a file appear whole or not at all;
`tools` runs PostgreSQL's own programs, and `copied` reads the rows in what they write.

A backup of SQLite is an SQLite database; one of PostgreSQL is an archive of pg_dump. Nothing here
knows when backups are due, where they are kept, or which of them may go.
"""

from store.backup.contents import Contents, ProgramContents
from store.backup.making import Backup, back_up

__all__ = ["Backup", "Contents", "ProgramContents", "back_up"]
