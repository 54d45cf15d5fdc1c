"""Backups that were made or restored, as people read them and as JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cli.output.shapes import receipt_shape
from cli.output.streams import style, width
from cli.output.text import one_line, paragraphs
from store.backup import Backup, Contents

if TYPE_CHECKING:
    from store.restoring import Restored

_KILOBYTE = 1024
_MEGABYTE = 1024 * 1024
_MOST_TOLD = 10


def backup_shape(made: Backup, database: str) -> dict[str, Any]:
    """Return a backup as JSON."""
    return {
        "file": made.file,
        "size": made.size,
        "sha256": made.sha256,
        "database": database,
        **_contents(made.contents),
        "verified": list(made.verified),
        "ok": not made.contents.findings,
        "findings": list(made.contents.findings),
    }


def backup_text(made: Backup, database: str) -> str:
    """Return a backup as people read it."""
    return "".join(_backup(made, database))


def restored_shape(done: "Restored", database: str, *, dry_run: bool) -> dict[str, Any]:
    """Return what was restored as JSON, with each program's receipt."""
    return {
        "file": str(done.source.path),
        "sha256": done.source.sha256,
        "database": database,
        **_contents(done.contents),
        "upgraded": done.upgraded,
        "held": done.held,
        "findings": list(done.source.findings),
        "receipts": [receipt_shape(receipt, dry_run=dry_run) for receipt in done.receipts],
        "dry_run": dry_run,
    }


def restored_text(done: "Restored", database: str, *, dry_run: bool, on_server: bool) -> str:
    """Return what was restored as people read it, and what to do next."""
    return "".join(_restored(done, database, dry_run=dry_run, on_server=on_server))


def _contents(held: Contents) -> dict[str, Any]:
    return {
        "schema": held.schema,
        "programs": [
            {
                "code": one.code,
                "sandbox": one.sandbox,
                "entries": one.entries,
                "n": one.n,
                "head": one.head,
                "newest": one.newest,
            }
            for one in held.programs
        ],
        "entries": held.entries,
        "newest": held.newest,
    }


def _backup(made: Backup, database: str) -> Iterator[str]:
    head = f"{database} was backed up into {made.file} ({_size(made.size)})."
    yield _paragraph(head)
    yield _paragraph(_holding(made.contents))
    yield f"SHA-256 {made.sha256}\n"
    for how in made.verified:
        yield _paragraph(f"Verified: {how}.")
    if made.contents.findings:
        yield style("The database is not in order; the backup holds it as it is:\n", fg="red")
        yield from _findings(made.contents.findings)
        yield "lifecycle db check says more. Keep the backups that were made before.\n"


def _restored(done: "Restored", database: str, *, dry_run: bool, on_server: bool) -> Iterator[str]:
    if dry_run:
        yield style("Dry run: this is what would be; nothing was stored.\n", fg="cyan")
    yield _paragraph(f"{done.source.path} was restored as {database}.")
    yield _paragraph(_holding(done.contents))
    if done.upgraded:
        yield _paragraph(f"It was upgraded from the form {done.contents.schema} to this release's.")
    if done.source.findings:
        yield style("It does not agree with its own log, and was restored as it is:\n", fg="red")
        yield from _findings(done.source.findings)
    for receipt in done.receipts:
        yield _paragraph(f"{receipt.ref}: line {receipt.n} of its log says so.")
    yield _paragraph(
        "What was recorded after the newest line is not in it: enter it again. Roles are those of"
        " that day: lifecycle role list"
    )
    yield _paragraph(
        "Whoever kept a checkpoint of a later day finds that lines are gone: tell auditors which"
        " line says why, and keep the checkpoints of what was lost."
    )
    if done.held:
        yield _paragraph(f"{done.held} notices are held and not sent: lifecycle notices list")
    if on_server:
        yield _paragraph("Who may do what in it: lifecycle db grants | psql DATABASE")


def _holding(held: Contents) -> str:
    told = held.programs[:_MOST_TOLD]
    codes = ", ".join(f"{one.code}{' (a sandbox)' if one.sandbox else ''}" for one in told)
    if more := len(held.programs) - len(told):
        codes += f" and {more:,} more"
    newest = f"; the newest line is of {_moment(held.newest)}" if held.newest else ""
    return f"It holds {codes or 'no program'}: {held.entries} lines of the log{newest}."


def _moment(recorded_at: str) -> str:
    """Return an instant of a line to the second."""
    return f"{recorded_at[:10]} {recorded_at[11:19]} UTC"


def _findings(findings: "list[str] | tuple[str, ...]") -> Iterator[str]:
    for finding in findings[:_MOST_TOLD]:
        yield paragraphs(one_line(finding), width(), first="  - ", rest="    ") + "\n"
    if len(findings) > _MOST_TOLD:
        yield f"  and {len(findings) - _MOST_TOLD} more\n"


def _paragraph(text: str) -> str:
    return paragraphs(one_line(text), width()) + "\n"


def _size(size: int) -> str:
    if size < _MEGABYTE:
        return f"{-(-size // _KILOBYTE)} kB"
    return f"{size / _MEGABYTE:.1f} MB"
