"""Looks a database over: there, whole, of this release, held append-only, and yours alone.

`check` is what one look returns, and `overview` their order. `any_database` asks what holds on
every kind of database, and `log` replays it; `sqlite` asks SQLite, `files` the file and its folder,
`mounts` what they lie on. Nothing here writes, whatever it finds (`looking` opens databases so),
and no look ends the others.
"""

from store.checks.check import Check
from store.checks.log import MOST_FINDINGS
from store.checks.overview import checks

__all__ = ["MOST_FINDINGS", "Check", "checks"]
