"""`lifecycle log show`: entries of the log, for people or as the exact lines."""

from datetime import date
from typing import Any

import click

from cli import options
from cli.params import COUNT, DAY, TEXT
from cli.settings import Reading, Settings


@options.command("show")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@click.option("--all", "everything", is_flag=True, help="All agreements and the program itself.")
@click.option("--actor", "actors", type=TEXT, multiple=True, metavar="NAME", help="Who acted.")
@click.option(
    "--trigger", "triggers", type=TEXT, multiple=True, metavar="TRIGGER", help="The step tried."
)
@click.option(
    "--state",
    "states",
    type=TEXT,
    multiple=True,
    metavar="STATE",
    help="What led into it or out of it, and what was written in it.",
)
@click.option(
    "--event", "events", type=TEXT, multiple=True, metavar="EVENT", help="What the entry reports."
)
@click.option("--outcome", type=click.Choice(("ok", "refused")), help="How the attempt ended.")
@click.option("--refused", is_flag=True, help="Refused attempts: --outcome refused.")
@click.option("--waivers", is_flag=True, help="Waivers, and steps that were taken on one.")
@click.option("--since", type=DAY, metavar="DATE", help="Recorded on this day or later.")
@click.option("--until", type=DAY, metavar="DATE", help="Recorded on this day or before.")
@click.option("--sample", type=COUNT, metavar="N", help="N of these entries, drawn by --seed.")
@click.option("--seed", type=TEXT, metavar="TEXT", help="What the sample is drawn by.")
@click.option("--with-text", is_flag=True, help="With the texts that stand beside the entries.")
@options.reading
def command(
    settings: Settings,
    *,
    ref: str | None,
    everything: bool,
    with_text: bool,
    reading: Reading,
    since: date | None,
    until: date | None,
    **asked: Any,  # noqa: ANN401 - the words that narrow it down
) -> None:
    r"""Show entries: an agreement's, the program's, or all.

    REF is an agreement, or the program's code; without it, the program's own entries: policies,
    roles and runs. --actor, --trigger, --state and --event may be repeated; different filters
    narrow down together. Days are those on which entries were recorded, in the program's time zone.

    With --json, JSON Lines: each line of the log exactly as it was written. With --with-text as
    well, each is {line, leaf, sealed_at, texts}: its place in the sealed tree, when the first seal
    was set over it (null while none is), and what stands beside it.

    A sample can be drawn again by anybody who has the same lines: it takes the N lines whose
    SHA-256 over the seed, a line feed and the line's exact bytes comes first.

    \b
      lifecycle log TOR-2026-003 --refused
      lifecycle log --all --waivers --since 2026-01-01
      lifecycle log --all --event transitioned --sample 25 --seed audit-2026
    """
    if ref is not None and everything:
        message = "--all is every stream there is; leave REF out, or --all."
        raise click.UsageError(message)
    if (asked["sample"] is None) is not (asked["seed"] is None):
        message = (
            "--sample N and --seed TEXT belong together: the seed is what lets somebody else draw"
            " the same entries."
        )
        raise click.UsageError(message)
    if asked["refused"] and asked["outcome"] == "ok":
        message = "--refused and --outcome ok exclude each other."
        raise click.UsageError(message)
    if since is not None and until is not None and since > until:
        message = f"--since {since} lies after --until {until}; no day is both."
        raise click.UsageError(message)
    from cli.runs.log_show import Asked, show_log

    wanted = Asked(
        **{**asked, "since": since or date.min, "until": until or date.max},
        ref=ref,
        everything=everything,
        with_text=with_text,
    )
    show_log(settings, reading, wanted)
