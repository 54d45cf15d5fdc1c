"""What `lifecycle log seal` does: signs a checkpoint that covers every line."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cli.clock import going_on
from cli.keys import signer
from cli.output.sealing import seal_shape, sealed_text
from cli.output.shapes import json_text
from cli.output.streams import on_terminal, out, out_data
from cli.session import opened
from cli.settings import Settings
from lifecycle.sealing.seal import CHUNK, Sealed, seal


def seal_log(settings: Settings, given: Path | None, *, dry_run: bool) -> int:
    """Seal what is new; returns the exit code."""
    with opened(settings) as session:
        with session.store.reading() as reader:
            waiting, last = reader.unsealed_count(), reader.last_seal()
        key = signer(session, given)
        if dry_run:
            sealed = Sealed(last, waiting)
        else:
            with _progress(settings, waiting) as observe:
                sealed = seal(session.store, key, going_on(session.now), observe)
        if settings.json:
            out_data(json_text(seal_shape(sealed, key.public, dry_run=dry_run)))
        else:
            out(sealed_text(sealed, session.time_zone, dry_run=dry_run))
    return 0


@contextmanager
def _progress(settings: Settings, waiting: int) -> Iterator[Callable[[int], None]]:
    """Show people how far it is, where it is long."""
    if settings.json or waiting < CHUNK or not on_terminal(sys.stderr):
        yield lambda _lines: None
        return
    with click.progressbar(length=waiting, label="Sealing", file=sys.stderr) as bar:
        yield bar.update
