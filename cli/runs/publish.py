"""What `lifecycle publish` does: makes the site and writes it, or says how the folder differs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.output.publishing import (
    check_shape,
    check_text,
    noted_shape,
    noted_text,
    written_shape,
    written_text,
)
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.publishing.checking import check
from cli.publishing.making import Making, making
from cli.publishing.noting import base_of, publications
from cli.publishing.place import target_of
from cli.publishing.writing import publish
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.order import Receipt
from lifecycle.publishing.recording import note_publications

FINDINGS = REFUSED = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the folder, for whom, and the address that it is noted under."""

    folder: str
    audience: str
    url: str | None = None


def publish_site(settings: Settings, writing: Writing, asked: Asked) -> int:
    """Write the site, say what became of its files and note it; returns the exit code.

    It is noted once it stands, so that nothing is on record that was never written. Who is stopped
    in between repeats the command: the site is as it should be by then, and is noted.
    """
    base = base_of(asked.url) if asked.url else None
    with opened(settings) as session:
        with _making(session, asked) as (target, site):
            written = publish(target, site.pieces(), site.manifest, dry_run=writing.dry_run)
        noted = _noted(session, writing, base, site) if base else None
    if settings.json:
        shape = written_shape(target, site.manifest, written, dry_run=writing.dry_run)
        out_data(json_text(shape | noted_shape(noted, dry_run=writing.dry_run)))
    else:
        out(written_text(target, written, dry_run=writing.dry_run))
        out(
            noted_text(base or "", noted or (), dry_run=writing.dry_run)
            if noted is not None
            else ""
        )
    return REFUSED if any(receipt.refused for receipt in noted or ()) else 0


def _noted(session: Session, writing: Writing, base: str, site: Making) -> Sequence[Receipt]:
    order, noted = session.order(writing), list(publications(base, site.shown))
    return session.carry_out(writing, lambda unit: note_publications(unit, order, noted))


def check_site(settings: Settings, asked: Asked) -> int:
    """Say how the folder differs from what would be made now; returns the exit code."""
    with opened(settings) as session, _making(session, asked) as (target, site):
        checked = check(target, site.pieces(), site.manifest)
    if settings.json:
        out_data(json_text(check_shape(target, checked)))
    else:
        out(check_text(target, checked))
    return 0 if checked.clean else FINDINGS


@contextmanager
def _making(session: Session, asked: Asked) -> Iterator[tuple[Path, Making]]:
    file = session.store.database.path
    target = target_of(asked.folder, Path(file) if file else None)
    with session.store.reading() as reader:
        yield target, making(reader, session.today, asked.audience)
