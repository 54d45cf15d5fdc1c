"""What `lifecycle publish` does: makes the site and writes it, or says how the folder differs."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from cli.output.publishing import (
    check_shape,
    check_text,
    noted_shape,
    noted_text,
    written_shape,
    written_text,
)
from cli.output.shapes import json_text
from cli.output.streams import on_terminal, out, out_data
from cli.output.words import plural
from cli.publishing.checking import check
from cli.publishing.checkpoint import still_holds
from cli.publishing.comparing import Piece
from cli.publishing.making import Making, making
from cli.publishing.manifest import Manifest
from cli.publishing.noting import base_of, publications
from cli.publishing.place import owned, refused, target_of
from cli.publishing.writing import publish
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.order import Receipt
from lifecycle.publishing.recording import note_publications

FINDINGS = REFUSED = 1
_LONG = 5_000
"""From so many lines of the log on people are shown how far it is."""


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
            _insist_on_the_log(site, owned(target, site.manifest), target)
            with _shown(settings, site) as pieces:
                written = publish(target, pieces, site.manifest, dry_run=writing.dry_run)
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
        with _shown(settings, site) as pieces:
            checked = check(target, pieces, site.manifest)
        checked.cut_off = not still_holds(site.reader, checked.then.log)
    if settings.json:
        out_data(json_text(check_shape(target, checked)))
    else:
        out(check_text(target, checked))
    return 0 if checked.clean else FINDINGS


def _insist_on_the_log(site: Making, then: Manifest | None, target: Path) -> None:
    """Raise InvalidInputError rather than write over a checkpoint that this log can't show."""
    if then is not None and not still_holds(site.reader, then.log):
        why = (
            f"its checkpoint of {plural(then.log.sealed, 'line')} is none of this log's, which was"
            " changed or cut off since, or restored from an older copy"
        )
        hint = (
            "keep its checkpoint.txt, lifecycle log verify --checkpoint says more; then publish"
            " into another folder"
        )
        raise refused(target, why, hint)


@contextmanager
def _shown(settings: Settings, site: Making) -> Iterator[Iterable[Piece]]:
    """Show people how far it is, where it is long."""
    if settings.json or site.manifest.log.entries < _LONG or not on_terminal(sys.stderr):
        yield site.pieces()
        return
    with click.progressbar(
        site.pieces(), label="Making the site", show_pos=True, file=sys.stderr
    ) as bar:
        yield bar


@contextmanager
def _making(session: Session, asked: Asked) -> Iterator[tuple[Path, Making]]:
    file = session.store.database.path
    target = target_of(asked.folder, Path(file) if file else None)
    with session.store.reading() as reader:
        yield target, making(reader, session.order(), asked.audience)
