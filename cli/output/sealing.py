"""Checkpoints, keys and what verifying found, as people read them and as JSON."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cli.output.shapes import Shape
from cli.output.streams import style
from cli.output.text import one_line
from cli.output.words import plural
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.ports import Seal
from lifecycle.sealing.seal import Sealed


def local(instant: str, zone: str) -> str:
    """Return an instant of a line or a checkpoint as it is said in the program.

    What is no instant is returned as it is: a checkpoint may say anything before it is verified.
    """
    try:
        return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return one_line(instant)


def seal_shape(sealed: Sealed, key: PublicKey, *, dry_run: bool) -> Shape:
    """Return what sealing came to."""
    return {
        "new": sealed.new,
        **checkpoint_shape(sealed.seal),
        "key": key.id.hex(),
        "dry_run": dry_run,
    }


def checkpoint_shape(seal: Seal | None) -> Shape:
    """Return a checkpoint; null where there is none."""
    return {
        "sealed": seal.size if seal else 0,
        "root": seal.root.hex() if seal else None,
        "sealed_at": seal.sealed_at if seal else None,
    }


def sealed_text(sealed: Sealed, zone: str, *, dry_run: bool) -> str:
    """Return what sealing came to as people read it."""
    if dry_run:
        note = style("Dry run: this is what would be; nothing was stored.", fg="cyan")
        return f"{note}\n{plural(sealed.new, 'line')} would be sealed.\n"
    if sealed.seal is None:
        return "There is nothing to seal.\n"
    covers = f"covers {plural(sealed.seal.size, 'line')}"
    if not sealed.new:
        when = local(sealed.seal.sealed_at, zone)
        return f"Nothing is new: the checkpoint of {when} {covers}.\n"
    return (
        f"Sealed {plural(sealed.new, 'line')}: the checkpoint {covers}.\n"
        "Keep it where nobody who runs the database can reach it:"
        " lifecycle log checkpoint -o FILE\n"
    )
