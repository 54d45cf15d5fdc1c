"""What verifying a log found, as people read it and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from cli.output.sealing import local
from cli.output.shapes import Shape, finding_shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.output.words import plural
from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.verifying.integrity import Integrity

_COLUMNS = (
    Column("STREAM"),
    Column("N", right=True),
    Column("CODE"),
    Column("WHAT IS WRONG", flexible=True),
)

_UNSIGNED = {"signature.wrong", "signer.wrong", "checkpoint.unreadable"}


@dataclass(frozen=True, slots=True)
class Verified:
    """One verification: what was asked, and what came of it; `more` findings are not told.

    `key` is the log's present one, as it says itself; `kept` are the checkpoints brought along.
    """

    code: str
    zone: str
    integrity: Integrity
    findings: tuple[Finding, ...]
    more: int = 0
    replayed: bool = True
    kept: tuple[str, ...] = ()
    key: PublicKey | None = None


def verified_shape(verified: Verified) -> Shape:
    """Return what was found; `sealed` is how many of the entries the newest checkpoint covers."""
    integrity = verified.integrity
    newest = integrity.newest.signed.checkpoint if integrity.newest else None
    return {
        "ok": not verified.findings,
        "entries": integrity.entries,
        "sealed": newest.size if newest else 0,
        "root": newest.root.hex() if newest else None,
        "sealed_at": newest.sealed_at if newest else None,
        "anchored": integrity.anchored,
        "replayed": verified.replayed,
        "findings": [finding_shape(one) for one in verified.findings],
        "more": verified.more,
    }


def verified_text(verified: Verified) -> str:
    """Return what was found as people read it."""
    return "".join(_parts(verified))


def _parts(verified: Verified) -> Iterator[str]:
    integrity, wide = verified.integrity, width()
    newest = integrity.newest.signed.checkpoint if integrity.newest else None
    waiting = f", {plural(integrity.waiting, 'line')} not sealed yet" if integrity.waiting else ""
    head = f"{verified.code}: {plural(integrity.entries, 'line')}{waiting}."
    yield paragraphs(head, wide) + "\n"
    if newest is not None:
        zone = f" {verified.zone}" if verified.zone == "UTC" else ""
        when = f" of {local(newest.sealed_at, verified.zone)}{zone}" if newest.sealed_at else ""
        covers = f"The newest checkpoint{when} covers {plural(newest.size, 'line')}."
        yield f"{paragraphs(covers, wide)}\nRoot {newest.root.hex()}\n"
    yield "\n"
    if verified.findings:
        yield from _wrong(verified)
    else:
        yield style(f"{paragraphs(_well(verified), wide)}\n", fg="green")
    yield f"{paragraphs(_trusted(verified), wide)}\n"


def _wrong(verified: Verified) -> Iterator[str]:
    count = len(verified.findings) + verified.more
    yield style(f"{plural(count, 'finding')}:", fg="red", bold=True) + "\n"
    rows = [(one.stream, one.n, one.code, one.message) for one in verified.findings]
    yield table(_COLUMNS, rows)
    if verified.more:
        yield f"... and {verified.more:,} more\n"
    yield "\n"


def _well(verified: Verified) -> str:
    said = "Nothing was found: no line was changed, moved or left out"
    since = f", and none cut off, since {' and '.join(verified.kept)}" if verified.kept else ""
    if verified.replayed:
        replayed = (
            "replaying the log gives exactly the current rows, and each guard's result is what the"
            " rules then in force give"
        )
        return f"{said}{since}; {replayed}."
    return f"{said}{since}. Nothing was replayed: that takes the database, and no --seals-only."


def _trusted(verified: Verified) -> str:
    if verified.integrity.newest is None:
        return (
            "Nothing is sealed: who can write to the database can change the log and its rows"
            " alike, and nobody could tell. lifecycle log key create makes a key, and seals."
        )
    if verified.integrity.anchored and _UNSIGNED & {one.code for one in verified.findings}:
        return "Not every signature is one of the key that you brought, or of one that it named."
    if verified.integrity.anchored:
        return "The signatures are those of the key that you brought."
    return (
        "Not anchored: the key was taken from the log itself, and who can change the log can change"
        " that too. Bring the key that you were given (--key FILE) and a checkpoint that you kept"
        " (--checkpoint FILE)."
    )
