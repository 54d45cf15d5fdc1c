"""What `lifecycle publish` does: makes the site and writes it, or says how the folder differs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.output.publishing import check_shape, check_text, written_shape, written_text
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.publishing.checking import check
from cli.publishing.making import Making
from cli.publishing.place import target_of
from cli.publishing.writing import publish
from cli.session import Session, opened
from cli.settings import Settings

FINDINGS = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the folder, and for whom."""

    folder: str
    audience: str
    dry_run: bool = False


def publish_site(settings: Settings, asked: Asked) -> int:
    """Write the site and say what became of its files; returns the exit code."""
    with opened(settings) as session, _making(session, asked) as (target, making):
        manifest = making.manifest()
        written = publish(target, making.pieces(), manifest, dry_run=asked.dry_run)
    if settings.json:
        out_data(json_text(written_shape(target, manifest, written, dry_run=asked.dry_run)))
    else:
        out(written_text(target, written, dry_run=asked.dry_run))
    return 0


def check_site(settings: Settings, asked: Asked) -> int:
    """Say how the folder differs from what would be made now; returns the exit code."""
    with opened(settings) as session, _making(session, asked) as (target, making):
        checked = check(target, making.pieces(), making.manifest())
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
        yield target, Making.of(reader, session.today, asked.audience)
